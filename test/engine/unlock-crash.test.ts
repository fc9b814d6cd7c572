/** Whoever dies and whenever, the policy that is replaced is still in the stack. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processesOf, signal, type Victim } from "./processes";
import { Stack } from "./stack";

const PAYMENTS = "111122223333";
const BUCKET = "payments-logs";

const statement = (Sid: string, Effect: string, Action: string) => ({
    Sid,
    Effect,
    Principal: "*",
    Action,
    Resource: `arn:aws:s3:::${BUCKET}`,
});
const policyOf = (...statements: object[]) =>
    JSON.stringify({ Version: "2012-10-17", Statement: statements }, null, 1);

const READ = statement("Listing", "Allow", "s3:ListBucket");
const FIRST = policyOf(statement("FirstLock", "Deny", "s3:*"), READ);
const SECOND = policyOf(READ, statement("SecondLock", "Deny", "*"));

describe("A run that dies while it unlocks a policy", function () {
    this.timeout(300_000);
    let stack: Stack;

    before(function () {
        if (process.platform !== "linux") this.skip(); // where else processes tell their environment is another matter
    });

    beforeEach(async () => {
        const buckets = [{ name: BUCKET, policy: FIRST }];
        stack = await Stack.over({ accounts: [{ id: PAYMENTS, name: "payments", buckets }] });
        const settings = { account: PAYMENTS, bucket: BUCKET, onDelete: "restore-policy" };
        for (const [key, value] of Object.entries(settings)) {
            const { exitCode, output } = await stack.pulumi(`config set --path unlock[0].${key} ${value}`);
            assert.equal(exitCode, 0, output);
        }
    });
    afterEach(() => stack?.close());

    const now = () => stack.organization.buckets.policyOf(BUCKET);

    /** Runs up, and kills once the action has been asked for so many times. */
    async function killedUp(
        victim: Victim,
        action: string,
        times: number,
        variables: NodeJS.ProcessEnv = {},
    ) {
        stack.simulator.requests.clear();
        stack.organization.latency.set(150);
        let ended = false;
        const running = stack.up("--skip-preview", variables).finally(() => (ended = true));
        while (stack.simulator.requests.of(action).length < times) {
            if (ended) assert.fail(`up ended before the moment came: ${(await running).output}`);
            await sleep(3);
        }
        assert.ok(signal(dirname(stack.project), victim, "SIGKILL") > 0, `there was no ${victim} to kill`);
        const run = await running;
        const deadline = Date.now() + 15_000;
        while (processesOf(dirname(stack.project)).length > 0 && Date.now() < deadline) await sleep(50);
        stack.organization.latency.set(0);
        assert.notEqual(run.exitCode, 0);
        const cancelled = await stack.pulumi("cancel --yes");
        assert.equal(cancelled.exitCode, 0, cancelled.output);
    }

    const exported = async () => (await stack.pulumi("stack export")).stdout;

    /** In the state of now, as it would be read by somebody who has nothing else. */
    async function assertKept(policy: string): Promise<void> {
        assert.ok((await exported()).includes(JSON.stringify(policy)), "the policy is in the state");
    }

    async function unlockedByTheNextUp(): Promise<void> {
        const up = await stack.up("--skip-preview");
        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(JSON.parse(now() ?? ""), JSON.parse(policyOf(READ)));
        const preview = await stack.preview("--expect-no-changes");
        assert.equal(preview.exitCode, 0, preview.output);
    }

    /** Nothing is put back that the stack does not remember to have replaced; the text is told once more. */
    async function leftByDestroy(policy: string): Promise<void> {
        const before = now();
        const destroy = await stack.pulumi("destroy --yes --skip-preview");
        assert.equal(destroy.exitCode, 0, destroy.output);
        assert.match(destroy.output, /is left as it is: this stack has stored no change of its own/);
        assert.ok(flat(destroy.output).includes(flat(`a policy that it had: ${policy}`)), destroy.output);
        assert.equal(now(), before);
    }

    async function putBackByDestroy(policy: string): Promise<void> {
        const destroy = await stack.pulumi("destroy --yes --skip-preview");
        assert.equal(destroy.exitCode, 0, destroy.output);
        assert.equal(now(), policy, "byte for byte");
    }

    for (const victim of ["cli", "provider"] as const) {
        it(`has saved the policy before it writes (first up, ${victim})`, async () => {
            // The backup's look is the first; the one before the write the second.
            await killedUp(victim, "GetBucketPolicy", 2);

            assert.equal(now(), FIRST);
            await assertKept(FIRST);
            await unlockedByTheNextUp();
            await putBackByDestroy(FIRST);
        });

        it(`has saved what it has replaced without remembering that it did (first up, ${victim})`, async () => {
            await killedUp(victim, "PutBucketPolicy", 1);

            assert.deepEqual(JSON.parse(now() ?? ""), JSON.parse(policyOf(READ)));
            await assertKept(FIRST);
            await unlockedByTheNextUp();
            await assertKept(FIRST);
            await leftByDestroy(FIRST);
        });

        it(`has saved what it has replaced without remembering that it did (a later up, ${victim})`, async () => {
            assert.equal((await stack.up("--skip-preview")).exitCode, 0);
            stack.organization.buckets.setPolicy(BUCKET, SECOND);

            await killedUp(victim, "PutBucketPolicy", 1);

            assert.deepEqual(JSON.parse(now() ?? ""), JSON.parse(policyOf(READ)));
            await assertKept(SECOND);
            await unlockedByTheNextUp();
            await assertKept(SECOND);
            await putBackByDestroy(FIRST); // which it does remember
        });
    }

    it("looks again where somebody has locked anew since the policy was saved", async () => {
        await killedUp("cli", "GetBucketPolicy", 2);
        stack.organization.buckets.setPolicy(BUCKET, SECOND);

        await unlockedByTheNextUp();

        await assertKept(FIRST);
        await putBackByDestroy(SECOND);
    });

    it("is not begun where Pulumi would keep the policy in memory only, unless the record keeps it", async () => {
        const skipping = { PULUMI_SKIP_CHECKPOINTS: "true" };
        const refused = await stack.up("--skip-preview", skipping);
        assert.notEqual(refused.exitCode, 0);
        assert.match(refused.output, /was not changed: PULUMI_SKIP_CHECKPOINTS is true/);
        assert.equal(now(), FIRST);

        const record = join(stack.project, "record.jsonl");
        await killedUp("cli", "PutBucketPolicy", 1, { ...skipping, ROOT_CREDENTIALS_RECORD_FILE: record });

        const lines = readFileSync(record, "utf8").trim().split("\n");
        const attempt = JSON.parse(lines[0] ?? "{}") as Record<string, string>;
        assert.deepEqual(
            { event: attempt.event, kind: attempt.kind, id: attempt.id, before: attempt.before },
            { event: "attempt", kind: "bucketPolicy", id: `arn:aws:s3:::${BUCKET}`, before: FIRST },
        );
    });
});

function flat(text: string): string {
    return text.replaceAll(/\s+/g, " ");
}
