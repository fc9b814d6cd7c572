import assert from "node:assert/strict";
import { accessDenied } from "../simulator";
import { accountOf, Stack, totalsOf } from "./stack";

const BLOCKED = "100000000000";

describe("an account that cannot be looked at", function () {
    this.timeout(180_000);
    let stack: Stack;

    before(async () => {
        const accounts = Array.from({ length: 20 }, (_, n) => ({
            id: String(100_000_000_000 + n),
            name: `account-${n}`,
            root: { password: {} },
            ...(n === 0 && {
                scps: [
                    { name: "deny-root", policyId: "p-abcd1234", actions: ["*"], appliesTo: "root" as const },
                ],
            }),
        }));
        stack = await Stack.over({ accounts });
    });
    after(() => stack?.close());

    it("is named with the policy that blocks it, and is not counted as clean", async () => {
        const preview = await stack.preview("--expect-no-changes");

        assert.equal(preview.exitCode, 7, preview.output);
        assert.match(preview.output, /▲ 100000000000 account-0 +unreadable\n +blocked by SCP p-abcd1234/);
        assert.match(accountOf(preview, BLOCKED).unreadable?.detail ?? "", /p-abcd1234.*aws:AssumedRoot/);
        assert.partialDeepStrictEqual(totalsOf(preview), {
            clean: 0,
            drifted: 19,
            unreadable: 1,
            notInspected: 0,
        });
    });

    it("fails up for itself alone with --continue-on-error", async () => {
        const up = await stack.up("--continue-on-error --skip-preview");

        assert.equal(up.exitCode, 1, up.output);
        assert.match(
            up.output,
            /100000000000 account-0: iam:GetAccountSummary was refused in account 100000000000: blocked by SCP p-abcd1234/,
        );
        assert.deepEqual(stack.left(), [`${BLOCKED} password password`]);
    });

    it("is stored as unknown", async () => {
        const { outputs } = (await stack.resources()).get(BLOCKED) ?? {};

        assert.equal(outputs?.loginProfile, "unknown");
        assert.deepEqual(outputs?.accessKeys, ["unknown"]);
        assert.deepEqual(outputs?.signingCertificates, ["unknown"]);
        assert.deepEqual(outputs?.mfaDevices, ["unknown"]);
        assert.match(String(outputs?.auditError), /^blocked by SCP p-abcd1234 \(iam:GetAccountSummary\)$/);
    });

    it("stays drift in every preview until the block is lifted, and then converges", async () => {
        const blocked = await stack.preview("--expect-no-changes");
        assert.equal(blocked.exitCode, 7, blocked.output);
        assert.match(blocked.output, /- auditError *: "blocked by SCP p-abcd1234 \(iam:GetAccountSummary\)"/);
        assert.partialDeepStrictEqual(totalsOf(blocked), { clean: 19, drifted: 0, unreadable: 1 });

        stack.organization.detachScp(BLOCKED, "p-abcd1234");
        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), []);
        assert.equal((await stack.preview("--expect-no-changes")).exitCode, 0);
    });

    it("is recorded with exactly what remains when only some of it can be removed", async () => {
        const [id] = ["100000000007"];
        stack.organization.setRootPassword(id);
        const key = stack.organization.createRootAccessKey(id);
        stack.organization.failAlways("DeleteAccessKey", accessDenied(), { accountId: id });

        const up = await stack.up("--continue-on-error --skip-preview");

        assert.equal(up.exitCode, 1, up.output);
        assert.match(up.output, /iam:DeleteAccessKey was refused in account 100000000007/);
        assert.deepEqual(stack.left(), [`${id} accessKey ${key}`]);
        const { outputs } = (await stack.resources()).get(id) ?? {};
        assert.equal(outputs?.loginProfile, "absent");
        assert.deepEqual(outputs?.accessKeys, [key]);
        assert.deepEqual((outputs?.lastRemoval as { removed: string[] }).removed, ["password"]);
        assert.partialDeepStrictEqual(accountOf(up, id), {
            mark: "unreadable",
            credentials: [{ kind: "accessKey", id: key }],
            removed: { credentials: ["password"] },
        });

        stack.organization.clearFaults();
        const again = await stack.up("--skip-preview");

        assert.equal(again.exitCode, 0, again.output);
        assert.deepEqual(stack.left(), []);
    });
});
