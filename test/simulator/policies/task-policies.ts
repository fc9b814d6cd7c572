import type { FeatureName } from "../state/organization";
import { policyIn, type Policy, type PolicyDocument, type StatementDocument } from "./document";

/** An AWS-managed policy that bounds a root session. It only denies: a root user has every permission else. */
export interface TaskPolicy extends Policy {
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

const CREATE = ["iam:CreateLoginProfile", "iam:GetLoginProfile"];

const S3 = ["s3:DeleteBucketPolicy", "s3:PutBucketPolicy", "s3:GetBucketPolicy", "s3:ListAllMyBuckets"];

const SQS = ["sqs:SetQueueAttributes", "sqs:GetQueueAttributes", "sqs:ListQueues", "sqs:GetQueueUrl"];

const POLICIES: Record<string, TaskPolicy> = {
    IAMAuditRootUserCredentials: leavingOpen("RootCredentialsManagement", [
        [...LIST_AND_GET, "iam:GetAccountSummary"],
        offRoot(LIST_AND_GET),
    ]),
    IAMDeleteRootUserCredentials: leavingOpen("RootCredentialsManagement", [
        [...DELETE, ...LIST_AND_GET],
        offRoot([...DELETE, ...LIST_AND_GET]),
    ]),
    IAMCreateRootUserPassword: leavingOpen("RootCredentialsManagement", [CREATE, offRoot(CREATE)]),
    S3UnlockBucketPolicy: leavingOpen("RootSessions", [S3, unlessRoot(S3)]),
    SQSUnlockQueuePolicy: leavingOpen("RootSessions", [SQS, foreignQueues(), unlessRoot(SQS)]),
};

const PREFIX = "arn:aws:iam::aws:policy/root-task/";

/** The five ARNs that sts:AssumeRoot accepts; there are none for other partitions. */
export const TASK_POLICY_ARNS = Object.keys(POLICIES).map((name) => PREFIX + name);

export function taskPolicy(arn: string): TaskPolicy | undefined {
    return arn.startsWith(PREFIX) ? POLICIES[arn.slice(PREFIX.length)] : undefined;
}

/** The first statement denies all but the actions that are open; the others confine those. */
function leavingOpen(
    needs: FeatureName,
    [open, ...confined]: [open: string[], ...StatementDocument[]],
): TaskPolicy {
    const document: PolicyDocument = {
        Version: "2012-10-17",
        Statement: [{ Effect: "Deny", NotAction: open, Resource: "*" }, ...confined],
    };
    return { ...policyIn(document), needs };
}

function offRoot(actions: string[]): StatementDocument {
    return { Effect: "Deny", Action: actions, NotResource: "arn:aws:iam::*:root" };
}

function unlessRoot(actions: string[]): StatementDocument {
    const Condition = { StringNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:root" } };
    return { Effect: "Deny", Action: actions, Resource: "*", Condition };
}

function foreignQueues(): StatementDocument {
    return {
        Effect: "Deny",
        Action: "sqs:GetQueueAttributes",
        Resource: "arn:aws:sqs:*:*:*",
        Condition: { StringNotEqualsIfExists: { "aws:ResourceAccount": "${aws:PrincipalAccount}" } },
    };
}
