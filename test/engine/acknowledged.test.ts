/** A blocked account that is acknowledged, on the real engine: neither a change nor clean, until it can be inspected or the time has come. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { serverError } from "../simulator";
import { credentialsOf, Stack } from "./stack";

const [BLOCKED, LOGS, LEAVING] = ["100000000001", "100000000002", "100000000003"] as const;
const SCP = { name: "deny-root", policyId: "p-abcd1234", actions: ["*"], appliesTo: "root" as const };

const inDays = (days: number) => new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString();

describe("An acknowledged account in the settings", function () {
    this.timeout(300_000);
    let stack: Stack;

    before(async () => {
        stack = await Stack.over({
            accounts: [
                { id: BLOCKED, name: "frozen", unit: "Legal", scps: [SCP], root: { password: {} } },
                { id: LOGS, name: "logs", root: { password: {} } },
                { id: LEAVING, name: "leaving" },
            ],
        });
        await declare({ account: BLOCKED, until: inDays(30), reason: "TICKET-7" });
    });
    after(() => stack?.close());

    const declare = async (entry: Record<string, string>) => {
        for (const [key, value] of Object.entries(entry)) {
            const { exitCode, output } = await stack.pulumi(
                `config set --path acknowledged[0].${key} ${value}`,
            );
            assert.equal(exitCode, 0, output);
        }
    };

    it("is created without a failure, as unknown, beside the others", async () => {
        const preview = await stack.preview();
        const up = await stack.up("--skip-preview");

        assert.match(preview.output, /100000000001 frozen +acknowledged\n/);
        assert.equal(up.exitCode, 0, up.output);
        assert.match(
            up.output,
            /account 100000000001 \(frozen\) could not be inspected: blocked by SCP p-abcd1234 .*This is acknowledged until .*TICKET-7/,
        );
        assert.deepEqual(stack.left(), [`${BLOCKED} password password`]);
        assert.equal((await stack.resources()).get(BLOCKED)?.outputs.loginProfile, "unknown");
    });

    it("is no change in the next preview, which inspects it, names it, and calls it not clean", async () => {
        let preview = await stack.preview("--expect-no-changes");
        const calls = await stack.callsDuring(
            async () => (preview = await stack.preview("--expect-no-changes")),
        );

        assert.equal(preview.exitCode, 0, preview.output);
        assert.equal(calls.get("AssumeRoot"), 3);
        assert.match(
            preview.output,
            /◇ 100000000001 frozen +acknowledged\n.*acknowledged until .*: TICKET-7\n.*blocked by SCP p-abcd1234 \(iam:GetAccountSummary\)/,
        );
        assert.match(preview.output, /2 of 3 accounts inspected: 1 acknowledged, 2 clean/);
        assert.doesNotMatch(preview.output, /RootCredentialsAbsent: \(/, "no row changes");
    });

    it("is no change if it is prolonged", async () => {
        await declare({ until: inDays(60) });

        assert.equal((await stack.preview("--expect-no-changes")).exitCode, 0);
    });

    it("is a change and unreadable if AWS fails: that is no cause of the account", async () => {
        stack.organization.failAlways("AssumeRoot", serverError(), { accountId: BLOCKED });
        try {
            const preview = await stack.preview("--expect-no-changes");

            assert.equal(preview.exitCode, 7, preview.output);
            assert.match(preview.output, /▲ 100000000001 frozen +unreadable\n/);
        } finally {
            stack.organization.clearFaults();
        }
    });

    it("does not hold back an account that leaves in the same run", async () => {
        await stack.pulumi(`config set --path exclude[0].account ${LEAVING}`);

        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.ok(stack.left().includes(`${LEAVING} password password`), "its recovery is allowed");
        assert.ok(!(await stack.resources()).has(LEAVING));
    });

    it("is drift once it can be inspected and holds a key, and up removes all", async () => {
        stack.organization.detachScp(BLOCKED, SCP.policyId);
        const key = stack.organization.createRootAccessKey(BLOCKED);

        const preview = await stack.preview("--expect-no-changes");
        const up = await stack.up("--skip-preview");

        assert.equal(preview.exitCode, 7, preview.output);
        assert.ok(credentialsOf(preview, BLOCKED).includes(`accessKey ${key}`), preview.output);
        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), [`${LEAVING} password password`]);
    });

    it("is to be taken out of the setting once it can be inspected", async () => {
        const preview = await stack.preview("--expect-no-changes");

        assert.equal(preview.exitCode, 0, preview.output);
        assert.match(
            preview.output,
            /warning: acknowledged account 100000000001 frozen can be inspected again\. Take it out of the setting acknowledged\./,
        );
        assert.match(preview.output, /2 of 2 accounts inspected: 2 clean/);
    });

    it("is refused in one sentence after its end", async () => {
        await declare({ until: inDays(-1) });

        const preview = await stack.preview();

        assert.notEqual(preview.exitCode, 0);
        assert.match(preview.output, /acknowledged\[0\]\.until is ".*": expected a time in the future/);
    });
});

describe("An acknowledged account in a program of one's own", function () {
    this.timeout(120_000);

    it("is a change again by itself once the acknowledgement has ended", async () => {
        const stack = await Stack.over({ accounts: [{ id: BLOCKED, name: "frozen", scps: [SCP] }] });
        try {
            const declare = (until: string) =>
                stack.program(`
                    const { RootCredentialsAbsent } = require("pulumi-aws-root-credentials");
                    new RootCredentialsAbsent("x", { accountId: "${BLOCKED}", acknowledged: { until: "${until}", reason: "TICKET-7" } });`);
            const end = Date.now() + 30_000;
            declare(new Date(end).toISOString());
            const up = await stack.up("--skip-preview");
            const unchanged = await stack.preview("--expect-no-changes");
            assert.ok(Date.now() < end, "the runs took too long to tell");
            await sleep(end - Date.now());

            const ended = await stack.preview("--expect-no-changes");

            assert.equal(up.exitCode, 0, up.output);
            assert.equal(unchanged.exitCode, 0, unchanged.output);
            assert.equal(ended.exitCode, 7, ended.output);
            assert.match(
                ended.output,
                /- auditError *: "blocked by SCP p-abcd1234 \(iam:GetAccountSummary\)"\n *~ loginProfile *: "unknown" => "absent"/,
            );
        } finally {
            await stack.close();
        }
    });
});
