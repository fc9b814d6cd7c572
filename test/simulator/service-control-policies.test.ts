import assert from "node:assert/strict";
import { DeleteLoginProfileCommand, GetAccountSummaryCommand } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { type Organization, type ScpSeed, type Simulator, startSimulator } from "./index";
import { assumeRootCommand, clientsOf, clientsWith, refusalOf, rootSession } from "./sdk-clients";

const MANAGEMENT = "999988887777";
const MEMBER = "111122223333";
const DELEGATE = "444455556666";
const AUDIT = "IAMAuditRootUserCredentials";

describe("service control policies", () => {
    let simulator: Simulator;
    beforeEach(async () => {
        simulator = await startSimulator({
            seed: {
                delegatedAdministrators: [DELEGATE],
                accounts: [
                    { id: MEMBER, name: "payments", root: { password: {} } },
                    { id: DELEGATE, name: "security" },
                ],
            },
        });
    });
    afterEach(() => simulator.close());

    const summary = async () =>
        (await rootSession(simulator, MEMBER, AUDIT)).iam.send(new GetAccountSummaryCommand({}));

    it("let the session open and refuse its first call, naming the policy", async () => {
        const policyId = simulator.organization.attachScp(MEMBER, {
            name: "deny-root",
            actions: ["*"],
            appliesTo: "root",
        });
        const session = await rootSession(simulator, MEMBER, AUDIT);

        assert.equal((await session.sts.send(new GetCallerIdentityCommand({}))).Account, MEMBER);
        assert.deepEqual(await refusalOf(session.iam.send(new GetAccountSummaryCommand({}))), {
            name: "AccessDenied",
            message:
                `User: arn:aws:iam::${MEMBER}:root is not authorized to perform: iam:GetAccountSummary ` +
                "on resource: * with an explicit deny in a service control policy: " +
                `arn:aws:organizations::${MANAGEMENT}:policy/${simulator.organization.id}/service_control_policy/${policyId}`,
            status: 403,
        });
        assert.match(policyId, /^p-[a-z0-9]{8}$/);
    });

    it("end with their detachment", async () => {
        const policyId = simulator.organization.attachScp(MEMBER, { name: "deny-iam", actions: ["iam:*"] });
        assert.equal((await refusalOf(summary())).name, "AccessDenied");

        simulator.organization.detachScp(MEMBER, policyId);
        await summary();
    });

    it("spare root sessions where they exempt them, but not the root user itself", async () => {
        simulator.organization.attachScp(MEMBER, {
            name: "deny-long-lived-root",
            actions: ["*"],
            appliesTo: "root",
            exemptAssumedRoot: true,
        });
        await summary();

        const accessKeyId = simulator.organization.createRootAccessKey(MEMBER);
        const { iam } = clientsWith(simulator, "us-east-1", { accessKeyId, secretAccessKey: "leaked" });
        const refused = await refusalOf(iam.send(new GetAccountSummaryCommand({})));
        assert.match(refused.message, /explicit deny in a service control policy/);
    });

    it("may deny some actions only, whoever asks", async () => {
        simulator.organization.attachScp(MEMBER, { name: "keep-logins", actions: ["iam:Delete*Profile"] });
        await summary();

        const { iam } = await rootSession(simulator, MEMBER, "IAMDeleteRootUserCredentials");
        const refused = await refusalOf(iam.send(new DeleteLoginProfileCommand({})));
        assert.match(refused.message, /iam:DeleteLoginProfile .* service control policy/);
        assert(simulator.organization.account(MEMBER).root.password);
    });

    it("of the delegated administrator's account bind its own AssumeRoot, not the sessions it opens", async () => {
        simulator.organization.attachScp(DELEGATE, { name: "no-iam", actions: ["iam:*"] });
        const session = await rootSession(simulator, MEMBER, AUDIT, { caller: "delegate" });
        await session.iam.send(new GetAccountSummaryCommand({}));

        simulator.organization.attachScp(DELEGATE, { name: "no-sts", actions: ["sts:AssumeRoot"] });
        const refused = await refusalOf(
            clientsOf(simulator, "delegate").sts.send(assumeRootCommand(MEMBER, AUDIT)),
        );
        assert.match(refused.message, /sts:AssumeRoot on resource: .* service control policy/);
    });

    it("never bind the management account", async () => {
        simulator.organization.attachScp(MANAGEMENT, { name: "deny-all", actions: ["*"] });

        await clientsOf(simulator).sts.send(assumeRootCommand(MEMBER, AUDIT));
    });

    describe("as whole documents", () => {
        const denyPlainRoot = {
            name: "deny-plain-root",
            document: {
                Version: "2012-10-17",
                Statement: {
                    Effect: "Deny",
                    Action: "*",
                    Resource: "*",
                    Condition: {
                        ArnLike: { "aws:PrincipalArn": "arn:*:iam::*:root" },
                        Null: { "aws:AssumedRoot": "true" },
                    },
                },
            },
        } satisfies ScpSeed;

        const mayPlainRoot = (accountId: string, action: string) =>
            simulator.organization.allows({
                principal: simulator.organization.principals.rootUserIn(accountId),
                action,
                resource: "*",
            });

        const targets: [what: string, id: (of: Organization) => string][] = [
            ["the account", () => MEMBER],
            ["its unit", ({ units }) => units.idOf("Workloads/Prod")],
            ["the unit above", ({ units }) => units.idOf("Workloads")],
            ["the root", ({ units }) => units.rootId],
        ];
        for (const [what, id] of targets) {
            it(`bind the root user from ${what}, and let root sessions through`, async () => {
                const { organization } = simulator;
                organization.move(MEMBER, "Workloads/Prod");
                assert(mayPlainRoot(MEMBER, "s3:ListAllMyBuckets"));

                organization.attachScp(id(organization), denyPlainRoot);

                assert(!mayPlainRoot(MEMBER, "s3:ListAllMyBuckets"));
                assert(!mayPlainRoot(MEMBER, "iam:CreateAccessKey"));
                assert(mayPlainRoot(MANAGEMENT, "iam:CreateAccessKey"));
                await summary();
            });
        }

        it("do not bind accounts beside or above what they are attached to", () => {
            const { organization } = simulator;
            organization.move(MEMBER, "Workloads/Prod");
            organization.attachScp(organization.units.idOf("Workloads/Prod"), denyPlainRoot);

            organization.move(MEMBER, "Workloads");

            assert(mayPlainRoot(MEMBER, "iam:CreateAccessKey"));
            assert(mayPlainRoot(DELEGATE, "iam:CreateAccessKey"));
        });

        it("have to allow on every step, once FullAWSAccess is taken away", async () => {
            const { organization } = simulator;
            const allow = (Action: string): ScpSeed => ({
                name: "allow-list",
                document: { Version: "2012-10-17", Statement: { Effect: "Allow", Action, Resource: "*" } },
            });
            organization.attachScp(MEMBER, allow("s3:*"));
            await summary();

            organization.detachScp(MEMBER, "p-FullAWSAccess");
            assert.match(
                (await refusalOf(summary())).message,
                /because no service control policy allows the iam:GetAccountSummary action$/,
            );

            organization.attachScp(MEMBER, allow("iam:*"));
            await summary();
            organization.detachScp(organization.units.rootId, "p-FullAWSAccess");
            assert.equal((await refusalOf(summary())).name, "AccessDenied");
        });

        it("are refused where they could not be judged, and where nothing is to attach them to", () => {
            const unknownKey = {
                name: "tags",
                document: {
                    Version: "2012-10-17",
                    Statement: {
                        Effect: "Deny",
                        Action: "*",
                        Resource: "*",
                        Condition: { StringEquals: { "aws:PrincipalTag/team": "x" } },
                    },
                },
            } satisfies ScpSeed;

            assert.throws(() => simulator.organization.attachScp(MEMBER, unknownKey), /aws:PrincipalTag/);
            assert.throws(() => simulator.organization.attachScp("ou-none", denyPlainRoot), /ou-none/);
        });
    });
});
