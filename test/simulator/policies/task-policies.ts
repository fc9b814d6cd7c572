import type { FeatureName } from "../state/organization";

/** What one AWS-managed task policy leaves open to a root session; it denies everything else. */
export interface TaskPolicy {
    /** The actions its first statement does not deny (`NotAction`). */
    readonly open: ReadonlySet<string>;
    /** Those of them that its second statement does not confine to the root user's own ARN. */
    readonly onAnyResource: ReadonlySet<string>;
    readonly needs: FeatureName;
}

const LIST_AND_GET = [
    "iam:ListAccessKeys",
    "iam:ListSigningCertificates",
    "iam:GetLoginProfile",
    "iam:ListMFADevices",
    "iam:GetUser",
    "iam:GetAccessKeyLastUsed",
];

const DELETE = [
    "iam:DeleteAccessKey",
    "iam:DeleteSigningCertificate",
    "iam:DeleteLoginProfile",
    "iam:DeactivateMFADevice",
    // Open in the first statement, yet never usable: its resource is the device, not the root user.
    "iam:DeleteVirtualMFADevice",
];

const POLICIES: Record<string, TaskPolicy> = {
    IAMAuditRootUserCredentials: policy(
        "RootCredentialsManagement",
        [...LIST_AND_GET, "iam:GetAccountSummary"],
        ["iam:GetAccountSummary"],
    ),
    IAMDeleteRootUserCredentials: policy("RootCredentialsManagement", [...DELETE, ...LIST_AND_GET]),
    IAMCreateRootUserPassword: policy("RootCredentialsManagement", [
        "iam:CreateLoginProfile",
        "iam:GetLoginProfile",
    ]),
    S3UnlockBucketPolicy: policy("RootSessions", [
        "s3:DeleteBucketPolicy",
        "s3:PutBucketPolicy",
        "s3:GetBucketPolicy",
        "s3:ListAllMyBuckets",
    ]),
    SQSUnlockQueuePolicy: policy("RootSessions", [
        "sqs:SetQueueAttributes",
        "sqs:GetQueueAttributes",
        "sqs:ListQueues",
        "sqs:GetQueueUrl",
    ]),
};

const PREFIX = "arn:aws:iam::aws:policy/root-task/";

/** The five ARNs that sts:AssumeRoot accepts; there are none for other partitions. */
export const TASK_POLICY_ARNS = Object.keys(POLICIES).map((name) => PREFIX + name);

export function taskPolicy(arn: string): TaskPolicy | undefined {
    return arn.startsWith(PREFIX) ? POLICIES[arn.slice(PREFIX.length)] : undefined;
}

export function leavesOpen(policy: TaskPolicy, action: string, resource: string): boolean {
    return policy.open.has(action) && (policy.onAnyResource.has(action) || resource.endsWith(":root"));
}

function policy(needs: FeatureName, open: string[], onAnyResource: string[] = []): TaskPolicy {
    return { open: new Set(open), onAnyResource: new Set(onAnyResource), needs };
}
