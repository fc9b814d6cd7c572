/** Policies that lock out everybody in the account, modelled on real mistakes. */
import {
    ACCOUNT,
    BUCKET,
    denyBucket,
    denyQueue,
    OBJECTS,
    ORGANIZATION,
    OTHER_ACCOUNT,
    type PolicyCase,
} from "./fixtures";

const S3_KEYS = "service-authorization/latest/reference/list_amazons3.html";
const OPERATORS = "IAM/latest/UserGuide/reference_policies_elements_condition_operators.html";
const NOT_PRINCIPAL = "IAM/latest/UserGuide/reference_policies_elements_notprincipal.html";

export const LOCKED_BUCKETS: PolicyCase[] = [
    {
        name: "everything denied to everybody",
        page: "repost.aws/knowledge-center/s3-accidentally-denied-access",
        statements: [denyBucket({ Sid: "DenyAll" })],
        expected: ["locks"],
    },
    {
        name: "everything denied to everybody, beside harmless statements",
        statements: [
            denyBucket({ Sid: "TlsOnly", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
            { Effect: "Allow", Principal: "*", Action: "s3:*", Resource: [BUCKET, OBJECTS] },
            denyBucket({ Action: "*", Resource: "*" }),
            denyBucket({ Sid: "KeepPolicy", Action: "s3:DeleteBucketPolicy", Resource: BUCKET }),
        ],
        expected: ["harmless", "harmless", "locks", "harmless"],
    },
    {
        name: "everything denied to the account, which includes everybody in it",
        page: "IAM/latest/UserGuide/id_roles_create_policy-examples.html",
        statements: [
            denyBucket({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }),
            denyBucket({ Principal: { AWS: [OTHER_ACCOUNT, ACCOUNT] } }),
        ],
        expected: ["locks", "locks"],
    },
    {
        name: "NotPrincipal with the root user alone",
        page: NOT_PRINCIPAL,
        statements: [
            denyBucket({ Principal: undefined, NotPrincipal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }),
            denyBucket({ Principal: undefined, NotPrincipal: { AWS: [ACCOUNT] } }),
        ],
        expected: ["locks", "locks"],
    },
    {
        name: "NotPrincipal with a service and a deleted role",
        page: NOT_PRINCIPAL,
        statements: [
            denyBucket({
                Principal: undefined,
                NotPrincipal: { Service: "cloudtrail.amazonaws.com", AWS: "AROAEXAMPLEROLEID1234" },
            }),
        ],
        expected: ["locks"],
    },
    {
        name: "aws:PrincipalArn that exempts only the root user, or only another account",
        page: "IAM/latest/UserGuide/reference_policies_condition-keys.html",
        statements: [
            denyBucket({
                Condition: { ArnNotLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:root` } },
            }),
            denyBucket({ Condition: { StringNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:root" } } }),
            denyBucket({
                Condition: {
                    ArnNotEquals: { "aws:PrincipalArn": `arn:aws:iam::${OTHER_ACCOUNT}:role/Admin` },
                },
            }),
        ],
        expected: ["locks", "locks", "locks"],
    },
    {
        name: "object encryption required for every action",
        page: S3_KEYS,
        statements: [
            denyBucket({ Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption": "AES256" } } }),
            denyBucket({ Condition: { Null: { "s3:x-amz-server-side-encryption": "true" } } }),
        ],
        expected: ["locks", "locks"],
    },
    {
        name: "an access control list, a prefix or an object tag required for every action",
        page: S3_KEYS,
        statements: [
            denyBucket({ Condition: { StringNotEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } } }),
            denyBucket({ Condition: { StringNotLike: { "s3:prefix": ["home/", "public/*"] } } }),
            denyBucket({ Condition: { StringNotEqualsIfExists: { "s3:ExistingObjectTag/class": "open" } } }),
        ],
        expected: ["locks", "locks", "locks"],
    },
    {
        name: "the id of another organization required",
        page: "IAM/latest/UserGuide/reference_policies_condition-keys.html",
        statements: [
            denyBucket({ Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-zzzzzzzzzz" } } }),
        ],
        expected: ["locks"],
    },
    {
        name: "another account or another region required",
        statements: [
            denyBucket({ Condition: { StringNotEquals: { "aws:PrincipalAccount": OTHER_ACCOUNT } } }),
            denyBucket({ Condition: { StringNotEquals: { "aws:RequestedRegion": ["us-east-1"] } } }),
        ],
        expected: ["locks", "locks"],
    },
    {
        name: "requests with TLS denied, by mistake",
        statements: [denyBucket({ Condition: { Bool: { "aws:SecureTransport": "true" } } })],
        expected: ["locks"],
    },
    {
        name: "a TLS version required that does not exist",
        statements: [denyBucket({ Condition: { NumericLessThan: { "s3:TlsVersion": "12" } } })],
        expected: ["locks"],
    },
    {
        name: "everything denied except actions on objects (NotAction)",
        statements: [denyBucket({ Action: undefined, NotAction: ["s3:GetObject", "s3:ListBucket"] })],
        expected: ["locks"],
    },
    {
        name: "one statement against writing and one against deleting the policy",
        statements: [
            denyBucket({ Sid: "NoWrite", Action: "s3:PutBucketPolicy", Resource: BUCKET }),
            denyBucket({ Sid: "NoDelete", Action: ["s3:DeleteBucketPolicy"], Resource: BUCKET }),
        ],
        expected: ["locks", "locks"],
    },
    {
        name: "reading denied",
        statements: [denyBucket({ Action: "s3:Get*" })],
        expected: ["locks"],
    },
    {
        name: "everything denied except to AWS services",
        statements: [denyBucket({ Condition: { Bool: { "aws:PrincipalIsAWSService": "false" } } })],
        expected: ["locks"],
    },
    {
        name: "everything denied except to root sessions",
        page: "IAM/latest/UserGuide/reference_policies_condition-keys.html",
        statements: [denyBucket({ Condition: { Null: { "aws:AssumedRoot": "true" } } })],
        expected: ["locks"],
    },
    {
        name: "everything denied under several conditions that every caller meets",
        page: OPERATORS,
        statements: [
            denyBucket({
                Condition: {
                    StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
                    StringEquals: { "aws:PrincipalOrgID": ORGANIZATION, "s3:ResourceAccount": ACCOUNT },
                    ArnNotLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:root` },
                },
            }),
        ],
        expected: ["locks"],
    },
    {
        name: "everything denied to everybody twice, without Sids",
        statements: [denyBucket(), denyBucket()],
        expected: ["locks", "locks"],
    },
];

export const LOCKED_QUEUES: PolicyCase[] = [
    {
        name: "everything denied to everybody",
        page: "IAM/latest/UserGuide/id_root-user-privileged-task.html",
        statements: [denyQueue({ Principal: { AWS: "*" }, Action: "SQS:*" })],
        expected: ["locks"],
    },
    {
        name: "a user's ARN in aws:SourceArn",
        page: "pastebin.com/upp1wVgV",
        version: "2012-10-17",
        statements: [
            denyQueue({
                Sid: "Sid1487598389851",
                Action: "SQS:*",
                Condition: { ArnNotEquals: { "aws:SourceArn": `arn:aws:iam::${ACCOUNT}:user/test-sqs` } },
            }),
            {
                Sid: "Sid1487599825058",
                Effect: "Allow",
                Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/test-sqs` },
                Action: "SQS:*",
                Resource: "*",
            },
        ],
        expected: ["locks", "harmless"],
    },
    {
        name: "everything denied except messages of one topic",
        statements: [
            denyQueue({
                Condition: {
                    ArnNotEquals: { "aws:SourceArn": `arn:aws:sns:eu-central-1:${ACCOUNT}:topic` },
                },
            }),
        ],
        expected: ["locks"],
    },
    {
        name: "changing the queue's attributes denied, which include its policy",
        statements: [denyQueue({ Action: "sqs:Set*" })],
        expected: ["locks"],
    },
    {
        name: "reading the queue's attributes denied, which include its policy",
        statements: [denyQueue({ Action: ["sqs:GetQueueAttributes", "sqs:SendMessage"] })],
        expected: ["locks"],
    },
    {
        name: "NotPrincipal with a service",
        page: NOT_PRINCIPAL,
        statements: [denyQueue({ Principal: undefined, NotPrincipal: { Service: "sns.amazonaws.com" } })],
        expected: ["locks"],
    },
];
