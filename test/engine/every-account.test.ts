/** Plain `pulumi up`, with nothing in the environment but credentials: one account that fails does not stop the others. */
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { accessDenied, type AccountSeed } from "../simulator";
import { processesOf, signal } from "./processes";
import { Stack, type Run } from "./stack";

const id = (n: number) => String(100_000_000_000 + n);
const [BLOCKED, USED, PARTLY, LEAVING, RETRIED] = [id(0), id(7), id(13), id(5), id(11)] as const;
const ACCOUNTS = 24;
const SCP = { name: "deny-root", policyId: "p-abcd1234", actions: ["*"], appliesTo: "root" as const };
const YESTERDAY = new Date(Date.now() - 24 * 60 * 60 * 1000).toISOString();

/** More accounts than the engine has in flight, most with a password. */
function organization(special: Record<string, Partial<AccountSeed>> = {}): AccountSeed[] {
    return Array.from({ length: ACCOUNTS }, (_, n) => ({
        id: id(n),
        name: `account-${n}`,
        root: { password: {} },
        ...special[id(n)],
    }));
}

describe("A plain up of accounts of which some fail", function () {
    this.timeout(240_000);
    let stack: Stack;

    before(async () => {
        stack = await Stack.over({
            accounts: organization({
                [BLOCKED]: { scps: [SCP] },
                [USED]: { root: { accessKeys: [{ lastUsed: YESTERDAY }] } },
                [PARTLY]: { root: { password: {}, accessKeys: [{}] } },
            }),
        });
        await stack.pulumi("config set refuseIfUsedWithinDays 30");
        stack.organization.failAlways("DeleteAccessKey", accessDenied(), { accountId: PARTLY });
    });
    after(() => stack?.close());

    it("creates all, cleans every other account, fails, and ends with those that are not as declared", async () => {
        const up = await stack.up("--skip-preview");

        assert.notEqual(up.exitCode, 0, up.output);
        assert.deepEqual(
            stack.left().map((left) => left.replace(/ \S+$/, "")),
            [`${BLOCKED} password`, `${USED} accessKey`, `${PARTLY} accessKey`],
        );
        const block = endOf(up);
        assert.match(block, /error: 3 accounts are not as declared:/);
        assert.match(
            block,
            /100000000000 account-0: iam:GetAccountSummary was refused .*blocked by SCP p-abcd1234\. .*AWS said: AccessDenied/,
        );
        assert.match(
            block,
            /100000000007 account-7: access key AKIA\w+ of account 100000000007 is kept: last used .*refuseIfUsedWithinDays is 30/,
        );
        assert.match(block, /100000000013 account-13: iam:DeleteAccessKey was refused/);
        assert.doesNotMatch(block, /left the program/);
        assert.match(
            up.output,
            /100000000000 created .*warning: 100000000000 account-0 is not as declared: blocked by SCP p-abcd1234 \(iam:GetAccountSummary\)/,
        );
        withoutStackTrace(up);
    });

    it("stores what it saw of each account that failed", async () => {
        const { outputs } = (await stack.resources()).get(BLOCKED) ?? {};
        assert.equal(outputs?.loginProfile, "unknown");
        const left = stack.left().flatMap((each) => (each.startsWith(PARTLY) ? [each.split(" ")[2]] : []));
        assert.deepEqual((await stack.resources()).get(PARTLY)?.outputs.accessKeys, left);
        assert.equal((await stack.resources()).size, ACCOUNTS);
    });

    it("has the stack's outputs all the same, which sibling stacks rely on", async () => {
        const { stdout } = await stack.pulumi("stack output accountsInScope");

        assert.equal(stdout.trim(), String(ACCOUNTS));
    });

    it("leaves drift that the next preview shows and the next up tries again", async () => {
        const preview = await stack.preview("--expect-no-changes");
        const again = await stack.up("--skip-preview");

        assert.equal(preview.exitCode, 7, preview.output);
        assert.match(preview.output, /23 of 24 accounts inspected: 2 drifted, 1 unreadable, 21 clean; /);
        assert.notEqual(again.exitCode, 0, again.output);
        assert.match(endOf(again), /error: 3 accounts are not as declared:/);
    });

    it("counts only accounts that this run was told to change", async () => {
        stack.organization.setRootPassword(RETRIED);

        const up = await stack.up(`--skip-preview --target ${stack.urn(RETRIED)}`);
        const refused = await stack.up(`--skip-preview --target ${stack.urn(BLOCKED)}`);

        assert.equal(up.exitCode, 0, up.output);
        assert.ok(!stack.left().some((left) => left.startsWith(RETRIED)));
        assert.notEqual(refused.exitCode, 0, refused.output);
        assert.match(endOf(refused), /error: 1 account is not as declared:/);
    });

    for (const flag of ["", " --continue-on-error"]) {
        it(`updates every other account, and opens none that leaves in the same run${flag}`, async () => {
            for (let n = 0; n < ACCOUNTS; n++)
                if (id(n) !== LEAVING) stack.organization.setRootPassword(id(n));
            await stack.pulumi(`config set --path exclude[0].account ${LEAVING}`);

            const up = await stack.up(`--skip-preview${flag}`);

            assert.notEqual(up.exitCode, 0, up.output);
            const failed = new Set(stack.left().map((left) => left.slice(0, 12)));
            assert.deepEqual([...failed].sort(), [BLOCKED, USED, PARTLY]);
            assert.match(
                endOf(up),
                /1 account that left the program was not opened, because Pulumi deletes nothing in a run that fails:\n +100000000005 account-5: exclude\[0\]/,
            );
            assert.deepEqual(stack.simulator.requests.of("CreateLoginProfile"), []);
            assert.ok((await stack.resources()).has(LEAVING));
            withoutStackTrace(up);
        });
    }

    it("opens the account that leaves as the target of a run of its own", async () => {
        const up = await stack.up(`--skip-preview --target ${stack.urn(LEAVING)}`);

        assert.equal(up.exitCode, 0, up.output);
        assert.notEqual(stack.organization.account(LEAVING).root.password, undefined);
        assert.ok(!(await stack.resources()).has(LEAVING));
    });

    it("converges once nothing is in the way", async () => {
        stack.organization.detachScp(BLOCKED, SCP.policyId);
        stack.organization.clearFaults();
        await stack.pulumi("config set refuseIfUsedWithinDays off");

        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), [`${LEAVING} password password`]);
        assert.equal((await stack.preview("--expect-no-changes")).exitCode, 0);
    });

    it("stops at a record that cannot be kept, because that is no failure of one account", async () => {
        for (let n = 0; n < ACCOUNTS; n++) if (id(n) !== LEAVING) stack.organization.setRootPassword(id(n));
        const file = "/dev/null/nowhere";

        const up = await stack.up("--skip-preview", { ROOT_CREDENTIALS_RECORD_FILE: file });

        assert.notEqual(up.exitCode, 0, up.output);
        assert.match(up.output, /the record of writes cannot be kept/);
        assert.equal(stack.left().length, ACCOUNTS);
    });
});

describe("A plain up under throttling, with an account that is blocked", function () {
    this.timeout(240_000);

    it("cleans every other account and names the blocked one", async () => {
        const limits = { AssumeRoot: { perSecond: 10, burst: 2 } };
        const stack = await Stack.over(
            { accounts: organization({ [BLOCKED]: { scps: [SCP] } }) },
            { limits },
        );
        try {
            const up = await stack.up("--skip-preview");

            assert.notEqual(up.exitCode, 0, up.output);
            assert.deepEqual(stack.left(), [`${BLOCKED} password password`]);
            assert.match(endOf(up), /error: 1 account is not as declared:\n +100000000000 account-0: /);
            const throttled = stack.simulator.requests
                .of("AssumeRoot")
                .filter(({ errorCode }) => errorCode === "Throttling");
            assert.ok(throttled.length > 0, "the limit was met");
        } finally {
            await stack.close();
        }
    });
});

describe("A plain up whose program is killed after an account was blocked", function () {
    this.timeout(240_000);

    it("fails, and the next run tries all accounts again", async function () {
        if (process.platform !== "linux") this.skip(); // where else processes tell their environment is another matter
        const stack = await Stack.over({ accounts: organization({ [BLOCKED]: { scps: [SCP] } }) });
        try {
            stack.organization.latency.set(60);
            let ended = false;
            const running = stack.up("--skip-preview").finally(() => (ended = true));
            while (stack.simulator.requests.of("DeleteLoginProfile").length < 6) {
                if (ended) assert.fail(`up ended before it was killed: ${(await running).output}`);
                await sleep(5);
            }
            assert.ok(signal(dirname(stack.project), "program", "SIGKILL") > 0);
            const killed = await running;
            while (processesOf(dirname(stack.project)).length > 0) await sleep(50);
            stack.organization.latency.set(0);

            const next = await stack.up("--skip-preview");

            assert.notEqual(killed.exitCode, 0, killed.output);
            assert.notEqual(next.exitCode, 0, next.output);
            assert.deepEqual(stack.left(), [`${BLOCKED} password password`]);
            assert.match(endOf(next), /error: 1 account is not as declared:\n +100000000000 account-0: /);
            stack.organization.detachScp(BLOCKED, SCP.policyId);
            const last = await stack.up("--skip-preview");
            assert.equal(last.exitCode, 0, last.output);
            assert.deepEqual(stack.left(), []);
        } finally {
            await stack.close();
        }
    });
});

/** From the last error on. */
function endOf({ output }: Run): string {
    return output.slice(output.lastIndexOf("error: "));
}

function withoutStackTrace({ output }: Run): void {
    assert.doesNotMatch(output, /\n\s+at .+:\d+:\d+\)?\n|node_modules/);
}
