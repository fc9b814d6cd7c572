/** Runs of the delegated administrator, which is a member account itself. Whether AWS lets it into its own is not known. */
import assert from "node:assert/strict";
import { Stack } from "./stack";

const SECURITY = "100000000001";
const root = { password: {}, accessKeys: [{}] };
const SEED = {
    accounts: [
        { id: SECURITY, name: "security", unit: "Security", root },
        { id: "100000000002", name: "payments", unit: "Workloads", root },
        { id: "100000000003", name: "storefront", unit: "Workloads", root },
    ],
    delegatedAdministrators: [SECURITY],
};

describe("As the delegated administrator", function () {
    this.timeout(120_000);
    let stack: Stack;

    beforeEach(async () => {
        stack = await Stack.over(SEED);
    });
    afterEach(() => stack?.close());

    const asDelegate = () => stack.simulator.environment("delegate");

    it("the organization is converged but for the caller's own account, which another stack takes over", async () => {
        const up = await stack.up("--skip-preview --continue-on-error", asDelegate());
        assert.equal(up.exitCode, 1, up.output);
        assert.match(
            up.output,
            /the account is the caller's own.*\(the setting exclude\).*as the management account/,
        );

        await stack.pulumi(`config set --path exclude[0].account ${SECURITY}`);
        const without = await stack.up("--skip-preview", asDelegate());
        const preview = await stack.preview("--expect-no-changes", asDelegate());

        assert.equal(without.exitCode, 0, without.output);
        assert.equal(preview.exitCode, 0, preview.output);
        assert.match(preview.output, /2 of 2 accounts inspected: 2 clean; 1 out of scope/);
        assert.deepEqual(stack.left(), [
            `${SECURITY} password password`,
            `${SECURITY} accessKey ${keyOf(SECURITY)}`,
        ]);

        await stack.pulumi("stack init management");
        await stack.pulumi(`config set --path include[0].account ${SECURITY}`);
        const rest = await stack.up("--skip-preview");

        assert.equal(rest.exitCode, 0, rest.output);
        assert.deepEqual(stack.left(), []);
    });

    it("the caller's own account is converged like any other where AWS lets it in", async () => {
        stack.organization.delegateMayAssumeItself = true;

        const up = await stack.up("--skip-preview", asDelegate());

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), []);
    });

    function keyOf(accountId: string): string {
        return stack.organization.account(accountId).root.accessKeys[0]?.id ?? "";
    }
});
