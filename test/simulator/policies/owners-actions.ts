/**
 * What the root user of the owning account may do whatever the resource's own policy says, so that it cannot lock itself
 * out. S3 documents it (API_PutBucketPolicy and the two others); for SQS it is what the task policy is there for.
 */
const ROOT_USERS_ACTIONS = new Set([
    "s3:GetBucketPolicy",
    "s3:PutBucketPolicy",
    "s3:DeleteBucketPolicy",
    "sqs:ListQueues",
    "sqs:GetQueueUrl",
    "sqs:GetQueueAttributes",
    "sqs:SetQueueAttributes",
]);

/** What a queue's policy cannot grant to another account (the note in the API reference of each). */
const OWNERS_ALONE = new Set([
    "sqs:AddPermission",
    "sqs:CreateQueue",
    "sqs:DeleteQueue",
    "sqs:ListQueues",
    "sqs:ListQueueTags",
    "sqs:RemovePermission",
    "sqs:SetQueueAttributes",
    "sqs:TagQueue",
    "sqs:UntagQueue",
]);

export function isRootUsers(action: string): boolean {
    return ROOT_USERS_ACTIONS.has(action);
}

export function isOwnersAlone(action: string): boolean {
    return OWNERS_ALONE.has(action);
}
