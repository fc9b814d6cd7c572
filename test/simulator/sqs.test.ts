import assert from "node:assert/strict";
import * as aws from "@aws-sdk/client-sqs";
import { type Simulator, startSimulator } from "./index";
import { type Task, clientsOf, clientsWith, refusalOf, rootSession } from "./sdk-clients";

const MEMBER = "111122223333";
const OTHER = "444455556666";
const UNLOCK = "SQSUnlockQueuePolicy";
const REGION = "eu-west-1";
const ARN = `arn:aws:sqs:${REGION}:${MEMBER}:jobs`;
const URL = `https://sqs.${REGION}.amazonaws.com/${MEMBER}/jobs`;
/** Locks out everybody: users, roles, the root user. */
const LOCKED = {
    Version: "2012-10-17",
    Statement: { Effect: "Deny", Principal: "*", Action: "sqs:*", Resource: ARN },
};

describe("SQS", () => {
    let simulator: Simulator;
    beforeEach(async () => {
        simulator = await startSimulator({
            now: new Date("2026-09-12T10:00:00Z"),
            seed: {
                accounts: [
                    {
                        id: MEMBER,
                        name: "payments",
                        queues: [
                            { name: "jobs", region: REGION, policy: LOCKED },
                            { name: "jobs-dead.fifo", region: REGION },
                            { name: "mails", region: REGION },
                            { name: "jobs" },
                        ],
                    },
                    { id: OTHER, name: "storefront", queues: [{ name: "orders", region: REGION }] },
                ],
            },
        });
    });
    afterEach(() => simulator.close());

    const attributes = async (
        sqs: aws.SQSClient,
        names: aws.QueueAttributeName[] = ["Policy"],
        QueueUrl = URL,
    ) => (await sqs.send(new aws.GetQueueAttributesCommand({ QueueUrl, AttributeNames: names }))).Attributes;
    const set = (sqs: aws.SQSClient, Policy: string | object, QueueUrl = URL) =>
        sqs.send(
            new aws.SetQueueAttributesCommand({
                QueueUrl,
                Attributes: { Policy: typeof Policy === "string" ? Policy : JSON.stringify(Policy) },
            }),
        );
    const urlOf = async (sqs: aws.SQSClient, QueueName: string, QueueOwnerAWSAccountId?: string) =>
        (await sqs.send(new aws.GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId }))).QueueUrl;
    const list = (sqs: aws.SQSClient, input: aws.ListQueuesCommandInput = {}) =>
        sqs.send(new aws.ListQueuesCommand(input));
    const sqsOf = (caller: string, region = REGION) => clientsOf(simulator, caller, region).sqs;
    const unlocking = async (task: Task = UNLOCK, region = REGION) =>
        (await rootSession(simulator, MEMBER, task, { region })).sqs;
    const policy = () => simulator.organization.queues.policyOf(MEMBER, REGION, "jobs");

    describe("a queue that locks everybody out", () => {
        it("is closed to an administrator of its account, in AWS's words", async () => {
            const sqs = sqsOf(MEMBER);
            const calls: [action: string, send: () => Promise<unknown>][] = [
                ["getqueueattributes", () => attributes(sqs)],
                ["setqueueattributes", () => set(sqs, "")],
                ["getqueueurl", () => urlOf(sqs, "jobs")],
            ];
            for (const [action, send] of calls) {
                assert.deepEqual(await refusalOf(send()), {
                    name: "AccessDenied",
                    message:
                        `User: arn:aws:iam::${MEMBER}:user/operator is not authorized to perform: sqs:${action} ` +
                        `on resource: ${ARN} with an explicit deny in a resource-based policy`,
                    status: 403,
                });
            }
            assert.equal(policy(), JSON.stringify(LOCKED));
        });

        it("is open to a root session with the task for it: it can be found, read, repaired and unlocked", async () => {
            const sqs = await unlocking();
            assert.deepEqual((await list(sqs)).QueueUrls?.[0], URL);
            assert.equal(await urlOf(sqs, "jobs"), URL);
            assert.deepEqual(await attributes(sqs), { Policy: JSON.stringify(LOCKED) });

            const text = `{ "Statement":\n[${JSON.stringify({ ...LOCKED.Statement, Effect: "Allow" })}], "Id": "é<&>"}`;
            await set(sqs, text);
            assert.deepEqual(await attributes(sqsOf(MEMBER)), { Policy: text });

            await set(sqs, "");
            assert.equal(policy(), undefined);
            assert.equal(await attributes(sqs), undefined);
        });

        it("is open to the root user itself, which may not do anything else there", async () => {
            const accessKeyId = simulator.organization.createRootAccessKey(MEMBER);
            const { sqs } = clientsWith(simulator, REGION, { accessKeyId, secretAccessKey: "leaked" });

            await attributes(sqs);
            const purge = sqs.send(new aws.PurgeQueueCommand({ QueueUrl: URL }));
            assert.match((await refusalOf(purge)).message, /sqs:purgequeue .* resource-based policy$/);
        });
    });

    describe("a root session", () => {
        for (const task of ["IAMAuditRootUserCredentials", "S3UnlockBucketPolicy"] as const) {
            it(`for ${task} is refused`, async () => {
                const sqs = await unlocking(task);
                assert.equal(
                    (await refusalOf(attributes(sqs))).message,
                    `User: arn:aws:iam::${MEMBER}:root is not authorized to perform: sqs:getqueueattributes ` +
                        `on resource: ${ARN} with an explicit deny in a session policy`,
                );
                assert.match(
                    (await refusalOf(list(sqs))).message,
                    /sqs:listqueues on resource: arn:aws:sqs:eu-west-1:111122223333: with .* session policy$/,
                );
            });
        }

        it("for unlocking has the four actions and no other", async () => {
            const sqs = await unlocking();
            for (const send of [
                () => sqs.send(new aws.SendMessageCommand({ QueueUrl: URL, MessageBody: "x" })),
                () => sqs.send(new aws.CreateQueueCommand({ QueueName: "more" })),
                () => sqs.send(new aws.DeleteQueueCommand({ QueueUrl: URL })),
            ]) {
                assert.match((await refusalOf(send())).message, /explicit deny in a session policy$/);
            }
        });

        it("for unlocking reads no other account's queue, even one that lets everybody in", async () => {
            simulator.organization.queues.setPolicy(OTHER, REGION, "orders", {
                Statement: { ...LOCKED.Statement, Effect: "Allow", Resource: "*" },
            });
            const sqs = await unlocking();
            const QueueUrl = (await urlOf(sqs, "orders", OTHER)) ?? "";
            assert.match((await refusalOf(attributes(sqs, ["Policy"], QueueUrl))).message, /session policy$/);
        });

        it("needs root sessions to be on, and is bound by SCPs and RCPs", async () => {
            const { organization } = simulator;
            const sqs = await unlocking();
            organization.attachScp(MEMBER, { name: "no-reading", actions: ["sqs:GetQueueAttributes"] });
            organization.attachRcp(MEMBER, { name: "perimeter", actions: ["sqs:SetQueueAttributes"] });
            assert.match((await refusalOf(attributes(sqs))).message, /service control policy: arn:\S+$/);
            assert.match((await refusalOf(set(sqs, ""))).message, /resource control policy: arn:\S+$/);
            assert.equal(policy(), JSON.stringify(LOCKED));

            organization.setFeature("RootSessions", false);
            assert.match((await refusalOf(unlocking())).message, /^Root sessions feature is not enabled/);
        });
    });

    describe("a queue", () => {
        it("is found in its own region only", async () => {
            assert.equal(await urlOf(sqsOf(MEMBER, "us-east-1"), "jobs"), URL.replace(REGION, "us-east-1"));
            const elsewhere = await unlocking(UNLOCK, "eu-central-1");
            assert.deepEqual(await refusalOf(urlOf(elsewhere, "jobs")), {
                name: "QueueDoesNotExist",
                message: "The specified queue does not exist.",
                status: 400,
            });
            assert.deepEqual(await refusalOf(attributes(elsewhere)), {
                name: "InvalidAddress",
                message: `The address ${URL} is not valid for this endpoint.`,
                status: 404,
            });
        });

        it("that is gone, or that is named by no URL", async () => {
            simulator.organization.queues.remove(MEMBER, REGION, "jobs");
            const sqs = await unlocking();
            for (const send of [() => attributes(sqs), () => set(sqs, ""), () => urlOf(sqs, "jobs")]) {
                assert.equal((await refusalOf(send())).name, "QueueDoesNotExist");
            }
            const error: unknown = await attributes(sqs).catch((reason: unknown) => reason);
            assert(error instanceof aws.QueueDoesNotExist);
            assert.equal((await refusalOf(attributes(sqs, ["Policy"], "jobs"))).name, "InvalidAddress");
        });

        it("has attributes: those that are asked for, all of them, or none", async () => {
            const sqs = await unlocking();
            const mails = URL.replace("jobs", "mails");
            const all = await attributes(sqs, ["All"], mails);
            assert.equal(all?.["QueueArn"], ARN.replace("jobs", "mails"));
            assert.equal(all["VisibilityTimeout"], "30");
            assert(!("Policy" in all));
            assert.deepEqual(await attributes(sqs, ["QueueArn", "Policy"], mails), {
                QueueArn: all["QueueArn"],
            });
            assert.equal(await attributes(sqs, [], mails), undefined);
            const unknown = attributes(sqs, ["Polices" as aws.QueueAttributeName]);
            assert.equal((await refusalOf(unknown)).name, "InvalidAttributeName");
        });

        it("refuses a policy that is none, and keeps the old one", async () => {
            const sqs = await unlocking();
            const invalid = {
                name: "InvalidAttributeValue",
                message: "Invalid value for the parameter Policy.",
                status: 400,
            };
            const statement = LOCKED.Statement;
            for (const given of [
                "not JSON",
                { Version: "2012-10-17" },
                { Statement: { ...statement, Principal: "everyone" } },
                { Statement: { ...statement, Action: "SendMessage" } },
            ]) {
                assert.deepEqual(await refusalOf(set(sqs, given)), invalid);
            }
            const Condition = { StringEquals: { "aws:PrincipalTag/team": "x" } };
            assert.match(
                (await refusalOf(set(sqs, { Statement: { ...statement, Condition } }))).message,
                /^Invalid value for the parameter Policy\. \(the simulator cannot judge this policy: .*PrincipalTag/,
            );
            assert.deepEqual(
                await refusalOf(set(sqs, { Statement: { ...statement, Sid: "x".repeat(8192) } })),
                {
                    name: "OverLimit",
                    message: "Submitted policy is over max allowed size.",
                    status: 403,
                },
            );
            assert.equal(policy(), JSON.stringify(LOCKED));
        });

        it("takes no other attribute, and no call that brings none", async () => {
            const sqs = await unlocking();
            const other = { QueueUrl: URL, Attributes: { Policy: "", VisibilityTimeout: "60" } };
            assert.deepEqual(await refusalOf(sqs.send(new aws.SetQueueAttributesCommand(other))), {
                name: "UnsupportedOperation",
                message:
                    "The simulator does not carry out sqs:SetQueueAttributes of Attributes.VisibilityTimeout",
                status: 400,
            });
            const none = sqs.send(new aws.SetQueueAttributesCommand({ QueueUrl: URL, Attributes: {} }));
            assert.equal((await refusalOf(none)).name, "MissingParameter");
            assert.equal(policy(), JSON.stringify(LOCKED));
        });

        it("shows what it was for as many reads as it is told, while the new policy is in force", async () => {
            const { organization } = simulator;
            const sqs = await unlocking();
            organization.queues.lagReads = 2;
            organization.clock.advance(60);
            await set(sqs, "");

            assert.equal(policy(), undefined);
            assert.deepEqual(await attributes(sqsOf(MEMBER)), { Policy: JSON.stringify(LOCKED) });
            assert.deepEqual(await attributes(sqs, ["Policy", "LastModifiedTimestamp"]), {
                Policy: JSON.stringify(LOCKED),
                LastModifiedTimestamp: "1705309200",
            });
            assert.deepEqual(await attributes(sqs, ["Policy", "LastModifiedTimestamp"]), {
                LastModifiedTimestamp: "1789207260",
            });

            await set(sqs, LOCKED);
            organization.queues.setPolicy(MEMBER, REGION, "jobs", undefined);
            assert.equal(await attributes(sqs), undefined);
        });
    });

    describe("queues of other accounts", () => {
        const orders = `https://sqs.${REGION}.amazonaws.com/${OTHER}/orders`;
        const letIn = (Action: string | string[], Principal: unknown = { AWS: MEMBER }) =>
            simulator.organization.queues.setPolicy(OTHER, REGION, "orders", {
                Statement: { Effect: "Allow", Principal, Action, Resource: "*" },
            });

        it("are closed unless their policy lets one in", async () => {
            const sqs = sqsOf(MEMBER);
            assert.deepEqual(await refusalOf(urlOf(sqs, "orders", OTHER)), {
                name: "QueueDoesNotExist",
                message: "The specified queue does not exist or you do not have access to it.",
                status: 400,
            });
            assert.match(
                (await refusalOf(attributes(sqs, ["QueueArn"], orders))).message,
                /because no resource-based policy allows the sqs:getqueueattributes action$/,
            );
            letIn(["sqs:GetQueueUrl", "SQS:GetQueueAttributes"]);
            assert.equal(await urlOf(sqs, "orders", OTHER), orders);
            assert(await attributes(sqs, ["QueueArn"], orders));
        });

        it("are never changed nor listed, whatever their policy allows", async () => {
            letIn("sqs:*", "*");
            const sqs = sqsOf(MEMBER);
            assert.match(
                (await refusalOf(set(sqs, "", orders))).message,
                /because no resource-based policy allows the sqs:setqueueattributes action$/,
            );
            assert(!(await list(sqs)).QueueUrls?.includes(orders));
        });
    });

    describe("its list of queues", () => {
        const names = ({ QueueUrls = [] }: aws.ListQueuesCommandOutput) =>
            QueueUrls.map((url) => url.replace(/.*\//, ""));

        it("has those of one region, of one prefix if that is asked", async () => {
            const sqs = sqsOf(MEMBER);
            assert.deepEqual(names(await list(sqs)), ["jobs", "jobs-dead.fifo", "mails"]);
            assert.deepEqual(names(await list(sqs, { QueueNamePrefix: "jobs-" })), ["jobs-dead.fifo"]);
            assert.deepEqual(names(await list(sqsOf(MEMBER, "us-east-1"))), ["jobs"]);
            assert.equal((await list(sqsOf(MEMBER, "eu-north-1"))).QueueUrls, undefined);
        });

        it("comes in pages for those who ask for pages", async () => {
            const sqs = sqsOf(MEMBER);
            const pages: string[][] = [];
            for await (const page of aws.paginateListQueues({ client: sqs, pageSize: 2 }, {}))
                pages.push(names(page));
            assert.deepEqual(pages, [["jobs", "jobs-dead.fifo"], ["mails"]]);

            simulator.organization.queues.pageSize = 1;
            const cut = await list(sqs);
            assert.deepEqual([names(cut), cut.NextToken], [["jobs"], undefined]);
        });

        it("refuses numbers and tokens that make no sense", async () => {
            const sqs = sqsOf(MEMBER);
            for (const input of [
                { MaxResults: 0 },
                { MaxResults: 1001 },
                { NextToken: "x", MaxResults: 1 },
            ]) {
                assert.equal((await refusalOf(list(sqs, input))).name, "InvalidParameterValue");
            }
        });
    });

    it("carries out nothing else, for anybody", async () => {
        const sqs = sqsOf(MEMBER);
        const QueueUrl = URL.replace("jobs", "mails");
        assert.deepEqual(await refusalOf(sqs.send(new aws.PurgeQueueCommand({ QueueUrl }))), {
            name: "UnsupportedOperation",
            message: "The simulator does not carry out sqs:PurgeQueue",
            status: 400,
        });
        const unknown = sqs.send(new aws.ListMessageMoveTasksCommand({ SourceArn: ARN }));
        assert.equal((await refusalOf(unknown)).name, "UnknownOperationException");
    });

    it("refuses keys that nobody knows, and sessions that have ended, by the codes that it had in Query", async () => {
        const unknown = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "guessed" };
        assert.deepEqual(await refusalOf(list(clientsWith(simulator, REGION, unknown).sqs)), {
            name: "InvalidClientTokenId",
            message: "The security token included in the request is invalid.",
            status: 403,
        });
        const { sqs } = await rootSession(simulator, MEMBER, UNLOCK, { seconds: 0, region: REGION });
        assert.equal((await refusalOf(list(sqs))).name, "ExpiredToken");
    });

    it("brings its old code along with an error", async () => {
        const { accessKeyId } = simulator.organization.principals.userIn(MEMBER).signingKey;
        const answer = await fetch(simulator.url, {
            method: "POST",
            headers: {
                authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260912/${REGION}/sqs/aws4_request`,
                "x-amz-target": "AmazonSQS.GetQueueUrl",
            },
            body: JSON.stringify({ QueueName: "nowhere" }),
        });
        assert.equal(
            answer.headers.get("x-amzn-query-error"),
            "AWS.SimpleQueueService.NonExistentQueue;Sender",
        );
        assert.equal(answer.headers.get("content-type"), "application/x-amz-json-1.0");
        assert.deepEqual(await answer.json(), {
            __type: "com.amazonaws.sqs#QueueDoesNotExist",
            message: "The specified queue does not exist.",
        });
    });
});
