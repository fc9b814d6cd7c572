/**
 * Queue policies: the attribute `Policy` of a queue, which is missing where there is none and empty where it is to go.
 *
 * AWS documents that a changed attribute may take a minute to show.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
import { GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { sharedConfig } from "../aws/clients";
import { isAbsence, required } from "../aws/responses";
import { IncompleteAnswer } from "../aws/errors/error-classes";
import { writeResult } from "../aws/write-log";
import type { RootSession } from "../aws/root-session";
import type { PolicyTarget } from "./target";
import type { LockableKind } from "./kind";
import { policyText } from "./policy-text";
import { queueAt } from "./queue-url";

export const QUEUE: LockableKind = {
    service: "sqs",
    recordedAs: "queuePolicy",
    key: "queueUrl",
    task: "unlockQueuePolicy",
    actions: {
        read: "sqs:GetQueueAttributes",
        put: "sqs:SetQueueAttributes",
        remove: "sqs:SetQueueAttributes",
    },
    pausesUntilSeen: [1_000, 2_000, 4_000, 8_000, 15_000, 30_000],
    called: (target) => `queue ${nameOf(target)} in ${regionOf(target)}`,
    id: (target) => `${target.accountId}/${regionOf(target)}/${nameOf(target)}`,
    arn,
    region: (_session, target) => Promise.resolve(regionOf(target)),
    policyIn(session, target, region) {
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
                // With the queue's own name beside it, a missing policy is none, and no missing answer.
                if (QueueArn !== arn(target)) throw new IncompleteAnswer(`the QueueArn ${arn(target)}`);
                return Policy ? policyText(Policy) : undefined;
            },
            put: (text) => set(text),
            remove: () => set(""),
        };
    },
    isElsewhere: () => false,
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
    isGone: (error) => isAbsence(error, 400, "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"),
};

/** The endpoint is the region's, and never taken from the queue's URL, which may name any host. */
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
