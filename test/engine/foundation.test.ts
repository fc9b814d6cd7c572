import assert from "node:assert/strict";
import { AwsPlugin } from "./aws-plugin";
import { Stack, totalsOf } from "./stack";

const SECURITY = "100000000001";
const PAYMENTS = "100000000002";
const UNPREPARED = {
    accounts: [
        { id: SECURITY, name: "security" },
        {
            id: PAYMENTS,
            name: "payments",
            root: { password: {}, accessKeys: [{ id: "AKIAROOTKEY000000001" }] },
        },
    ],
    trustedAccess: false,
    features: { RootCredentialsManagement: false, RootSessions: false },
};
const FEATURES = "aws:iam/organizationsFeatures:OrganizationsFeatures";
const TRUSTED_ACCESS = "aws:organizations/awsServiceAccess:AwsServiceAccess";
const POLICY_GONE = [
    "delete aws:organizations/policyAttachment:PolicyAttachment",
    "delete aws:organizations/policy:Policy",
];

describe("The foundation, on the engine", function () {
    this.timeout(240_000);
    let stack: Stack;
    let aws: AwsPlugin;

    beforeEach(async () => {
        stack = await Stack.over(UNPREPARED);
        aws = await AwsPlugin.over(stack.simulator);
        Object.assign(stack.environment, aws.environment());
        await set({ enabled: true });
    });
    afterEach(async () => {
        await stack.close();
        aws.close();
    });

    it("is laid by the first up, before the first look into an account; a preview says what is to come", async () => {
        const preview = await stack.preview();

        assert.equal(preview.exitCode, 0, preview.output);
        assert.equal(preview.output.match(/no account could be inspected: /g)?.length, 1, preview.output);
        assert.partialDeepStrictEqual(totalsOf(preview), { accounts: 2, clean: 0, notInspected: 2 });
        assert.deepEqual(aws.changes, []);
        assert.equal(stack.simulator.requests.of("AssumeRoot").length, 0);

        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(aws.changes, [`create ${TRUSTED_ACCESS}`, `create ${FEATURES}`]);
        assert.deepEqual(stack.left(), []);
        const then = await stack.preview("--expect-no-changes");
        assert.equal(then.exitCode, 0, then.output);
        assert.partialDeepStrictEqual(totalsOf(then), { clean: 2, notInspected: 0 });
    });

    it("may be laid alone, so that the accounts are seen before anything is removed", async () => {
        const up = await stack.up("--skip-preview --target **::aws:**");

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(aws.changes, [`create ${TRUSTED_ACCESS}`, `create ${FEATURES}`]);
        assert.equal(stack.left().length, 2);
        const preview = await stack.preview();
        assert.partialDeepStrictEqual(totalsOf(preview), { clean: 1, drifted: 1, notInspected: 0 });
        assert.match(preview.output, /access key +AKIAROOTKEY000000001 /);
    });

    it("switches on again what somebody switched off, and the same up goes on into the accounts", async () => {
        await stack.up("--skip-preview");
        stack.organization.setFeature("RootCredentialsManagement", false);
        stack.organization.setRootPassword(PAYMENTS, {});

        const preview = await stack.preview();
        assert.equal(preview.output.match(/no account could be inspected: /g)?.length, 1, preview.output);
        assert.partialDeepStrictEqual(totalsOf(preview), { clean: 0, notInspected: 2 });
        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.ok(stack.organization.features.has("RootCredentialsManagement"));
        assert.deepEqual(stack.left(), []);
    });

    it("switched off, leaves everything on but the policy", async () => {
        await everything();
        aws.changes.length = 0;
        await set({ enabled: false });

        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(aws.changes, POLICY_GONE);
        assertOn();
        assert.deepEqual(stack.left(), []);
    });

    it("destroyed, allows recovery in the accounts, and leaves everything on but the policy", async () => {
        await everything();
        aws.changes.length = 0;

        const destroy = await stack.pulumi("destroy --yes --skip-preview");

        assert.equal(destroy.exitCode, 0, destroy.output);
        assert.deepEqual(stack.left(), [`${SECURITY} password password`, `${PAYMENTS} password password`]);
        assert.deepEqual(aws.changes, POLICY_GONE);
        assertOn();
    });

    it("adopts a delegated administrator who is registered already", async () => {
        stack.organization.setTrustedAccess(true);
        stack.organization.registerDelegatedAdministrator(SECURITY);
        await set({ delegatedAdministrator: SECURITY });

        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(aws.changes, [`create ${TRUSTED_ACCESS}`, `create ${FEATURES}`]);
        const then = await stack.preview("--expect-no-changes");
        assert.equal(then.exitCode, 0, then.output);
    });

    it("is not laid in another organization than that of the stack's accounts", async () => {
        stack.organization.setTrustedAccess(true);
        stack.organization.setFeature("RootCredentialsManagement", true);
        await set({ enabled: false });
        await stack.up("--skip-preview");
        await set({ enabled: true });
        const other = await Stack.over({ ...UNPREPARED, organizationId: "o-another" });
        const there = await AwsPlugin.over(other.simulator);
        try {
            const up = await stack.up("--skip-preview", {
                ...other.simulator.environment(),
                ...there.environment(),
            });

            assert.notEqual(up.exitCode, 0);
            assert.match(up.output, /this stack holds accounts of the organization o-simulated1/);
            assert.deepEqual(there.changes, []);
        } finally {
            there.close();
            await other.close();
        }
    });

    async function everything(): Promise<void> {
        await set({ delegatedAdministrator: SECURITY, rootSessions: true, "denyRootUser[0]": PAYMENTS });
        const up = await stack.up("--skip-preview");
        assert.equal(up.exitCode, 0, up.output);
        assertOn();
        assert.equal(stack.organization.policies.attachedTo(PAYMENTS, "SERVICE_CONTROL_POLICY").length, 2);
    }

    function assertOn(): void {
        const { trustedAccess, features, delegatedAdministrators } = stack.organization;
        assert.deepEqual(
            [trustedAccess, [...features].sort(), [...delegatedAdministrators]],
            [true, ["RootCredentialsManagement", "RootSessions"], [SECURITY]],
        );
    }

    async function set(settings: Record<string, string | boolean>): Promise<void> {
        const values = Object.entries(settings).map(
            ([path, value]) => `--plaintext foundation.${path}=${value}`,
        );
        const { exitCode, output } = await stack.pulumi(`config set-all --path ${values.join(" ")}`);
        assert.equal(exitCode, 0, output);
    }
});
