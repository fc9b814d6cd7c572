import assert from "node:assert/strict";
import { GetUserCommand } from "@aws-sdk/client-iam";
import * as aws from "@aws-sdk/client-s3";
import { type Simulator, startSimulator } from "./index";
import { type Task, clientsOf, clientsWith, refusalOf, rootSession } from "./sdk-clients";

const MEMBER = "111122223333";
const OTHER = "444455556666";
const OUTSIDER = "777788889999";
const UNLOCK = "S3UnlockBucketPolicy";
const ARN = "arn:aws:s3:::ledger";
/** Locks out everybody: users, roles, the root user. */
const LOCKED = {
    Version: "2012-10-17",
    Statement: { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [ARN, `${ARN}/*`] },
};

describe("S3", () => {
    let simulator: Simulator;
    beforeEach(async () => {
        simulator = await startSimulator({
            seed: {
                accounts: [
                    {
                        id: MEMBER,
                        name: "payments",
                        buckets: [
                            { name: "ledger", region: "eu-west-1", policy: LOCKED },
                            { name: "reports" },
                        ],
                    },
                    { id: OTHER, name: "storefront", buckets: [{ name: "shop.images" }] },
                ],
            },
        });
    });
    afterEach(() => simulator.close());

    const get = (s3: aws.S3Client, Bucket = "ledger", ExpectedBucketOwner?: string) =>
        s3.send(new aws.GetBucketPolicyCommand({ Bucket, ExpectedBucketOwner }));
    const put = (s3: aws.S3Client, Policy: string | object, Bucket = "ledger") =>
        s3.send(
            new aws.PutBucketPolicyCommand({
                Bucket,
                Policy: typeof Policy === "string" ? Policy : JSON.stringify(Policy),
            }),
        );
    const remove = (s3: aws.S3Client, Bucket = "ledger") =>
        s3.send(new aws.DeleteBucketPolicyCommand({ Bucket }));
    const s3Of = (caller: string, region = "eu-west-1") => clientsOf(simulator, caller, region).s3;
    const unlocking = async (task: Task = UNLOCK, region = "eu-west-1", account = MEMBER) =>
        (await rootSession(simulator, account, task, { region })).s3;

    describe("a bucket that locks everybody out", () => {
        it("is closed to an administrator of its account, in AWS's words", async () => {
            for (const call of [get, remove, (s3: aws.S3Client) => put(s3, LOCKED)]) {
                const { name, message, status } = await refusalOf(call(s3Of(MEMBER)));
                assert.equal(name, "AccessDenied");
                assert.match(
                    message,
                    /^User: arn:aws:iam::111122223333:user\/operator is not authorized to perform: s3:\w+BucketPolicy on resource: "arn:aws:s3:::ledger" with an explicit deny in a resource-based policy$/,
                );
                assert.equal(status, 403);
            }
            assert.equal(simulator.organization.buckets.policyOf("ledger"), JSON.stringify(LOCKED));
        });

        it("is open to a root session with the task for it: it can be read, repaired and taken away", async () => {
            const s3 = await unlocking();
            assert.equal((await get(s3)).Policy, JSON.stringify(LOCKED));

            const repaired = { ...LOCKED, Statement: { ...LOCKED.Statement, Action: "s3:PutObject" } };
            assert.equal((await put(s3, repaired)).$metadata.httpStatusCode, 204);
            assert.equal((await get(s3Of(MEMBER))).Policy, JSON.stringify(repaired));

            assert.equal((await remove(s3)).$metadata.httpStatusCode, 204);
            assert.equal(simulator.organization.buckets.policyOf("ledger"), undefined);
            await remove(s3);
        });

        it("is open to the root user itself, which may not do anything else there", async () => {
            const accessKeyId = simulator.organization.createRootAccessKey(MEMBER);
            const { s3 } = clientsWith(simulator, "eu-west-1", { accessKeyId, secretAccessKey: "leaked" });

            await get(s3);
            const listing = s3.send(new aws.ListObjectsV2Command({ Bucket: "ledger" }));
            assert.match((await refusalOf(listing)).message, /s3:ListBucket .* in a resource-based policy$/);
        });

        it("stays closed to another account's root user", () => {
            const { organization } = simulator;
            const other = organization.principals.rootUserIn(OTHER);
            const request = { action: "s3:GetBucketPolicy", resource: ARN };
            assert(!organization.allows({ principal: other, ...request }));
            assert(
                organization.allows({ principal: organization.principals.rootUserIn(MEMBER), ...request }),
            );
        });
    });

    describe("a root session", () => {
        const others: Task[] = [
            "IAMAuditRootUserCredentials",
            "IAMDeleteRootUserCredentials",
            "IAMCreateRootUserPassword",
            "SQSUnlockQueuePolicy",
        ];
        for (const task of others) {
            it(`for ${task} is refused`, async () => {
                const s3 = await unlocking(task);
                assert.equal(
                    (await refusalOf(get(s3))).message,
                    `User: arn:aws:iam::${MEMBER}:root is not authorized to perform: s3:GetBucketPolicy ` +
                        `on resource: "${ARN}" with an explicit deny in a session policy`,
                );
                assert.equal(
                    (await refusalOf(s3.send(new aws.ListBucketsCommand({})))).message,
                    `User: arn:aws:iam::${MEMBER}:root is not authorized to perform: s3:ListAllMyBuckets ` +
                        "with an explicit deny in a session policy",
                );
            });
        }

        it("for unlocking has the four actions, and IAM none", async () => {
            const { iam, s3 } = await rootSession(simulator, MEMBER, UNLOCK, { region: "eu-west-1" });
            const { Buckets } = await s3.send(new aws.ListBucketsCommand({}));
            assert.deepEqual(
                Buckets?.map(({ Name }) => Name),
                ["ledger", "reports"],
            );

            const Bucket = "ledger";
            const refusals: [permission: string, send: () => Promise<unknown>][] = [
                ["GetBucketLocation", () => s3.send(new aws.GetBucketLocationCommand({ Bucket }))],
                ["ListBucket", () => s3.send(new aws.ListObjectsV2Command({ Bucket }))],
                ["PutObject", () => s3.send(new aws.PutObjectCommand({ Bucket, Key: "a/b", Body: "x" }))],
                [
                    "GetBucketPublicAccessBlock",
                    () => s3.send(new aws.GetPublicAccessBlockCommand({ Bucket })),
                ],
                ["CreateBucket", () => s3.send(new aws.CreateBucketCommand({ Bucket: "new-bucket" }))],
            ];
            for (const [permission, send] of refusals) {
                const { name, message } = await refusalOf(send());
                assert.equal(name, "AccessDenied");
                assert.match(
                    message,
                    new RegExp(`s3:${permission} on resource: "arn:aws:s3:::\\S+" .* session policy$`),
                );
            }
            assert.equal((await refusalOf(s3.send(new aws.HeadBucketCommand({ Bucket })))).status, 403);
            assert.match((await refusalOf(iam.send(new GetUserCommand({})))).message, /session policy$/);
        });

        it("needs root sessions to be on", async () => {
            simulator.organization.setFeature("RootSessions", false);
            assert.equal(
                (await refusalOf(unlocking())).message,
                "Root sessions feature is not enabled for your AWS Organization.",
            );
        });

        it("is bound by SCPs on the account and by RCPs on what belongs to it", async () => {
            const { organization } = simulator;
            const s3 = await unlocking();
            const scp = organization.attachScp(MEMBER, {
                name: "keep-policies",
                actions: ["s3:*BucketPolicy"],
            });
            assert.match(
                (await refusalOf(get(s3))).message,
                /on resource: "arn:aws:s3:::ledger" with an explicit deny in a service control policy: arn:\S+$/,
            );
            organization.detachScp(MEMBER, scp);

            const rcp = organization.attachRcp(MEMBER, {
                name: "perimeter",
                actions: ["s3:DeleteBucketPolicy"],
            });
            await get(s3);
            assert.match((await refusalOf(remove(s3))).message, /in a resource control policy: arn:\S+$/);
            organization.detachRcp(MEMBER, rcp);
            await remove(s3);
        });
    });

    describe("a bucket's policy", () => {
        it("comes back byte for byte", async () => {
            const text = `\n{ "Version":"2012-10-17",\n\t"Id" : "\\u00e9é<&>",  "Statement": [${JSON.stringify(
                {
                    ...LOCKED.Statement,
                    Effect: "Allow",
                },
            )}] }\n`;
            const s3 = await unlocking();
            await put(s3, text);

            assert.equal((await get(s3)).Policy, text);
            assert.equal(simulator.organization.buckets.policyOf("ledger"), text);
        });

        it("may be missing", async () => {
            const s3 = s3Of(MEMBER, "us-east-1");
            assert.deepEqual(await refusalOf(get(s3, "reports")), {
                name: "NoSuchBucketPolicy",
                message: "The bucket policy does not exist",
                status: 404,
            });
            assert.equal((await remove(s3, "reports")).$metadata.httpStatusCode, 204);
        });

        it("is refused where it is malformed, and the old one stays", async () => {
            const s3 = await unlocking();
            const cases: [policy: string | object, message: RegExp][] = [
                ["not JSON", /^Policies must be valid JSON and the first byte must be '{'$/],
                ["", /^Policies must be valid JSON/],
                [{ Version: "2012-10-17" }, /^Missing required field Statement$/],
                [
                    { Statement: { ...LOCKED.Statement, Resource: "arn:aws:s3:::reports" } },
                    /^Policy has invalid resource$/,
                ],
                [{ Statement: { ...LOCKED.Statement, Action: "GetObject" } }, /^Policy has invalid action$/],
                [
                    { Statement: { ...LOCKED.Statement, Sid: "x".repeat(20_480) } },
                    /maximum allowed document size/,
                ],
                [
                    {
                        Statement: {
                            ...LOCKED.Statement,
                            Condition: { StringEquals: { "aws:PrincipalTag/team": "x" } },
                        },
                    },
                    /^the simulator cannot judge this policy: the condition key aws:PrincipalTag\/team/,
                ],
            ];
            for (const [policy, message] of cases) {
                const refused = await refusalOf(put(s3, policy));
                assert.equal(refused.name, "MalformedPolicy");
                assert.equal(refused.status, 400);
                assert.match(refused.message, message);
            }
            assert.equal(simulator.organization.buckets.policyOf("ledger"), JSON.stringify(LOCKED));
        });

        it("is the owner's alone, whomever it lets in", async () => {
            const Principal = { AWS: [OTHER, OUTSIDER] };
            simulator.organization.buckets.setPolicy("ledger", {
                ...LOCKED,
                Statement: { ...LOCKED.Statement, Effect: "Allow", Principal },
            });

            for (const caller of [OTHER, OUTSIDER]) {
                for (const call of [get, remove, (s3: aws.S3Client) => put(s3, LOCKED)]) {
                    assert.deepEqual(await refusalOf(call(s3Of(caller))), {
                        name: "MethodNotAllowed",
                        message: "The specified method is not allowed against this resource.",
                        status: 405,
                    });
                }
            }
            assert.equal((await refusalOf(get(await unlocking(UNLOCK, "eu-west-1", OTHER)))).status, 405);
        });

        it("that lets nobody else in is closed to other accounts, and outside the organization without a reason", async () => {
            assert.match(
                (await refusalOf(get(s3Of(OTHER, "us-east-1"), "reports"))).message,
                /"arn:aws:s3:::reports" because no resource-based policy allows the s3:GetBucketPolicy action$/,
            );
            const refused = await refusalOf(get(s3Of(OUTSIDER, "us-east-1"), "reports"));
            assert.deepEqual(refused, { name: "AccessDenied", message: "Access Denied", status: 403 });
        });
    });

    describe("a bucket", () => {
        it("that is not there", async () => {
            const s3 = await unlocking();
            for (const call of [get, remove, (client: aws.S3Client) => put(client, LOCKED, "legder")]) {
                assert.deepEqual(await refusalOf(call(s3, "legder")), {
                    name: "NoSuchBucket",
                    message: "The specified bucket does not exist",
                    status: 404,
                });
            }
        });

        it("is found in its own region only, which the answer tells", async () => {
            const s3 = await unlocking(UNLOCK, "us-east-1");
            const error: unknown = await get(s3).catch((reason: unknown) => reason);
            assert(error instanceof aws.S3ServiceException);
            assert.equal(error.name, "PermanentRedirect");
            assert.equal(error.$metadata.httpStatusCode, 301);
            assert.equal(error.$response?.headers["x-amz-bucket-region"], "eu-west-1");
        });

        it("is followed into its region by a client that is told to", async () => {
            const { signingKey } = simulator.organization.principals.createRootSession(
                MEMBER,
                "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy",
                900,
            );
            const s3 = new aws.S3Client({
                endpoint: simulator.url,
                region: "us-east-1",
                credentials: signingKey,
                followRegionRedirects: true,
            });
            assert.equal((await get(s3)).Policy, JSON.stringify(LOCKED));
        });

        it("of another account than expected is refused, before anything else is looked at", async () => {
            const s3 = await unlocking();
            await get(s3, "ledger", MEMBER);
            assert.deepEqual(await refusalOf(get(s3, "ledger", OTHER)), {
                name: "AccessDenied",
                message: "Access Denied",
                status: 403,
            });
        });

        it("may have points in its name, if the client keeps it in the path over plain HTTP", async () => {
            simulator.organization.buckets.setPolicy("shop.images", {
                Statement: { ...LOCKED.Statement, Resource: "arn:aws:s3:::shop.images" },
            });
            const s3 = new aws.S3Client({
                endpoint: simulator.url,
                region: "us-east-1",
                credentials: simulator.organization.principals.userIn(OTHER).signingKey,
                forcePathStyle: true,
            });
            assert.match(
                (await refusalOf(get(s3, "shop.images"))).message,
                /"arn:aws:s3:::shop.images" with/,
            );
        });
    });

    it("carries out nothing else, for anybody", async () => {
        const s3 = s3Of(MEMBER, "us-east-1");
        const refused = await refusalOf(s3.send(new aws.GetBucketLocationCommand({ Bucket: "reports" })));
        assert.deepEqual(refused, {
            name: "NotImplemented",
            message: "The simulator does not carry out s3:GetBucketLocation",
            status: 501,
        });
        const unknown = s3.send(new aws.CreateMultipartUploadCommand({ Bucket: "reports", Key: "k" }));
        assert.equal((await refusalOf(unknown)).name, "MethodNotAllowed");
    });

    it("refuses keys that nobody knows, and sessions that have ended, in its own words", async () => {
        const unknown = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "guessed" };
        assert.deepEqual(await refusalOf(get(clientsWith(simulator, "eu-west-1", unknown).s3)), {
            name: "InvalidAccessKeyId",
            message: "The AWS Access Key Id you provided does not exist in our records.",
            status: 403,
        });
        const s3 = (await rootSession(simulator, MEMBER, UNLOCK, { seconds: 0, region: "eu-west-1" })).s3;
        assert.deepEqual(await refusalOf(get(s3)), {
            name: "ExpiredToken",
            message: "The provided token has expired.",
            status: 400,
        });
    });

    it("answers with a request id", async () => {
        const { $metadata } = await get(await unlocking());
        assert.match($metadata.requestId ?? "", /^00000000-0000-4000-8000-\d{12}$/);
        assert(($metadata.extendedRequestId ?? "").length > 0);
    });
});
