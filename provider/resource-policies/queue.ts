/**
 * Reads and writes the attribute `Policy` of a queue. The attribute is missing if there is no policy, and writing an empty text
 * removes the policy.
 *
 * AWS documents that a read may show a changed attribute up to a minute late.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
import { GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { sharedConfig } from "../aws/clients";
import { isAbsence, required } from "../aws/responses";
import { IncompleteAnswer } from "../aws/errors/error-classes";
import { writeResult } from "../aws/write-log";
import type { RootSession } from "../aws/root-session";
import type { PolicyTarget } from "./target";
import type { PolicyKind } from "./kind";
import { policyText } from "./policy-text";
import { queueAt } from "./queue-url";

export const QUEUE: PolicyKind = {
    service: "sqs",
    recordedAs: "queuePolicy",
    key: "queueUrl",
    task: "unlockQueuePolicy",
    actions: {
        read: "sqs:GetQueueAttributes",
        put: "sqs:SetQueueAttributes",
        remove: "sqs:SetQueueAttributes",
    },
    readBackPauses: [1_000, 2_000, 4_000, 8_000, 15_000, 30_000],
    label: (target) => `queue ${nameOf(target)} in ${regionOf(target)}`,
    id: (target) => `${target.accountId}/${regionOf(target)}/${nameOf(target)}`,
    arn,
    region: (_session, target) => Promise.resolve(regionOf(target)),
    policyClient(session, target, region) {
        const sqs = clientOf(session, region);
        const queue = { QueueUrl: target.queueUrl ?? "" };
        const set = async (policy: string) => {
            const command = new SetQueueAttributesCommand({ ...queue, Attributes: { Policy: policy } });
            return writeResult(await sqs.send(command), "done");
        };
        return {
            async read() {
                const AttributeNames = ["Policy" as const, "QueueArn" as const];
                const answer = await sqs.send(new GetQueueAttributesCommand({ ...queue, AttributeNames }));
                const { Policy, QueueArn } = required(answer.Attributes, "Attributes");
                // The ARN shows that the answer is complete, so a missing Policy means that there is none.
                if (QueueArn !== arn(target)) throw new IncompleteAnswer(`the QueueArn ${arn(target)}`);
                return Policy ? policyText(Policy) : undefined;
            },
            put: (text) => set(text),
            remove: () => set(""),
        };
    },
    isInOtherRegion: () => false,
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
    isGone: (error) => isAbsence(error, 400, "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"),
};

/** Uses the endpoint of the region instead of the queue's URL, because the URL may name any host. */
function clientOf(session: RootSession, region: string): SQSClient {
    return session.clientOf(
        (credentials) =>
            new SQSClient({
                ...sharedConfig({ maxAttempts: 5 }),
                region,
                credentials,
                useQueueUrlAsEndpoint: false,
            }),
    );
}

function arn(target: PolicyTarget): string {
    return `arn:aws:sqs:${regionOf(target)}:${target.accountId}:${nameOf(target)}`;
}

function nameOf({ queueUrl = "" }: PolicyTarget): string {
    return queueAt(queueUrl)?.name ?? queueUrl;
}

function regionOf({ queueUrl = "", region }: PolicyTarget): string {
    return region ?? queueAt(queueUrl)?.region ?? "";
}
