import assert from "node:assert/strict";
import {
    DeleteBucketPolicyCommand,
    GetBucketPolicyCommand,
    ListBucketsCommand,
    PutBucketPolicyCommand,
} from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, ListQueuesCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { isThrottlingError } from "@smithy/core/retry";
import type { SdkError } from "@smithy/types";
import * as simulated from "./index";
import { type Clients, clientsOf, clientsWith, refusalOf, rootSession } from "./sdk-clients";

const ACCOUNT = "111122223333";
const OTHER = "444455556666";
const POLICY = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::ledger" },
});
const QUEUE_POLICY = POLICY.replace("s3:*", "sqs:*").replace("arn:aws:s3:::ledger", "*");
const QueueUrl = `https://sqs.us-east-1.amazonaws.com/${ACCOUNT}/jobs`;

describe("faults of S3 and SQS", () => {
    let simulator: simulated.Simulator;
    let organization: simulated.Organization;
    let s3: Clients["s3"];
    let sqs: Clients["sqs"];

    async function start(options: Partial<simulated.SimulatorOptions> = {}): Promise<void> {
        simulator = await simulated.startSimulator({
            seed: {
                accounts: [
                    {
                        id: ACCOUNT,
                        name: "payments",
                        buckets: [{ name: "ledger", policy: POLICY }],
                        queues: [{ name: "jobs", policy: QUEUE_POLICY }],
                    },
                    { id: OTHER, name: "storefront", buckets: [{ name: "images" }] },
                ],
            },
            ...options,
        });
        organization = simulator.organization;
        ({ s3 } = await rootSession(simulator, ACCOUNT, "S3UnlockBucketPolicy"));
        ({ sqs } = await rootSession(simulator, ACCOUNT, "SQSUnlockQueuePolicy"));
    }
    beforeEach(() => start());
    afterEach(() => simulator.close());

    const get = async () => (await s3.send(new GetBucketPolicyCommand({ Bucket: "ledger" }))).Policy;
    const put = () =>
        s3.send(new PutBucketPolicyCommand({ Bucket: "ledger", Policy: POLICY.replace("Deny", "Allow") }));
    const remove = (abortSignal?: AbortSignal) =>
        s3.send(new DeleteBucketPolicyCommand({ Bucket: "ledger" }), abortSignal && { abortSignal });
    const list = async () => (await s3.send(new ListBucketsCommand({ MaxBuckets: 10 }))).Buckets;
    const attributes = async () =>
        (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["Policy"] }))).Attributes;
    const unlock = () => sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: "" } }));
    const queuePolicy = () => organization.queues.policyOf(ACCOUNT, "us-east-1", "jobs");

    describe("refusals", () => {
        const cases: [string, simulated.Fault, inS3: [string, number], inSqs: [string, number]][] = [
            ["throttled", simulated.throttled(), ["SlowDown", 503], ["RequestThrottled", 403]],
            ["accessDenied", simulated.accessDenied(), ["AccessDenied", 403], ["AccessDenied", 403]],
            ["expiredToken", simulated.expiredToken(), ["ExpiredToken", 400], ["ExpiredToken", 403]],
            ["serverError", simulated.serverError(), ["InternalError", 500], ["InternalFailure", 500]],
            [
                "serverError 503",
                simulated.serverError(503),
                ["ServiceUnavailable", 503],
                ["ServiceUnavailable", 503],
            ],
        ];
        for (const [title, fault, inS3, inSqs] of cases) {
            it(`${title} speaks each service's language, and nothing is carried out`, async () => {
                organization.failAlways("*", fault);

                const [removing, unlocking] = [await refusalOf(remove()), await refusalOf(unlock())];
                assert.deepEqual([removing.name, removing.status], inS3);
                assert.deepEqual([unlocking.name, unlocking.status], inSqs);
                assert.equal(organization.buckets.policyOf("ledger"), POLICY);
                assert.equal(queuePolicy(), QUEUE_POLICY);
            });
        }

        it("by action and by the account that signs", async () => {
            organization.failNext(
                "PutBucketPolicy",
                simulated.refusal("OperationAborted", "A conflicting one.", 409),
            );
            organization.failAlways("GetQueueAttributes", simulated.throttled(), { accountId: OTHER });
            organization.failAlways("DeleteBucketPolicy", simulated.accessDenied("Not today."), {
                accountId: ACCOUNT,
            });

            assert.deepEqual(await refusalOf(put()), {
                name: "OperationAborted",
                message: "A conflicting one.",
                status: 409,
            });
            assert.equal((await refusalOf(remove())).message, "Not today.");
            assert(await attributes());
        });

        it("name the permission that S3 has for a list", async () => {
            organization.failNext("ListBuckets", simulated.accessDenied());
            assert.match(
                (await refusalOf(list())).message,
                /to perform: s3:ListAllMyBuckets because no identity-based/,
            );
        });
    });

    describe("answers without content", () => {
        for (const [title, fault] of [
            ["emptyBody", simulated.emptyBody()],
            ["missingResult", simulated.missingResult()],
            ["htmlBody", simulated.htmlBody()],
        ] as const) {
            it(`${title}: the SDK reports success and no list at all`, async () => {
                organization.failAlways("ListBuckets", fault);
                assert.equal(await list(), undefined);
            });
        }

        it("of a policy: nothing, a page of HTML, or half of it, and the SDK takes all of them for the policy", async () => {
            organization.failNext("GetBucketPolicy", simulated.emptyBody());
            organization.failNext("GetBucketPolicy", simulated.missingResult());
            organization.failNext("GetBucketPolicy", simulated.htmlBody());
            organization.failNext("GetBucketPolicy", simulated.truncatedBody());

            assert.equal(await get(), undefined);
            assert.equal(await get(), undefined);
            assert.match((await get()) ?? "", /Please sign in/);
            assert.equal(await get(), POLICY.slice(0, POLICY.length / 2));
            assert.equal(await get(), POLICY);
        });

        it("of a queue: no attributes, or an error", async () => {
            organization.failNext("GetQueueAttributes", simulated.missingResult());
            organization.failNext("ListQueues", simulated.emptyList());
            organization.failNext("GetQueueAttributes", simulated.truncatedBody());

            assert.equal(await attributes(), undefined);
            assert.deepEqual((await sqs.send(new ListQueuesCommand({}))).QueueUrls, []);
            assert.match((await refusalOf(attributes())).message, /Deserialization error/);
        });

        it("from AWS, the policy is gone; from a proxy, it is not", async () => {
            organization.failNext("DeleteBucketPolicy", simulated.htmlBody());
            assert.equal((await remove()).$metadata.httpStatusCode, 200);
            assert.equal(organization.buckets.policyOf("ledger"), POLICY);

            organization.failNext("DeleteBucketPolicy", simulated.emptyBody());
            await remove();
            assert.equal(organization.buckets.policyOf("ledger"), undefined);
        });
    });

    describe("broken connections", () => {
        it("connectionReset: nothing has happened; answerLost: it has", async () => {
            organization.failNext("DeleteBucketPolicy", simulated.connectionReset());
            assert.match((await refusalOf(remove())).message, /ECONNRESET|socket hang up/);
            assert.equal(organization.buckets.policyOf("ledger"), POLICY);

            organization.failNext("SetQueueAttributes", simulated.answerLost());
            assert.match((await refusalOf(unlock())).message, /ECONNRESET|socket hang up/);
            assert.equal(queuePolicy(), undefined);
        });

        it("answerHangs: only the caller's own deadline ends it, although the policy is gone", async () => {
            organization.failNext("DeleteBucketPolicy", simulated.answerHangs());
            assert.match((await refusalOf(remove(AbortSignal.timeout(100)))).name, /AbortError|TimeoutError/);
            assert.equal(organization.buckets.policyOf("ledger"), undefined);
        });
    });

    describe("rates", () => {
        const TWO = { perSecond: 0.001, burst: 2 };
        const isThrottled = (sent: Promise<unknown>) =>
            sent.then(
                () => false,
                (error: SdkError) => isThrottlingError(error),
            );

        it("are each service's own, or one action's, and the SDK knows that it is throttled", async () => {
            await simulator.close();
            await start({ limits: { s3: TWO, SetQueueAttributes: TWO } });
            await get();
            await put();
            assert(await isThrottled(get()));
            assert.equal((await refusalOf(list())).name, "SlowDown");

            await unlock();
            await unlock();
            assert(await isThrottled(unlock()));
            await attributes();
        });

        it("are charged to the account that signs, and by SQS in each region", async () => {
            await simulator.close();
            await start({ limits: { ListBuckets: TWO, ListQueues: TWO } });
            const both = async (caller: string, region: string) => {
                const clients = clientsOf(simulator, caller, region);
                await clients.s3.send(new ListBucketsCommand({}));
                await clients.sqs.send(new ListQueuesCommand({}));
            };
            await both(ACCOUNT, "us-east-1");
            await both(ACCOUNT, "us-east-1");
            await both(OTHER, "us-east-1");
            assert.equal((await refusalOf(both(ACCOUNT, "eu-west-1"))).name, "SlowDown");
            const { sqs: elsewhere } = clientsOf(simulator, ACCOUNT, "eu-west-1");
            await elsewhere.send(new ListQueuesCommand({}));
        });
    });

    it("the SDK retries what is throttled by itself", async () => {
        organization.failNext("GetBucketPolicy", simulated.throttled());
        organization.failNext("ListQueues", simulated.throttled());
        const { signingKey } = organization.principals.userIn(OTHER);
        const patient = clientsWith(simulator, "us-east-1", signingKey, 3);

        await refusalOf(patient.s3.send(new GetBucketPolicyCommand({ Bucket: "images" })));
        await patient.sqs.send(new ListQueuesCommand({}));

        const codes = simulator.requests.of("GetBucketPolicy").map(({ errorCode }) => errorCode);
        assert.deepEqual(codes, ["SlowDown", "NoSuchBucketPolicy"]);
        assert.equal(simulator.requests.of("ListQueues").length, 2);
    });

    it("the log has the service, the action, the bucket or queue, and no policy", async () => {
        simulator.requests.clear();
        await remove();
        await unlock();
        await refusalOf(s3.send(new GetBucketPolicyCommand({ Bucket: "images" })));

        assert.deepEqual(
            simulator.requests.entries.map(
                ({ service, action, region, target, status, errorCode, callerArn }) => [
                    ...[service, action, region, target, status, errorCode, callerArn],
                ],
            ),
            [
                [
                    "s3",
                    "DeleteBucketPolicy",
                    "us-east-1",
                    "ledger",
                    204,
                    undefined,
                    `arn:aws:iam::${ACCOUNT}:root`,
                ],
                [
                    "sqs",
                    "SetQueueAttributes",
                    "us-east-1",
                    "jobs",
                    200,
                    undefined,
                    `arn:aws:iam::${ACCOUNT}:root`,
                ],
                [
                    "s3",
                    "GetBucketPolicy",
                    "us-east-1",
                    "images",
                    403,
                    "AccessDenied",
                    `arn:aws:iam::${ACCOUNT}:root`,
                ],
            ],
        );
        assert(!JSON.stringify([...simulator.requests]).includes("Statement"));
    });

    it("an onlooker is told of each call, and may choose what goes wrong with it", async () => {
        const told: string[] = [];
        organization.onlooker = {
            arrives: ({ service, action }, accountId) => {
                told.push(`${service}:${action} of ${accountId}`);
                return action === "DeleteBucketPolicy" ? simulated.throttled() : undefined;
            },
            leaves: ({ target }, { answer }) => void told.push(`${String(target)} ${JSON.stringify(answer)}`),
        };
        await get();
        await refusalOf(remove());

        assert.deepEqual(told, [
            `s3:GetBucketPolicy of ${ACCOUNT}`,
            `ledger ${JSON.stringify({ Policy: POLICY })}`,
            `s3:DeleteBucketPolicy of ${ACCOUNT}`,
            "ledger undefined",
        ]);
    });

    it("without a port, S3 is asked with a method and a path", async () => {
        const seed = {
            accounts: [{ id: ACCOUNT, name: "payments", buckets: [{ name: "ledger", policy: POLICY }] }],
        };
        const portless = simulated.portlessSimulator({ seed });
        const { accessKeyId } = portless.organization.principals.userIn(OTHER).signingKey;
        const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/s3/aws4_request`;

        const listed = await portless.answer({ authorization }, "", {
            method: "GET",
            path: "/?x-id=ListBuckets",
        });
        assert.ok(typeof listed === "object" && listed.status === 200);
        assert.match(listed.body, /<Buckets><\/Buckets>/);
        const refused = await portless.answer({ authorization }, "", {
            method: "DELETE",
            path: "/ledger?policy",
        });
        assert.ok(typeof refused === "object" && refused.status === 403);
        const head = await portless.answer({ authorization }, "", { method: "HEAD", path: "/ledger" });
        assert.deepEqual(typeof head === "object" && [head.status, head.body], [403, ""]);
        assert.deepEqual(portless.requests.actions(), ["ListBuckets", "DeleteBucketPolicy", "HeadBucket"]);
    });
});
