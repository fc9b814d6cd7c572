/** The documented roles on the real engine, one after another on one stack, each with its policy and the SCP. */
import assert from "node:assert/strict";
import { Stack, type Run } from "../../engine/stack";
import { policyFile } from "./policy-file";

const SECURITY = "444455556666";
const PAYMENTS = "111122223333";
const SHOP = "222233334444";

const WITHOUT_PAYMENTS = `
    const { RootCredentialsAbsent } = require("pulumi-aws-root-credentials");
    for (const id of ["${SECURITY}", "${SHOP}"]) new RootCredentialsAbsent(id, { accountId: id });
`;

describe("docs/policies on the engine", function () {
    this.timeout(240_000);
    let stack: Stack;

    before(async () => {
        stack = await Stack.over({
            delegatedAdministrators: [SECURITY],
            accounts: [
                { id: PAYMENTS, name: "payments", root: { password: {} } },
                {
                    id: SHOP,
                    name: "shop",
                    unit: "Workloads/Prod",
                    root: { accessKeys: [{}], mfaDevices: [{}] },
                },
                { id: SECURITY, name: "security", unit: "Security" },
            ],
        });
        const { organization } = stack;
        // AWS's behaviour is unknown here. Otherwise the simulator would refuse the roles in their own account.
        organization.delegateMayAssumeItself = true;
        organization.attachScp(SECURITY, { name: "deny-others", document: policyFile("deny-others") });
        for (const [role, file] of Object.entries(FILES)) {
            organization.attachIdentityPolicy(arnOf(role), policyFile(file));
        }
    });
    after(() => stack?.close());

    /** Runs a command with the role. */
    function as(role: keyof typeof FILES, command: string): Promise<Run> {
        stack.simulator.requests.clear();
        return stack.pulumi(command, stack.simulator.environment(arnOf(role)));
    }

    /** Requests of the last command that AWS refused. */
    const refused = () =>
        [...stack.simulator.requests].filter(({ errorCode }) => errorCode?.startsWith("AccessDenied"));

    const passwordOf = (accountId: string) => stack.organization.account(accountId).root.password;

    it("RootCredentialsConverge removes the credentials of every account", async () => {
        const up = await as("RootCredentialsConverge", "up --yes --skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), []);
        assert.deepEqual(refused(), []);
    });

    it("RootCredentialsDrift finds new credentials and can change nothing", async () => {
        stack.organization.setRootPassword(SHOP);

        const preview = await as("RootCredentialsDrift", "preview --diff --expect-no-changes");

        assert.equal(preview.exitCode, 7, preview.output);
        assert.match(preview.output, /222233334444 .*shop/);
        assert.deepEqual(refused(), []);
        assert.ok(passwordOf(SHOP));
    });

    it("RootCredentialsConverge keeps a removed account in the stack, fails for it and finishes the others", async () => {
        stack.program(WITHOUT_PAYMENTS);

        const up = await as("RootCredentialsConverge", "up --yes --skip-preview --continue-on-error");

        assert.equal(up.exitCode, 1, up.output);
        assert.match(
            up.output,
            /sts:AssumeRoot was refused in account 111122223333: blocked on the caller's side by SCP/,
        );
        assert.deepEqual(stack.left(), []);
        assert.deepEqual([...(await stack.resources()).keys()].sort(), [PAYMENTS, SHOP, SECURITY]);
    });

    it("RootCredentialsRecovery opens the removed account and destroys the stack", async () => {
        const up = await as("RootCredentialsRecovery", "up --yes --skip-preview --continue-on-error");

        assert.equal(up.exitCode, 0, up.output);
        assert.ok(passwordOf(PAYMENTS), up.output);
        assert.equal(passwordOf(SHOP), undefined);
        assert.deepEqual(refused(), []);

        const destroy = await as("RootCredentialsRecovery", "destroy --yes --skip-preview");

        assert.equal(destroy.exitCode, 0, destroy.output);
        assert.ok(passwordOf(SHOP) && passwordOf(SECURITY));
        assert.deepEqual(refused(), []);
    });
});

const FILES = {
    RootCredentialsDrift: "drift",
    RootCredentialsConverge: "converge",
    RootCredentialsRecovery: "recovery",
};

function arnOf(role: string): string {
    return `arn:aws:iam::${SECURITY}:role/${role}`;
}
