/** Queue policies that AWS publishes as good practice. The analysis must not find that one of their statements locks. */
import { ACCOUNT, denyQueue, ORGANIZATION, OTHER_ACCOUNT, QUEUE, type PolicyCase } from "./fixtures";

const IAM = "IAM/latest/UserGuide";
const SQS = "AWSSimpleQueueService/latest/SQSDeveloperGuide";
const PERIMETER = "github.com/aws-samples/data-perimeter-policy-examples";

export const PUBLISHED_FOR_QUEUES: PolicyCase[] = [
    {
        name: "only over TLS",
        page: `${SQS}/sqs-security-best-practices.html`,
        statements: [denyQueue({ Condition: { Bool: { "aws:SecureTransport": "false" } } })],
        expected: ["harmless"],
    },
    {
        name: "not from a range of addresses",
        page: `${SQS}/sqs-basic-examples-of-sqs-policies.html`,
        statements: [
            denyQueue({
                Sid: "Queue1_AnonymousAccess_AllActions_IPLimit_Deny",
                Resource: `arn:aws:sqs:*:${ACCOUNT}:orders`,
                Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } },
            }),
        ],
        expected: ["harmless"],
    },
    {
        name: "messages only from a topic, a bucket, a queue of the account",
        page: `${SQS}/sqs-least-privilege-policy.html`,
        statements: [
            denyQueue({
                Sid: "DenyAllProducersExceptSNSFromSending",
                Principal: { AWS: "*" },
                Action: "sqs:SendMessage",
                Condition: {
                    ArnNotLike: { "aws:SourceArn": `arn:aws:sns:eu-central-1:${ACCOUNT}:topic` },
                },
            }),
            denyQueue({
                Sid: "DenyAnyProducersExceptSQS",
                Action: "sqs:SendMessage",
                Condition: { ArnNotLike: { "aws:SourceArn": `arn:aws:sqs:eu-central-1:${ACCOUNT}:*` } },
            }),
        ],
        expected: ["harmless", "harmless"],
    },
    {
        name: "queue actions only within the organization",
        page: `${SQS}/sqs-least-privilege-policy.html`,
        statements: [
            denyQueue({
                Sid: "DenyQueueActionsOutsideOrg",
                Action: ["sqs:AddPermission", "sqs:SetQueueAttributes", "sqs:ReceiveMessage"],
                Condition: { StringNotEquals: { "aws:PrincipalOrgID": [ORGANIZATION] } },
            }),
        ],
        expected: ["harmless"],
    },
    {
        name: "administration only by two roles",
        page: `${SQS}/sqs-least-privilege-policy.html`,
        statements: [
            denyQueue({
                Sid: "RestrictAdminQueueActions",
                Action: [
                    "sqs:AddPermission",
                    "sqs:DeleteQueue",
                    "sqs:RemovePermission",
                    "sqs:SetQueueAttributes",
                ],
                Condition: {
                    StringNotLike: {
                        "aws:PrincipalARN": [
                            `arn:aws:iam::${ACCOUNT}:role/deployment`,
                            `arn:aws:iam::${ACCOUNT}:role/admin`,
                        ],
                    },
                },
            }),
        ],
        expected: ["undecided"],
    },
    {
        name: "reception only by one role, and only through a VPC endpoint",
        page: `${SQS}/sqs-least-privilege-policy.html`,
        statements: [
            denyQueue({
                Sid: "DenyOtherConsumersFromReceiving",
                Action: ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"],
                Condition: {
                    StringNotLike: { "aws:PrincipalARN": `arn:aws:iam::${ACCOUNT}:role/consumer` },
                },
            }),
            denyQueue({
                Sid: "DenyReceivingIfNotThroughVPCE",
                Action: ["sqs:ReceiveMessage"],
                Condition: { StringNotEquals: { "aws:sourceVpce": "vpce-1a2b3c4d" } },
            }),
        ],
        expected: ["harmless", "harmless"],
    },
    {
        name: "not by a certain account",
        page: `${SQS}/sqs-creating-custom-policies-access-policy-examples.html`,
        statements: [
            denyQueue({
                Sid: "1",
                Principal: { AWS: [OTHER_ACCOUNT] },
                Action: ["sqs:SendMessage", "sqs:ReceiveMessage"],
            }),
            denyQueue({ Sid: "2", Principal: { AWS: OTHER_ACCOUNT } }),
        ],
        expected: ["harmless", "harmless"],
    },
    {
        name: "everything only through a VPC endpoint, of which the page warns",
        page: `${SQS}/sqs-creating-custom-policies-access-policy-examples.html`,
        statements: [
            { Effect: "Allow", Principal: { AWS: [ACCOUNT] }, Action: "sqs:SendMessage", Resource: QUEUE },
            denyQueue({ Condition: { StringNotEquals: { "aws:sourceVpce": "vpce-1a2b3c4d" } } }),
        ],
        expected: ["harmless", "undecided"],
    },
    {
        name: "the identity perimeter of an organization",
        page: `${PERIMETER}/resource_based_policies/sqs_queue_policy.json`,
        statements: [
            denyQueue({
                Sid: "EnforceIdentityPerimeter",
                Principal: { AWS: "*" },
                Resource: "*",
                Condition: {
                    StringNotEqualsIfExists: { "aws:PrincipalOrgID": ORGANIZATION },
                    BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
                },
            }),
        ],
        expected: ["harmless"],
    },
    {
        name: "nobody but a user, with NotPrincipal",
        page: `${IAM}/reference_policies_elements_notprincipal.html`,
        statements: [
            denyQueue({
                Principal: undefined,
                NotPrincipal: { AWS: [`arn:aws:iam::${ACCOUNT}:user/Bob`, ACCOUNT] },
            }),
        ],
        expected: ["undecided"],
    },
];
