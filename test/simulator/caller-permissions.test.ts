import assert from "node:assert/strict";
import { DescribeAccountCommand } from "@aws-sdk/client-organizations";
import { GetAccountSummaryCommand, ListOrganizationsFeaturesCommand } from "@aws-sdk/client-iam";
import { type CallerDenial, type PolicyDocument, type Simulator, startSimulator } from "./index";
import { assumeRootCommand, clientsOf, refusalOf, rootSession, taskPolicyArn } from "./sdk-clients";

const MANAGEMENT = "999988887777";
const MEMBER = "111122223333";
const OTHER = "444455556666";
const AUDIT = "IAMAuditRootUserCredentials";
const DENIED =
    `User: arn:aws:iam::${MANAGEMENT}:user/operator is not authorized to perform: ` +
    `sts:AssumeRoot on resource: arn:aws:iam::${MEMBER}:root`;

describe("the caller's permissions", () => {
    let simulator: Simulator;
    beforeEach(async () => {
        simulator = await startSimulator({
            seed: {
                accounts: [
                    { id: MEMBER, name: "payments" },
                    { id: OTHER, name: "logs" },
                ],
            },
        });
    });
    afterEach(() => simulator.close());

    const assume = (target: string) => clientsOf(simulator).sts.send(assumeRootCommand(target, AUDIT));

    it("can be withheld for one account, and given back", async () => {
        const { organization } = simulator;
        organization.withholdPermissions(MANAGEMENT, ["sts:AssumeRoot"], [`arn:aws:iam::${MEMBER}:root`]);

        assert.deepEqual(await refusalOf(assume(MEMBER)), {
            name: "AccessDenied",
            message: DENIED,
            status: 403,
        });
        await assume(OTHER);

        organization.restorePermissions(MANAGEMENT);
        await assume(MEMBER);
    });

    const types: [by: CallerDenial["by"], inWords: string][] = [
        ["identity-based policy", "an identity-based policy"],
        ["permissions boundary", "a permissions boundary"],
        ["session policy", "a session policy"],
        ["VPC endpoint policy", "a VPC endpoint policy"],
    ];
    for (const [by, inWords] of types) {
        it(`are outweighed by ${inWords}, which is named`, async () => {
            const resources = [`arn:aws:iam::${MEMBER}:*`];
            simulator.organization.denyPermissions(MANAGEMENT, { by, actions: ["sts:*"], resources });

            const refused = await refusalOf(assume(MEMBER));

            assert.equal(refused.message, `${DENIED} with an explicit deny in ${inWords}`);
            await assume(OTHER);
        });
    }

    it("are outweighed by a policy whose ARN AWS tells", async () => {
        const arn = `arn:aws:iam::${MANAGEMENT}:policy/no-describing`;
        simulator.organization.denyPermissions(MANAGEMENT, {
            by: "identity-based policy",
            actions: ["organizations:DescribeAccount"],
            arn,
        });

        const { organizations } = clientsOf(simulator);
        const refused = await refusalOf(
            organizations.send(new DescribeAccountCommand({ AccountId: MEMBER })),
        );

        assert.equal(refused.name, "AccessDeniedException");
        assert.match(refused.message, /explicit deny in an identity-based policy: arn:\S+no-describing$/);
    });

    it("do not reach past a resource control policy of the account that is asked for", async () => {
        const rcp = { name: "identity-perimeter", policyId: "p-rcp12345", actions: ["sts:AssumeRoot"] };
        const { organization } = simulator;
        organization.attachRcp(MEMBER, rcp);

        assert.equal(
            (await refusalOf(assume(MEMBER))).message,
            `${DENIED} with an explicit deny in a resource control policy: ` +
                `arn:aws:organizations::${MANAGEMENT}:policy/${organization.id}/resource_control_policy/p-rcp12345`,
        );
        await assume(OTHER);

        organization.detachRcp(MEMBER, "p-rcp12345");
        const { iam } = await rootSession(simulator, MEMBER, AUDIT);
        await iam.send(new GetAccountSummaryCommand({}));
    });

    describe("by identity policies", () => {
        const USER = `arn:aws:iam::${MANAGEMENT}:user/operator`;
        const ROLE = `arn:aws:iam::${MANAGEMENT}:role/platform/Auditor`;
        const auditOnly: PolicyDocument = {
            Version: "2012-10-17",
            Statement: {
                Effect: "Allow",
                Action: "sts:AssumeRoot",
                Resource: "arn:aws:iam::*:root",
                Condition: { ArnEquals: { "sts:TaskPolicyArn": taskPolicyArn(AUDIT) } },
            },
        };

        it("are what these allow, and nothing else", async () => {
            simulator.organization.attachIdentityPolicy(USER, auditOnly);
            await assume(MEMBER);

            const { sts, organizations } = clientsOf(simulator);
            const otherTask = assumeRootCommand(MEMBER, "IAMDeleteRootUserCredentials");
            assert.equal((await refusalOf(sts.send(otherTask))).message, DENIED);
            const describing = organizations.send(new DescribeAccountCommand({ AccountId: MEMBER }));
            assert.equal(
                (await refusalOf(describing)).message,
                `User: ${USER} is not authorized to perform: organizations:DescribeAccount on resource: ` +
                    `arn:aws:organizations::${MANAGEMENT}:account/o-simulated1/${MEMBER} ` +
                    "because no identity-based policy allows the organizations:DescribeAccount action",
            );

            simulator.organization.detachIdentityPolicies(USER);
            await sts.send(otherTask);
        });

        it("add up, and a denial outweighs them", async () => {
            const { organization } = simulator;
            organization.attachIdentityPolicy(USER, auditOnly);
            organization.attachIdentityPolicy(USER, {
                Version: "2012-10-17",
                Statement: [
                    { Effect: "Allow", Action: "organizations:*", Resource: "*" },
                    { Effect: "Deny", Action: "sts:*", Resource: `arn:aws:iam::${OTHER}:root` },
                ],
            });

            await assume(MEMBER);
            await clientsOf(simulator).organizations.send(new DescribeAccountCommand({ AccountId: MEMBER }));
            assert.equal(
                (await refusalOf(assume(OTHER))).message,
                `${DENIED.replace(MEMBER, OTHER)} with an explicit deny in an identity-based policy`,
            );
        });

        it("belong to one role, which signs by its ARN; others keep theirs", async () => {
            simulator.organization.attachIdentityPolicy(ROLE, auditOnly);
            const { sts, iam } = clientsOf(simulator, ROLE);

            await sts.send(assumeRootCommand(MEMBER, AUDIT));
            const refused = await refusalOf(iam.send(new ListOrganizationsFeaturesCommand({})));
            assert.equal(
                refused.message,
                `User: arn:aws:sts::${MANAGEMENT}:assumed-role/Auditor/pipeline is not authorized to perform: ` +
                    "iam:ListOrganizationsFeatures on resource: * " +
                    "because no identity-based policy allows the iam:ListOrganizationsFeatures action",
            );
            await clientsOf(simulator).iam.send(new ListOrganizationsFeaturesCommand({}));
        });

        it("may depend on the role in another policy", async () => {
            const denyOthers: PolicyDocument = {
                Version: "2012-10-17",
                Statement: {
                    Effect: "Deny",
                    Action: "sts:AssumeRoot",
                    Resource: "*",
                    Condition: { ArnNotEquals: { "aws:PrincipalArn": ROLE } },
                },
            };
            for (const arn of [USER, ROLE]) simulator.organization.attachIdentityPolicy(arn, denyOthers);
            simulator.organization.attachIdentityPolicy(ROLE, auditOnly);

            await clientsOf(simulator, ROLE).sts.send(assumeRootCommand(MEMBER, AUDIT));
            assert.match(
                (await refusalOf(assume(MEMBER))).message,
                /explicit deny in an identity-based policy$/,
            );
        });
    });
});
