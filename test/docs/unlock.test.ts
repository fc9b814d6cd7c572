/** Runs the commands of docs/unlock.md unchanged, checks their effects, and compares its output of a preview. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Stack } from "../engine/stack";
import { PROJECT_ROOT } from "../temporary-project";
import { blocks, inShell, WITHOUT_NPX } from "./shell";

const PAGE = readFileSync(join(PROJECT_ROOT, "docs", "unlock.md"), "utf8");
const PAYMENTS = "111122223333";
const REGION = "eu-west-1";

const statement = (
    Sid: string,
    action: string,
    Condition?: object,
    Resource = "arn:aws:s3:::payments-logs",
) => ({
    Sid,
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource,
    ...(Condition && { Condition }),
});
const TLS = statement("TlsOnly", "*", { Bool: { "aws:SecureTransport": "false" } });
const OLD_ENDPOINT = statement("OnlyThroughTheOldEndpoint", "*", {
    StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" },
});
const policyOf = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const sids = (policy = "{}") =>
    ((JSON.parse(policy) as { Statement?: { Sid: string }[] }).Statement ?? []).map(({ Sid }) => Sid);

/** The shell blocks under a heading. */
function commandsUnder(heading: string): string[] {
    const section = PAGE.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
    assert.ok(section, `no section "${heading}"`);
    return blocks(section, "sh");
}

const BUCKET_SECTION = "Unlocking a bucket";
const QUEUE_SECTION = "Unlocking a queue";
const LOCK_SECTION = "What counts as a lock";
const KEPT_SECTION = "What is kept, and putting it back";

describe("docs/unlock.md", function () {
    this.timeout(300_000);
    let stack: Stack;

    before(async () => {
        const policy = policyOf(TLS, statement("NobodyAtAll", "s3:*"));
        const buckets = [{ name: "payments-logs", region: REGION, policy }];
        const queues = [
            {
                name: "orders",
                region: REGION,
                policy: policyOf(statement("NobodyAtAll", "sqs:*", undefined, "*")),
            },
        ];
        stack = await Stack.over({ accounts: [{ id: PAYMENTS, name: "payments", buckets, queues }] });
        assert.equal((await stack.up("--skip-preview")).exitCode, 0);
    });
    after(() => stack?.close());

    const run = (heading: string, block: number) => {
        const commands = commandsUnder(heading)[block];
        assert.ok(commands, `${heading}, block ${block}`);
        return inShell(stack, WITHOUT_NPX + commands);
    };
    const bucket = () => stack.organization.buckets.policyOf("payments-logs");
    const lock = (policy: string) => stack.organization.buckets.setPolicy("payments-logs", policy);

    it("has only commands that a test runs", () => {
        const sections = [BUCKET_SECTION, QUEUE_SECTION, LOCK_SECTION, KEPT_SECTION].map(commandsUnder);
        assert.deepEqual(blocks(PAGE, "sh"), sections.flat());
        assert.deepEqual(
            sections.map(({ length }) => length),
            [3, 1, 2, 2],
        );
    });

    it("shows the output of a preview", async () => {
        const before = bucket();
        const printed = (await run(BUCKET_SECTION, 0)).replaceAll(/\s+/g, " ");

        const [, shown = ""] = /<!-- preview -->\n\n```text\n([\s\S]*?)```/.exec(PAGE) ?? [];
        const lines = shown.split(/\n(?! )/).map((line) => line.replaceAll(/\s+/g, " ").trim());
        assert.ok(lines.filter(Boolean).length >= 2);
        for (const line of lines) assert.ok(printed.includes(line), `not printed: ${line}\n${printed}`);
        assert.equal(bucket(), before);
    });

    it("unlocks the bucket", async () => {
        assert.match(await run(BUCKET_SECTION, 1), /removed statement "NobodyAtAll"/);
        assert.deepEqual(sids(bucket()), ["TlsOnly"]);
    });

    it("shows how to read the replaced policy", async () => {
        assert.match(await run(KEPT_SECTION, 0), /"savedPolicy": ".*NobodyAtAll/);
    });

    it("keeps a statement until somebody decides on it", async () => {
        lock(policyOf(TLS, OLD_ENDPOINT));
        const refused = await stack.up("--skip-preview");
        assert.notEqual(refused.exitCode, 0);
        assert.match(refused.output, /cannot tell whether statement "OnlyThroughTheOldEndpoint" locks/);
        assert.deepEqual(sids(bucket()), ["TlsOnly", "OnlyThroughTheOldEndpoint"]);

        await run(LOCK_SECTION, 0);

        assert.deepEqual(sids(bucket()), ["TlsOnly"]);
    });

    it("restores the old policy with onDelete: restore-policy", async () => {
        await run(KEPT_SECTION, 1);

        assert.equal(bucket(), policyOf(TLS, OLD_ENDPOINT));
    });

    it("deletes the whole policy with mode: delete, and restores nothing afterwards", async () => {
        await inShell(stack, WITHOUT_NPX + (commandsUnder(BUCKET_SECTION)[0] ?? ""));
        await inShell(stack, `${WITHOUT_NPX}npx pulumi config set --path 'unlock[0].remove[0]' X`);

        await run(LOCK_SECTION, 1);
        assert.equal(bucket(), undefined);

        await run(BUCKET_SECTION, 2);
        assert.equal(bucket(), undefined);
    });

    it("unlocks the queue", async () => {
        await run(QUEUE_SECTION, 0);

        assert.equal(stack.organization.queues.policyOf(PAYMENTS, REGION, "orders"), undefined);
    });
});
