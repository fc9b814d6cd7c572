/** docs/policies/deny-others.json in the delegated administrator's account: which role may open which sessions. */
import assert from "node:assert/strict";
import type { IAMClient } from "@aws-sdk/client-iam";
import { DisableOrganizationsRootCredentialsManagementCommand } from "@aws-sdk/client-iam";
import { startSimulator, TASK_POLICY_ARNS, type PolicyDocument, type Simulator } from "../../simulator";
import { assumeRootCommand, clientsOf, refusalOf, type Task } from "../../simulator/sdk-clients";
import { policyFile } from "./policy-file";

const SECURITY = "444455556666";
const MEMBER = "111122223333";
const TASKS = TASK_POLICY_ARNS.map((arn) => arn.slice(arn.lastIndexOf("/") + 1) as Task);
const ROLES = [
    "RootCredentialsDrift",
    "RootCredentialsConverge",
    "RootCredentialsRecovery",
    "RootCredentialsUnlock",
    "RootCredentialsDriftToo",
    "Administrator",
];

const OPEN = [
    "RootCredentialsDrift IAMAuditRootUserCredentials",
    "RootCredentialsConverge IAMAuditRootUserCredentials",
    "RootCredentialsConverge IAMDeleteRootUserCredentials",
    "RootCredentialsRecovery IAMAuditRootUserCredentials",
    "RootCredentialsRecovery IAMDeleteRootUserCredentials",
    "RootCredentialsRecovery IAMCreateRootUserPassword",
    "RootCredentialsUnlock IAMAuditRootUserCredentials",
    "RootCredentialsUnlock IAMDeleteRootUserCredentials",
    "RootCredentialsUnlock S3UnlockBucketPolicy",
    "RootCredentialsUnlock SQSUnlockQueuePolicy",
];

describe("docs/policies/deny-others.json", () => {
    const document = policyFile("deny-others");
    let simulator: Simulator;

    beforeEach(async () => {
        const accounts = [
            { id: MEMBER, name: "payments" },
            { id: SECURITY, name: "security" },
        ];
        simulator = await startSimulator({ seed: { accounts, delegatedAdministrators: [SECURITY] } });
    });
    afterEach(() => simulator.close());

    it("allows each role its own tasks, and other principals none", async () => {
        attach(simulator, document);

        assert.deepEqual(await sessionsThatOpen(simulator), OPEN);
    });

    it("is named in AWS's answer", async () => {
        const policyId = attach(simulator, document);
        const { sts } = clientsOf(simulator, "delegate");

        const { message } = await refusalOf(
            sts.send(assumeRootCommand(MEMBER, "IAMAuditRootUserCredentials")),
        );

        assert.match(message, new RegExp(`explicit deny in a service control policy: arn:\\S+/${policyId}$`));
    });

    const without = (Sid: string) => ({
        ...document,
        Statement: document.Statement.filter((statement) => statement.Sid !== Sid),
    });
    const opening = document.Statement.map(({ Sid = "" }) => Sid).filter(
        (Sid) => !["OnlyTheTasksOfThisProject", "CentralRootAccessStaysOn"].includes(Sid),
    );

    for (const Sid of opening) {
        it(`allows more without its statement ${Sid}`, async () => {
            attach(simulator, without(Sid));

            assert.ok((await sessionsThatOpen(simulator)).length > OPEN.length);
        });
    }

    it("allows no task that AWS may add later", () => {
        const { organization } = simulator;
        const principal = organization.principals.sessionOf(
            `arn:aws:iam::${SECURITY}:role/RootCredentialsRecovery`,
        );
        const keys = { "sts:TaskPolicyArn": "arn:aws:iam::aws:policy/root-task/SomethingNew" };
        const resource = `arn:aws:iam::${MEMBER}:root`;
        const opens = () => organization.allows({ principal, action: "sts:AssumeRoot", resource, keys });

        const policyId = attach(simulator, document);
        assert.equal(opens(), false);

        organization.detachScp(SECURITY, policyId);
        attach(simulator, without("OnlyTheTasksOfThisProject"));
        assert.equal(opens(), true);
    });

    it("denies the delegated administrator to switch central root access off, but not the management account", async () => {
        attach(simulator, document);
        const { organization } = simulator;
        const switchOff = ({ iam }: { iam: IAMClient }) =>
            iam.send(new DisableOrganizationsRootCredentialsManagementCommand({}));

        assert.equal((await refusalOf(switchOff(clientsOf(simulator, "delegate")))).name, "AccessDenied");
        assert.ok(organization.features.has("RootCredentialsManagement"));
        for (const action of [
            "iam:DisableOrganizationsRootSessions",
            "organizations:DeregisterDelegatedAdministrator",
        ]) {
            const principal = organization.principals.userIn(SECURITY);
            assert.equal(organization.allows({ principal, action, resource: "*" }), false, action);
        }

        await switchOff(clientsOf(simulator, "management"));
        assert.ok(!organization.features.has("RootCredentialsManagement"));
    });
});

function attach({ organization }: Simulator, document: PolicyDocument): string {
    return organization.attachScp(SECURITY, { name: "deny-others", document });
}

async function sessionsThatOpen(simulator: Simulator): Promise<string[]> {
    const open: string[] = [];
    for (const role of ROLES) {
        const { sts } = clientsOf(simulator, `arn:aws:iam::${SECURITY}:role/${role}`);
        for (const task of TASKS) {
            const session = sts.send(assumeRootCommand(MEMBER, task));
            if (await session.then(() => true, isDenial)) open.push(`${role} ${task}`);
        }
    }
    return open;
}

function isDenial(error: Error): false {
    assert.equal(error.name, "AccessDenied", error.message);
    return false;
}
