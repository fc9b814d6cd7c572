import assert from "node:assert/strict";
import { DescribeAccountCommand } from "@aws-sdk/client-organizations";
import { GetAccountSummaryCommand } from "@aws-sdk/client-iam";
import { type CallerDenial, type Simulator, startSimulator } from "./index";
import { assumeRootCommand, clientsOf, refusalOf, rootSession } from "./sdk-clients";

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
});
