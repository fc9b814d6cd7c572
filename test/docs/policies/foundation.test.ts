/**
 * docs/policies/foundation.json. The plugin of Pulumi's AWS provider cannot run here. So the SDK makes the plugin's calls for
 * each resource, as in the plugin's source: a create, and then a read.
 */
import assert from "node:assert/strict";
import * as iam from "@aws-sdk/client-iam";
import * as organizations from "@aws-sdk/client-organizations";
import { startSimulator, type PolicyDocument, type Simulator } from "../../simulator";
import { clientsOf, type Clients } from "../../simulator/sdk-clients";
import { grantsOf, neededFor, policyFile, without } from "./policy-file";

const MANAGEMENT = "999988887777";
const SECURITY = "444455556666";
const MEMBER = "111122223333";
const ROLE = `arn:aws:iam::${MANAGEMENT}:role/RootCredentialsFoundation`;
const ServicePrincipal = "iam.amazonaws.com";

const denyRoot = (...exempt: string[]) =>
    JSON.stringify({
        Version: "2012-10-17",
        Statement: {
            Effect: "Deny",
            Action: "*",
            Resource: "*",
            Condition: {
                ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:root" },
                Null: { "aws:AssumedRoot": "true" },
                ...(exempt.length > 0 && { StringNotEquals: { "aws:PrincipalAccount": exempt } }),
            },
        },
    });

/** The program's calls before it declares a resource, and the one command that no resource replaces. */
async function prepare({ organizations: client }: Clients): Promise<string> {
    await client.send(new organizations.DescribeOrganizationCommand({}));
    const { Roots } = await client.send(new organizations.ListRootsCommand({}));
    const RootId = Roots?.[0]?.Id;
    assert.ok(RootId);
    await client.send(
        new organizations.EnablePolicyTypeCommand({ RootId, PolicyType: "SERVICE_CONTROL_POLICY" }),
    );
    return RootId;
}

/** `organizations.AwsServiceAccess`, `iam.OrganizationsFeatures`, `organizations.DelegatedAdministrator`. */
async function switchOn(clients: Clients): Promise<void> {
    const { organizations: client } = clients;
    await client.send(new organizations.EnableAWSServiceAccessCommand({ ServicePrincipal }));
    await client.send(new organizations.ListAWSServiceAccessForOrganizationCommand({}));

    await clients.iam.send(new iam.EnableOrganizationsRootCredentialsManagementCommand({}));
    await clients.iam.send(new iam.EnableOrganizationsRootSessionsCommand({}));
    await clients.iam.send(new iam.ListOrganizationsFeaturesCommand({}));

    const AccountId = SECURITY;
    await client.send(
        new organizations.RegisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal }),
    );
    await client.send(new organizations.ListDelegatedAdministratorsCommand({ ServicePrincipal }));
}

/** `organizations.Policy` and `organizations.PolicyAttachment`: created, changed for a new exception, and deleted with the setting. */
async function guardRootUsers({ organizations: client }: Clients, TargetId: string): Promise<void> {
    const { Policy } = await client.send(
        new organizations.CreatePolicyCommand({
            Name: "DenyRootUserExceptAssumeRoot",
            Description: "",
            Type: "SERVICE_CONTROL_POLICY",
            Content: denyRoot(),
        }),
    );
    const PolicyId = Policy?.PolicySummary?.Id;
    assert.ok(PolicyId);
    const read = async () => {
        await client.send(new organizations.DescribePolicyCommand({ PolicyId }));
        await client.send(new organizations.ListTagsForResourceCommand({ ResourceId: PolicyId }));
    };
    await read();
    await client.send(new organizations.AttachPolicyCommand({ PolicyId, TargetId }));
    await client.send(new organizations.ListTargetsForPolicyCommand({ PolicyId }));

    await client.send(new organizations.UpdatePolicyCommand({ PolicyId, Content: denyRoot(MEMBER) }));
    await read();

    await client.send(new organizations.DetachPolicyCommand({ PolicyId, TargetId }));
    await client.send(new organizations.DeletePolicyCommand({ PolicyId }));
}

describe("docs/policies/foundation.json", () => {
    const document = policyFile("foundation");
    let simulator: Simulator;

    beforeEach(async () => {
        simulator = await startSimulator({
            seed: {
                trustedAccess: false,
                features: { RootCredentialsManagement: false, RootSessions: false },
                accounts: [
                    { id: MEMBER, name: "payments", unit: "Workloads" },
                    { id: SECURITY, name: "security" },
                ],
            },
        });
        simulator.organization.policies.enabledTypes.delete("SERVICE_CONTROL_POLICY");
    });
    afterEach(() => simulator.close());

    async function layFoundation(policy: PolicyDocument, targetOf = (rootId: string) => rootId) {
        simulator.organization.attachIdentityPolicy(ROLE, policy);
        const clients = clientsOf(simulator, ROLE);
        const rootId = await prepare(clients);
        await switchOn(clients);
        await guardRootUsers(clients, targetOf(rootId));
    }

    const targets: [what: string, id: (simulator: Simulator) => string][] = [
        ["the root", ({ organization }) => organization.units.rootId],
        ["a unit", ({ organization }) => organization.units.idOf("Workloads")],
        ["an account", () => MEMBER],
    ];
    for (const [what, id] of targets) {
        it(`suffices to set up the foundation with the SCP on ${what}, and allows nothing else`, async () => {
            await layFoundation(document, () => id(simulator));

            assert.deepEqual(neededFor(simulator.requests.entries, MANAGEMENT), grantsOf(document));
            assert.deepEqual([...simulator.organization.delegatedAdministrators], [SECURITY]);
            assert.equal(simulator.organization.features.size, 2);
        });
    }

    for (const grant of grantsOf(document)) {
        it(`needs ${grant}`, async () => {
            await assert.rejects(layFoundation(without(document, grant)), /no identity-based policy allows/);
        });
    }

    it("allows no other service, no other policy type, and nothing that AWS manages", () => {
        const { organization } = simulator;
        organization.attachIdentityPolicy(ROLE, document);
        const principal = organization.principals.sessionOf(ROLE);
        const account = `arn:aws:organizations::${MANAGEMENT}:account/o-simulated1/${SECURITY}`;
        const fullAccess = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess";
        const other = { "organizations:ServicePrincipal": "guardduty.amazonaws.com" };
        const rcp = { "organizations:PolicyType": "RESOURCE_CONTROL_POLICY" };
        const scp = { "organizations:PolicyType": "SERVICE_CONTROL_POLICY" };

        for (const [action, resource, keys] of [
            ["organizations:EnableAWSServiceAccess", "*", other],
            ["organizations:RegisterDelegatedAdministrator", account, other],
            ["organizations:CreatePolicy", "*", rcp],
            ["organizations:DetachPolicy", fullAccess, scp],
            ["organizations:DisableAWSServiceAccess", "*", {}],
            ["iam:DisableOrganizationsRootSessions", "*", {}],
            ["sts:AssumeRoot", `arn:aws:iam::${MEMBER}:root`, {}],
        ] as const) {
            assert.equal(organization.allows({ principal, action, resource, keys }), false, action);
        }
    });
});

describe("docs/policies/tag-selection.json", () => {
    it("allows its role to read the tags of accounts, and nothing else", async () => {
        const seed = { accounts: [{ id: MEMBER, name: "payments", tags: { stage: "prod" } }] };
        const simulator = await startSimulator({ seed });
        try {
            const document = policyFile("tag-selection");
            simulator.organization.attachIdentityPolicy(ROLE, document);
            const { organizations: client } = clientsOf(simulator, ROLE);

            const { Tags } = await client.send(
                new organizations.ListTagsForResourceCommand({ ResourceId: MEMBER }),
            );

            assert.deepEqual(Tags, [{ Key: "stage", Value: "prod" }]);
            assert.deepEqual(neededFor(simulator.requests.entries, MANAGEMENT), grantsOf(document));
            await assert.rejects(
                client.send(new organizations.ListTagsForResourceCommand({ ResourceId: "r-sim1" })),
                /no identity-based policy allows/,
            );
        } finally {
            await simulator.close();
        }
    });
});
