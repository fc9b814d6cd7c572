/** A locked bucket and a locked queue on the real engine: shown, opened, and put back as they were. */
import assert from "node:assert/strict";
import { GetBucketPolicyCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { Stack, type Run } from "./stack";

const PAYMENTS = "111122223333";
const BUCKET = "payments-logs";
const QUEUE = "orders";
const REGION = "eu-west-1";
const URL = `https://sqs.${REGION}.amazonaws.com/${PAYMENTS}/${QUEUE}`;

const TLS_ONLY = {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const READERS = {
    Sid: "Readers",
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::444455556666:root" },
    Action: "s3:GetObject",
    Resource: `arn:aws:s3:::${BUCKET}/*`,
};
const LOCK = { Sid: "DenyAll", Effect: "Deny", Principal: "*", Action: "s3:*", Resource: TLS_ONLY.Resource };

/** With spaces that no program would write, so that "byte for byte" means something. */
const BUCKET_POLICY = JSON.stringify(
    { Version: "2012-10-17", Id: "logs", Statement: [TLS_ONLY, LOCK, READERS] },
    null,
    3,
);

const SENDER = {
    Sid: "FromSns",
    Effect: "Allow",
    Principal: { Service: "sns.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: `arn:aws:sqs:${REGION}:${PAYMENTS}:${QUEUE}`,
};
const QUEUE_LOCK = {
    Sid: "NobodyAtAll",
    Effect: "Deny",
    NotPrincipal: { AWS: `arn:aws:iam::${PAYMENTS}:root` },
    Action: "sqs:*",
    Resource: SENDER.Resource,
};
const QUEUE_POLICY = JSON.stringify({ Version: "2012-10-17", Statement: [QUEUE_LOCK, SENDER] }, null, 2);

describe("policies that lock everybody out", function () {
    this.timeout(300_000);
    let stack: Stack;

    before(async () => {
        stack = await Stack.over({
            accounts: [
                {
                    id: PAYMENTS,
                    name: "payments",
                    buckets: [{ name: BUCKET, region: REGION, policy: BUCKET_POLICY }],
                    queues: [{ name: QUEUE, region: REGION, policy: QUEUE_POLICY }],
                },
                { id: "444455556666", name: "reader" },
            ],
        });
        assert.equal((await stack.up("--skip-preview")).exitCode, 0);
        await set("unlock[0].account", PAYMENTS);
        await set("unlock[0].bucket", BUCKET);
        await set("unlock[0].reason", "TICKET-12");
        await set("unlock[0].onDelete", "restore-policy");
        await set("unlock[1].account", PAYMENTS);
        await set("unlock[1].queueUrl", URL);
        await set("unlock[1].onDelete", "restore-policy");
    });
    after(() => stack?.close());

    const set = async (path: string, value: string) => {
        const { exitCode, output } = await stack.pulumi(`config set --path ${path} ${value}`);
        assert.equal(exitCode, 0, output);
    };

    const policies = () => ({
        bucket: stack.organization.buckets.policyOf(BUCKET),
        queue: stack.organization.queues.policyOf(PAYMENTS, REGION, QUEUE),
    });

    it("lock the account's own administrator out", async () => {
        const { s3, sqs } = administrator(stack);

        await assert.rejects(s3.send(new GetBucketPolicyCommand({ Bucket: BUCKET })), {
            name: "AccessDenied",
        });
        await assert.rejects(
            sqs.send(new GetQueueAttributesCommand({ QueueUrl: URL, AttributeNames: ["Policy"] })),
        );
    });

    it("are named by a first preview, with the statement that locks and what stays, and left alone", async () => {
        const preview = await stack.preview("--expect-no-changes");

        assert.equal(preview.exitCode, 7, preview.output);
        assert.match(
            textOf(preview, BUCKET),
            /bucket payments-logs of account 111122223333 \(payments\) has a policy that locks everybody out: statement "DenyAll" .*; pulumi up removes statement "DenyAll" and keeps the other 2 statements \(TICKET-12\)/,
        );
        assert.match(
            textOf(preview, URL),
            /queue orders in eu-west-1 of account 111122223333 \(payments\) has a policy that locks everybody out: statement "NobodyAtAll" .*; pulumi up removes statement "NobodyAtAll" and keeps the other statement/,
        );
        assert.deepEqual(findingsOf(preview), { [BUCKET]: "locked", [URL]: "locked" });
        assert.match(preview.output, /Bucket and queue policies\n[^]*111122223333 payments-logs locked\n/);
        assert.deepEqual(policies(), { bucket: BUCKET_POLICY, queue: QUEUE_POLICY });
    });

    it("are opened by up: the administrator reads and writes again, and the other statements are as they were", async () => {
        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.match(
            up.output,
            /bucket payments-logs of account 111122223333 \(payments\): removed statement "DenyAll"/,
        );
        const { bucket = "", queue = "" } = policies();
        assert.deepEqual(JSON.parse(bucket), {
            Version: "2012-10-17",
            Id: "logs",
            Statement: [TLS_ONLY, READERS],
        });
        assert.deepEqual(JSON.parse(queue), { Version: "2012-10-17", Statement: [SENDER] });
        await readsAndWrites(stack);
    });

    it("are no drift any more, and what was replaced is in the stack", async () => {
        const preview = await stack.preview("--expect-no-changes");

        assert.equal(preview.exitCode, 0, preview.output);
        assert.deepEqual(findingsOf(preview), { [BUCKET]: "as declared", [URL]: "as declared" });
        const { stdout } = await stack.pulumi("stack export");
        assert.ok(stdout.includes(JSON.stringify(BUCKET_POLICY)));
        assert.ok(stdout.includes(JSON.stringify(QUEUE_POLICY)));
    });

    it("are drift again when somebody locks anew, shown by property, and opened again", async () => {
        const again = JSON.stringify({ Version: "2012-10-17", Statement: [LOCK, TLS_ONLY] });
        stack.organization.buckets.setPolicy(BUCKET, again);

        const preview = await stack.preview("--expect-no-changes");

        assert.equal(preview.exitCode, 7, preview.output);
        assert.match(preview.output, /- \[0\]: "statement \\?"DenyAll\\?" /);
        const told = /pulumi up removes statement "DenyAll" and keeps the other statement/;
        assert.match(textOf(preview, BUCKET), told);
        assert.deepEqual(findingsOf(preview), { [BUCKET]: "locked", [URL]: "as declared" });

        const up = await stack.up("--skip-preview");
        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(JSON.parse(policies().bucket ?? ""), {
            Version: "2012-10-17",
            Statement: [TLS_ONLY],
        });
    });

    it("are not put back by deletes that are none: a resource under another name", async () => {
        const before = policies();
        const type = "pulumi-nodejs:dynamic/aws-root:BucketPolicyUnlocked";
        const urn = `urn:pulumi:test::aws-root-credentials::${type}::${PAYMENTS}-${BUCKET}`;
        await stack.pulumi(`state rename ${urn} old-name --yes`);
        const renamed = await stack.pulumi("stack export");
        assert.match(renamed.stdout, /BucketPolicyUnlocked::old-name"/);

        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.match(up.output, /is still declared by the program: nothing is put back/);
        assert.deepEqual(policies(), before);
    });

    it("are not put back over what somebody else has written since", async () => {
        const theirs = JSON.stringify({ Version: "2012-10-17", Statement: [READERS] });
        stack.organization.buckets.setPolicy(BUCKET, theirs);

        const destroy = await stack.pulumi("destroy --yes --skip-preview --continue-on-error");

        assert.notEqual(destroy.exitCode, 0);
        assert.match(destroy.output, /was not put back: since it was unlocked, somebody else has changed it/);
        assert.equal(policies().bucket, theirs);
        assert.equal(policies().queue, QUEUE_POLICY, "byte for byte");
    });

    it("are put back by destroy, byte for byte", async () => {
        stack.organization.buckets.setPolicy(BUCKET, BUCKET_POLICY);
        const up = await stack.up("--skip-preview");
        assert.equal(up.exitCode, 0, up.output);
        assert.notEqual(policies().bucket, BUCKET_POLICY);

        const open = policies();
        const refused = await stack.pulumi("destroy --yes --skip-preview --run-program --continue-on-error");

        assert.equal(refused.exitCode, 1, refused.output);
        for (const what of [BUCKET, QUEUE]) {
            const sentence = `${what}.* was not put back: pulumi destroy --run-program deletes it while the program declares it`;
            assert.match(refused.output, new RegExp(sentence));
        }
        assert.deepEqual(policies(), open);

        const destroy = await stack.pulumi("destroy --yes --skip-preview");

        assert.equal(destroy.exitCode, 0, destroy.output);
        assert.deepEqual(policies(), { bucket: BUCKET_POLICY, queue: QUEUE_POLICY });
    });
});

function findingsOf({ report }: Run): Record<string, string> {
    return Object.fromEntries((report?.policies ?? []).map(({ resource, finding }) => [resource, finding]));
}

function textOf({ report }: Run, resource: string): string {
    return report?.policies.find((policy) => policy.resource === resource)?.text ?? "";
}

/** An IAM user of the account with every permission, and nothing to do with root. */
function administrator({ simulator }: Stack) {
    const {
        AWS_ENDPOINT_URL = "",
        AWS_ACCESS_KEY_ID = "",
        AWS_SECRET_ACCESS_KEY = "",
    } = simulator.environment(PAYMENTS);
    const settings = {
        endpoint: AWS_ENDPOINT_URL,
        region: REGION,
        maxAttempts: 1,
        credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
    };
    return { s3: new S3Client(settings), sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }) };
}

/** Reads both policies, and puts them back as they are: what a locked administrator cannot. */
async function readsAndWrites(stack: Stack): Promise<void> {
    const { s3, sqs } = administrator(stack);
    const { Policy = "" } = await s3.send(new GetBucketPolicyCommand({ Bucket: BUCKET }));
    await s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy }));
    const queue = { QueueUrl: URL };
    const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ ...queue, AttributeNames: ["Policy"] }),
    );
    await sqs.send(
        new SetQueueAttributesCommand({ ...queue, Attributes: { Policy: Attributes?.Policy ?? "" } }),
    );
}
