import assert from "node:assert/strict";
import { rootUserScp, type ServiceControlPolicy } from "../../program/foundation/root-user-scp";
import { desired, describeLifecycle, stored, type World } from "../provider/harness";

const PAYMENTS = "111122223333";
const LOGS = "444455556666";
const AUDIT = "555566667777";
const ACCOUNTS = [
    { id: PAYMENTS, name: "payments", root: { password: {}, accessKeys: [{}], mfaDevices: [{}] } },
    { id: LOGS, name: "logs", unit: "Workloads/Prod", root: { signingCertificates: [{}] } },
    { id: AUDIT, name: "audit" },
];
const ALL = ACCOUNTS.map(({ id }) => id);
const POLICY = "p-foundation1";

/** AWS's limit for a service control policy. */
const MOST_CHARACTERS = 10_240;

describeLifecycle("Under the foundation's service control policy on the organization's root", (begin) => {
    it("denies an ordinary root user everything, in every account", async () => {
        const world = await begin(ACCOUNTS);
        assert.deepEqual(
            ALL.map((id) => mayRoot(world, id)),
            [true, true, true],
        );

        attach(world, rootUserScp({ partition: "aws" }));

        assert.deepEqual(
            ALL.map((id) => mayRoot(world, id)),
            [false, false, false],
        );
    });

    it("allows every task of this project: inspecting, removing, allowing recovery", async () => {
        const world = await begin(ACCOUNTS);
        attach(world, rootUserScp({ partition: "aws" }));
        const { run, organization } = world;

        const { props } = await run.read(PAYMENTS, stored(PAYMENTS));
        assert.partialDeepStrictEqual(props, { loginProfile: "present", auditError: "" });
        for (const id of ALL) {
            const { outs } = await run.create(desired(id));
            assert.partialDeepStrictEqual(outs, { loginProfile: "absent", accessKeys: [], auditError: "" });
        }
        assert.deepEqual(organization.rootCredentialsLeft(), []);

        await run.delete(PAYMENTS, stored(PAYMENTS));
        assert.deepEqual(
            organization.rootCredentialsLeft().map(({ accountId, kind }) => [accountId, kind]),
            [[PAYMENTS, "password"]],
        );
    });

    it("allows only the root user of an account with an exception", async () => {
        const world = await begin(ACCOUNTS);

        attach(world, rootUserScp({ partition: "aws", openAccounts: [LOGS, AUDIT] }));

        assert.deepEqual(
            ALL.map((id) => mayRoot(world, id)),
            [false, true, true],
        );
        const { props } = await world.run.read(PAYMENTS, stored(PAYMENTS));
        assert.equal(props.auditError, "");
    });

    it("makes every account unreadable if it blocks root sessions, with the policy and the remedy", async () => {
        const world = await begin(ACCOUNTS);
        attach(world, withoutExemption(rootUserScp({ partition: "aws" })));

        for (const id of ALL) {
            const { props } = await world.run.read(id, stored(id));

            assert.partialDeepStrictEqual(props, { loginProfile: "unknown", accessKeys: ["unknown"] });
            assert.equal(props.auditError, `blocked by SCP ${POLICY} (iam:GetAccountSummary)`);
            assert.match(props.auditErrorDetail, /"Null": \{"aws:AssumedRoot": "true"\}/);
            assert.match(props.auditErrorDetail, /AWS-GR_RESTRICT_ROOT_USER.*ExemptAssumeRoot/);
        }
    });
});

describe("The foundation's service control policy", () => {
    it("is short enough for AWS with 200 exceptions", () => {
        const openAccounts = Array.from({ length: 200 }, (_, index) => String(100000000000 + index));
        const policy = JSON.stringify(rootUserScp({ partition: "aws", openAccounts }));

        assert.ok(policy.length < MOST_CHARACTERS, `${policy.length} characters`);
    });

    it("does not depend on the order of the exceptions, so a preview shows no change", () => {
        assert.deepEqual(
            rootUserScp({ partition: "aws", openAccounts: [LOGS, PAYMENTS] }),
            rootUserScp({ partition: "aws", openAccounts: [PAYMENTS, LOGS] }),
        );
    });
});

function attach({ organization }: World, document: ServiceControlPolicy): void {
    const { rootId } = organization.units;
    organization.attachScp(rootId, { name: "DenyRootUserExceptAssumeRoot", policyId: POLICY, document });
}

/** Whether an ordinary root user of the account may make a call that AWS allows by default. */
function mayRoot({ organization }: World, accountId: string): boolean {
    const principal = organization.principals.rootUserIn(accountId);
    return organization.allows({ principal, action: "s3:ListAllMyBuckets", resource: "*" });
}

function withoutExemption(policy: ServiceControlPolicy): ServiceControlPolicy {
    const [statement, ...rest] = policy.Statement;
    assert.ok(statement && rest.length === 0);
    const { Null, ...condition } = statement.Condition;
    assert.deepEqual(Null, { "aws:AssumedRoot": "true" });
    return { ...policy, Statement: [{ ...statement, Condition: condition }] };
}
