import assert from "node:assert/strict";
import {
    AssumeRoleCommand,
    AssumeRootCommand,
    GetCallerIdentityCommand,
    STSClient,
} from "@aws-sdk/client-sts";
import { GetUserCommand } from "@aws-sdk/client-iam";
import { type Simulator, type SimulatorOptions, startSimulator } from "./index";
import { assumeRootCommand, clientsOf, refusalOf, rootSession, taskPolicyArn } from "./sdk-clients";

const MANAGEMENT = "999988887777";
const MEMBER = "111122223333";
const DELEGATE = "444455556666";
const TASK = "IAMAuditRootUserCredentials";

describe("sts", () => {
    let simulator: Simulator;

    async function start(options: Partial<SimulatorOptions> = {}): Promise<void> {
        simulator = await startSimulator({
            now: new Date("2026-09-12T10:00:00Z"),
            seed: {
                delegatedAdministrators: [DELEGATE],
                accounts: [
                    { id: MEMBER, name: "payments" },
                    { id: DELEGATE, name: "security" },
                ],
            },
            ...options,
        });
    }

    beforeEach(() => start());
    afterEach(() => simulator.close());

    const assume = (target = MEMBER, caller = "management") =>
        clientsOf(simulator, caller).sts.send(assumeRootCommand(target, TASK));
    const genericRefusal = (caller: string, target: string) => ({
        name: "AccessDenied",
        message:
            `User: arn:aws:iam::${caller}:user/operator is not authorized to perform: ` +
            `sts:AssumeRoot on resource: arn:aws:iam::${target}:root`,
        status: 403,
    });

    describe("AssumeRole", () => {
        const ROLE = `arn:aws:iam::${DELEGATE}:role/RootCredentialsDrift`;
        const assumeRole = (RoleArn: string, caller = "management") =>
            clientsOf(simulator, caller).sts.send(
                new AssumeRoleCommand({ RoleArn, RoleSessionName: "session" }),
            );

        it("hands out a session of the role that signs in its name", async () => {
            const { Credentials, AssumedRoleUser } = await assumeRole(ROLE);

            const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
            const sts = new STSClient({
                endpoint: simulator.url,
                region: "us-east-1",
                credentials: {
                    accessKeyId: AccessKeyId,
                    secretAccessKey: SecretAccessKey,
                    sessionToken: SessionToken,
                },
            });
            const identity = await sts.send(new GetCallerIdentityCommand({}));
            assert.equal(identity.Account, DELEGATE);
            assert.equal(identity.Arn, AssumedRoleUser?.Arn);
            assert.match(
                identity.Arn ?? "",
                /^arn:aws:sts::444455556666:assumed-role\/RootCredentialsDrift\//,
            );
        });

        it("refuses what is no role, and roles outside of the organization", async () => {
            assert.partialDeepStrictEqual(await refusalOf(assumeRole(`arn:aws:iam::${DELEGATE}:user/ada`)), {
                name: "ValidationError",
            });
            const stranger = "arn:aws:iam::777788889999:role/RootCredentialsDrift";
            assert.partialDeepStrictEqual(await refusalOf(assumeRole(stranger)), {
                name: "AccessDenied",
                message: `User: arn:aws:iam::${MANAGEMENT}:user/operator is not authorized to perform: sts:AssumeRole on resource: ${stranger}`,
            });
        });
    });

    describe("AssumeRoot", () => {
        it("hands out a session of the member's root user that ends after 15 minutes", async () => {
            const { Credentials: credentials, SourceIdentity } = await assume();

            assert.match(credentials?.AccessKeyId ?? "", /^ASIA[A-Z2-7]{16}$/);
            assert.deepEqual(credentials?.Expiration, new Date("2026-09-12T10:15:00Z"));
            assert.equal(SourceIdentity, undefined);
        });

        it("takes the root user's ARN for the account, and no other ARN", async () => {
            await assume(`arn:aws:iam::${MEMBER}:root`);

            for (const target of [
                `arn:aws:iam::${MEMBER}:user/ada`,
                `arn:aws:iam::${MEMBER}`,
                "payments-prod",
            ]) {
                assert.deepEqual(await refusalOf(assume(target)), {
                    name: "ValidationError",
                    message: "Request must contain a valid target principal",
                    status: 400,
                });
            }
        });

        it("accepts the five task policies and no other", async () => {
            const { sts } = clientsOf(simulator);
            const withPolicy = (arn: string | undefined) =>
                sts.send(new AssumeRootCommand({ TargetPrincipal: MEMBER, TaskPolicyArn: { arn } }));

            for (const task of [
                "IAMAuditRootUserCredentials",
                "IAMDeleteRootUserCredentials",
                "IAMCreateRootUserPassword",
                "S3UnlockBucketPolicy",
                "SQSUnlockQueuePolicy",
            ] as const) {
                await withPolicy(taskPolicyArn(task));
            }

            const other = await refusalOf(withPolicy("arn:aws:iam::aws:policy/ReadOnlyAccess"));
            assert.equal(other.name, "ValidationError");
            assert.equal(other.message, "Request must contain valid AWS managed task policy ARN");
            assert.match((await refusalOf(withPolicy(undefined))).message, /null at 'taskPolicyArn'/);
        });

        it("knows no task policies in another partition", async () => {
            await simulator.close();
            await start({ partition: "aws-us-gov" });

            assert.match((await refusalOf(assume())).message, /valid AWS managed task policy ARN/);
        });

        it("allows sessions of 0 to 900 seconds", async () => {
            const { sts } = clientsOf(simulator);
            await sts.send(assumeRootCommand(MEMBER, TASK, 900));

            const tooLong = await refusalOf(sts.send(assumeRootCommand(MEMBER, TASK, 901)));
            assert.equal(tooLong.name, "ValidationError");
            assert.match(tooLong.message, /less than or equal to 900/);

            const { sts: ended } = await rootSession(simulator, MEMBER, TASK, { seconds: 0 });
            assert.equal(
                (await refusalOf(ended.send(new GetCallerIdentityCommand({})))).name,
                "ExpiredToken",
            );
        });

        it("is open to users and roles of the management account and to delegated administrators", async () => {
            await assume(MEMBER, "management");
            await assume(MEMBER, "role");
            await assume(MEMBER, "delegate");

            assert.deepEqual(await refusalOf(assume(DELEGATE, "member")), genericRefusal(MEMBER, DELEGATE));
            assert.deepEqual(
                await refusalOf(assume(MEMBER, "123412341234")),
                genericRefusal("123412341234", MEMBER),
            );
        });

        it("refuses the management account as a target", async () => {
            assert.deepEqual(await refusalOf(assume(MANAGEMENT)), genericRefusal(MANAGEMENT, MANAGEMENT));
        });

        it("refuses accounts that are not in the organization, or left it, in the same words", async () => {
            assert.deepEqual(
                await refusalOf(assume("121212121212")),
                genericRefusal(MANAGEMENT, "121212121212"),
            );

            simulator.organization.leave(MEMBER);
            assert.deepEqual(await refusalOf(assume()), genericRefusal(MANAGEMENT, MEMBER));
        });

        for (const state of ["PENDING_ACTIVATION", "SUSPENDED", "PENDING_CLOSURE", "CLOSED"] as const) {
            it(`refuses an account that is ${state}`, async () => {
                simulator.organization.setState(MEMBER, state);

                assert.deepEqual(await refusalOf(assume()), genericRefusal(MANAGEMENT, MEMBER));
            });
        }

        it("refuses a delegated administrator its own account, unless told that AWS allows it", async () => {
            assert.deepEqual(
                await refusalOf(assume(DELEGATE, "delegate")),
                genericRefusal(DELEGATE, DELEGATE),
            );

            simulator.organization.delegateMayAssumeItself = true;
            await assume(DELEGATE, "delegate");
        });

        it("refuses a delegate that is no longer one", async () => {
            simulator.organization.deregisterDelegatedAdministrator(DELEGATE);

            assert.deepEqual(await refusalOf(assume(MEMBER, DELEGATE)), genericRefusal(DELEGATE, MEMBER));
        });

        it("refuses a caller without the permission", async () => {
            simulator.organization.withholdPermissions(MANAGEMENT, ["sts:AssumeRoot"]);

            assert.deepEqual(await refusalOf(assume()), genericRefusal(MANAGEMENT, MEMBER));
            await assume(MEMBER, "delegate");
        });

        it("refuses root users and root sessions", async () => {
            const { sts } = await rootSession(simulator, MEMBER, TASK);

            const refused = await refusalOf(sts.send(assumeRootCommand(DELEGATE, TASK)));
            assert.match(refused.message, /sts:AssumeRoot .* with an explicit deny in a session policy$/);
        });

        it("needs the feature of its task, and only that", async () => {
            const { sts } = clientsOf(simulator);
            const { organization } = simulator;

            organization.setFeature("RootCredentialsManagement", false);
            for (const task of [
                "IAMAuditRootUserCredentials",
                "IAMDeleteRootUserCredentials",
                "IAMCreateRootUserPassword",
            ] as const) {
                assert.deepEqual(await refusalOf(sts.send(assumeRootCommand(MEMBER, task))), {
                    name: "AccessDenied",
                    message: "Root credentials management feature is not enabled for your AWS Organization.",
                    status: 403,
                });
            }
            await sts.send(assumeRootCommand(MEMBER, "S3UnlockBucketPolicy"));

            organization.setFeature("RootCredentialsManagement", true);
            organization.setFeature("RootSessions", false);
            for (const task of ["S3UnlockBucketPolicy", "SQSUnlockQueuePolicy"] as const) {
                const { message } = await refusalOf(sts.send(assumeRootCommand(MEMBER, task)));
                assert.equal(message, "Root sessions feature is not enabled for your AWS Organization.");
            }
            await assume();
        });

        it("needs trusted access", async () => {
            simulator.organization.setTrustedAccess(false);

            const { name, message } = await refusalOf(assume());
            assert.equal(name, "AccessDenied");
            assert.equal(message, "Service not enabled for AWS Organizations.");
        });

        it("is unknown to the global endpoint", async () => {
            const command = assumeRootCommand(MEMBER, TASK);
            const unknown = { name: "InvalidAction", message: "Unknown Operation", status: 400 };
            assert.deepEqual(
                await refusalOf(clientsOf(simulator, "management", "aws-global").sts.send(command)),
                unknown,
            );

            simulator.organization.globalSts = true;
            assert.deepEqual(await refusalOf(assume()), unknown);
        });

        it("is refused in a region where STS is not active", async () => {
            simulator.organization.disabledRegions.add("eu-south-2");

            const { sts } = clientsOf(simulator, "management", "eu-south-2");
            const refused = await refusalOf(sts.send(assumeRootCommand(MEMBER, TASK)));
            assert.equal(refused.name, "RegionDisabledException");
            assert.equal(refused.status, 403);
            await assume();
        });
    });

    describe("a root session", () => {
        it("ends with the clock", async () => {
            const session = await rootSession(simulator, MEMBER, TASK, { seconds: 60 });
            simulator.organization.clock.advance(59);
            await session.iam.send(new GetUserCommand({}));

            simulator.organization.clock.advance(1);
            assert.deepEqual(await refusalOf(session.iam.send(new GetUserCommand({}))), {
                name: "ExpiredToken",
                message: "The security token included in the request is expired",
                status: 403,
            });
        });

        it("survives everything else: features, trusted access, delegation, membership", async () => {
            const session = await rootSession(simulator, MEMBER, TASK, { caller: "delegate" });
            const { organization } = simulator;
            organization.setFeature("RootCredentialsManagement", false);
            organization.setFeature("RootSessions", false);
            organization.setTrustedAccess(false);
            organization.deregisterDelegatedAdministrator(DELEGATE);
            organization.leave(MEMBER);

            const { User } = await session.iam.send(new GetUserCommand({}));
            assert.equal(User?.UserId, MEMBER);
        });
    });

    describe("GetCallerIdentity", () => {
        const identityOf = async (caller: string) => {
            const { $metadata, ...identity } = await clientsOf(simulator, caller).sts.send(
                new GetCallerIdentityCommand({}),
            );
            assert.equal($metadata.httpStatusCode, 200);
            return identity;
        };

        it("tells users, roles and root sessions apart", async () => {
            const user = await identityOf("delegate");
            assert.equal(user.Arn, `arn:aws:iam::${DELEGATE}:user/operator`);
            assert.match(user.UserId ?? "", /^AIDA/);
            assert.equal(
                (await identityOf("role")).Arn,
                `arn:aws:sts::${MANAGEMENT}:assumed-role/Operator/pipeline`,
            );

            const { sts } = await rootSession(simulator, MEMBER, "SQSUnlockQueuePolicy");
            const root = await sts.send(new GetCallerIdentityCommand({}));
            assert.equal(root.Account, MEMBER);
            assert.equal(root.UserId, MEMBER);
            assert.equal(root.Arn, `arn:aws:iam::${MEMBER}:root`);
        });

        it("names the partition", async () => {
            await simulator.close();
            await start({ partition: "aws-cn" });

            assert.equal((await identityOf("management")).Arn, `arn:aws-cn:iam::${MANAGEMENT}:user/operator`);
        });

        it("answers under policies that deny everything", async () => {
            simulator.organization.attachScp(MEMBER, { name: "deny-all", actions: ["*"] });
            simulator.organization.withholdPermissions(MEMBER, ["*"]);

            assert.equal((await identityOf("member")).Account, MEMBER);
        });

        it("refuses a caller whose session has expired, or expires", async () => {
            assert.equal((await refusalOf(identityOf("expired"))).name, "ExpiredToken");

            await identityOf("role");
            simulator.organization.clock.advance(3600);
            assert.equal((await refusalOf(identityOf("role"))).name, "ExpiredToken");
        });
    });
});
