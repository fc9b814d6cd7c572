/** Bucket policies that AWS publishes as good practice. The analysis must not find that one of their statements locks. */
import {
    ACCOUNT,
    BUCKET,
    denyBucket,
    OBJECTS,
    ORGANIZATION,
    OTHER_ACCOUNT,
    type PolicyCase,
} from "./fixtures";

const S3 = "AmazonS3/latest/userguide";
const IAM = "IAM/latest/UserGuide";
const PERIMETER = "github.com/aws-samples/data-perimeter-policy-examples";

export const PUBLISHED_FOR_BUCKETS: PolicyCase[] = [
    {
        name: "only over TLS",
        page: `${S3}/example-bucket-policies.html`,
        statements: [
            denyBucket({
                Sid: "RestrictToTLSRequestsOnly",
                Condition: { Bool: { "aws:SecureTransport": "false" } },
            }),
        ],
        expected: ["harmless"],
    },
    {
        name: "only over TLS 1.2 and later",
        page: `${S3}/amazon-s3-policy-keys.html`,
        statements: [denyBucket({ Condition: { NumericLessThan: { "s3:TlsVersion": 1.2 } } })],
        expected: ["harmless"],
    },
    {
        name: "objects only with the encryption that is asked for",
        page: `${S3}/UsingKMSEncryption.html`,
        statements: [
            denyBucket({
                Sid: "DenyObjectsThatAreNotSSEKMS",
                Action: "s3:PutObject",
                Resource: OBJECTS,
                Condition: { Null: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "true" } },
            }),
            denyBucket({
                Sid: "DenyIncorrectEncryptionHeader",
                Action: "s3:PutObject",
                Resource: OBJECTS,
                Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } },
            }),
        ],
        expected: ["harmless", "harmless"],
    },
    {
        name: "only from a range of addresses, on the bucket too",
        page: `${S3}/example-bucket-policies.html`,
        statements: [
            denyBucket({ Sid: "IPAllow", Condition: { NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } } }),
        ],
        expected: ["undecided"],
    },
    {
        name: "only through a VPC endpoint, on the bucket too",
        page: `${S3}/example-bucket-policies-vpc-endpoint.html`,
        statements: [
            denyBucket({
                Sid: "Access-to-specific-VPCE-only",
                Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-0abcdef1234567890" } },
            }),
        ],
        expected: ["undecided"],
    },
    {
        name: "only from a VPC, objects alone",
        page: `${S3}/example-bucket-policies-vpc-endpoint.html`,
        statements: [
            denyBucket({
                Resource: OBJECTS,
                Condition: { StringNotEquals: { "aws:SourceVpc": "vpc-1a2b3c4d" } },
            }),
        ],
        expected: ["harmless"],
    },
    {
        name: "the identity perimeter of an organization",
        page: `${PERIMETER}/resource_based_policies/s3_bucket_policy.json`,
        statements: [
            denyBucket({
                Sid: "EnforceIdentityPerimeter",
                Condition: {
                    StringNotEqualsIfExists: {
                        "aws:PrincipalOrgID": ORGANIZATION,
                        "aws:PrincipalAccount": [OTHER_ACCOUNT, "777788889999"],
                    },
                    BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
                },
            }),
        ],
        expected: ["harmless"],
    },
    {
        name: "the network perimeter of an organization",
        page: `${PERIMETER}/resource_based_policies/s3_bucket_policy.json`,
        statements: [
            denyBucket({
                Sid: "EnforceNetworkPerimeter",
                Condition: {
                    NotIpAddressIfExists: { "aws:SourceIp": "203.0.113.0/24" },
                    StringNotEqualsIfExists: {
                        "aws:SourceVpc": "vpc-1a2b3c4d",
                        "aws:PrincipalTag/network-perimeter-exception": "true",
                        "aws:PrincipalAccount": [OTHER_ACCOUNT],
                    },
                    BoolIfExists: { "aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false" },
                    ArnNotLikeIfExists: {
                        "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/aws-service-role/*`,
                    },
                    StringEquals: { "aws:PrincipalTag/data-perimeter-include": "true" },
                },
            }),
        ],
        expected: ["undecided"],
    },
    {
        name: "services only for resources of the organization (confused deputy)",
        page: `${IAM}/confused-deputy.html`,
        statements: [
            denyBucket({
                Sid: "RCPEnforceConfusedDeputyProtection",
                Condition: {
                    StringNotEqualsIfExists: { "aws:SourceOrgID": ORGANIZATION },
                    Null: { "aws:SourceAccount": "false" },
                    Bool: { "aws:PrincipalIsAWSService": "true" },
                },
            }),
        ],
        expected: ["harmless"],
    },
    {
        name: "MFA for a folder, and a recent one",
        page: `${S3}/example-bucket-policies.html`,
        statements: [
            denyBucket({
                Sid: "",
                Resource: `${BUCKET}/taxdocuments/*`,
                Condition: { Null: { "aws:MultiFactorAuthAge": true } },
            }),
            denyBucket({
                Sid: "",
                Resource: `${BUCKET}/taxdocuments/*`,
                Condition: { NumericGreaterThan: { "aws:MultiFactorAuthAge": 3600 } },
            }),
            {
                Sid: "",
                Effect: "Allow",
                Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
                Action: ["s3:GetObject"],
                Resource: OBJECTS,
            },
        ],
        expected: ["harmless", "harmless", "harmless"],
    },
    {
        name: "MFA for everything",
        page: `${IAM}/reference_policies_condition-keys.html`,
        statements: [denyBucket({ Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } } })],
        expected: ["harmless"],
    },
    {
        name: "a distribution of CloudFront (origin access control)",
        page: "AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
        statements: [
            {
                Sid: "AllowCloudFrontServicePrincipalReadOnly",
                Effect: "Allow",
                Principal: { Service: "cloudfront.amazonaws.com" },
                Action: "s3:GetObject",
                Resource: OBJECTS,
                Condition: {
                    StringEquals: {
                        "AWS:SourceArn": `arn:aws:cloudfront::${ACCOUNT}:distribution/EDFDVBD6EXAMPLE`,
                    },
                },
            },
        ],
        expected: ["harmless"],
    },
    {
        name: "server access logging",
        page: `${S3}/enable-server-access-logging.html`,
        statements: [
            {
                Sid: "S3ServerAccessLogsPolicy",
                Effect: "Allow",
                Principal: { Service: "logging.s3.amazonaws.com" },
                Action: ["s3:PutObject"],
                Resource: `${BUCKET}/logs*`,
                Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3:::source" } },
            },
            denyBucket({
                Sid: "RestrictToS3ServerAccessLogs",
                Action: ["s3:PutObject"],
                Resource: OBJECTS,
                Condition: {
                    "ForAllValues:StringNotEquals": {
                        "aws:PrincipalServiceNamesList": "logging.s3.amazonaws.com",
                    },
                },
            }),
        ],
        expected: ["harmless", "harmless"],
    },
    {
        name: "uploads of another account only with full control for the owner",
        page: `${S3}/amazon-s3-policy-keys.html`,
        statements: [
            denyBucket({
                Principal: { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:user/AccountBadmin` },
                Action: "s3:PutObject",
                Resource: OBJECTS,
                Condition: { StringNotEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } },
            }),
        ],
        expected: ["harmless"],
    },
    {
        name: "no signatures older than ten minutes",
        page: "AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html",
        statements: [
            denyBucket({
                Sid: "Deny a presigned URL request if the signature is more than 10 min old",
                Condition: { NumericGreaterThan: { "s3:signatureAge": "600000" } },
            }),
        ],
        expected: ["harmless"],
    },
    {
        name: "signed in headers, with version 4, and the content too",
        page: "AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html",
        statements: [
            denyBucket({ Condition: { StringNotEquals: { "s3:authType": "REST-HEADER" } } }),
            denyBucket({ Condition: { StringNotEquals: { "s3:signatureversion": "AWS4-HMAC-SHA256" } } }),
            denyBucket({ Condition: { StringEquals: { "s3:x-amz-content-sha256": "UNSIGNED-PAYLOAD" } } }),
        ],
        expected: ["harmless", "harmless", "harmless"],
    },
    {
        name: "object operations through access points in VPCs only",
        page: `${S3}/access-points-policies.html`,
        statements: [
            denyBucket({
                Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject", "s3:PutObjectAcl"],
                Resource: OBJECTS,
                Condition: { StringNotEquals: { "s3:AccessPointNetworkOrigin": "VPC" } },
            }),
        ],
        expected: ["harmless"],
    },
    {
        name: "nobody but one user, with NotPrincipal",
        page: `${IAM}/reference_policies_elements_notprincipal.html`,
        statements: [
            denyBucket({
                Principal: undefined,
                NotPrincipal: {
                    AWS: [`arn:aws:iam::${ACCOUNT}:user/Bob`, `arn:aws:iam::${ACCOUNT}:root`],
                },
            }),
        ],
        expected: ["undecided"],
    },
    {
        name: "nobody but one user, by aws:PrincipalArn",
        page: `${IAM}/reference_policies_elements_principal.html`,
        statements: [
            denyBucket({
                Sid: "UsePrincipalArnInsteadOfNotPrincipalWithDeny",
                Condition: { ArnNotEquals: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:user/user-name` } },
            }),
        ],
        expected: ["undecided"],
    },
    {
        name: "nobody but one role, by its id, and the root user",
        page: "repost.aws/knowledge-center/explicit-deny-principal-elements-s3",
        statements: [
            denyBucket({
                Condition: { StringNotLike: { "aws:userid": ["AROAID2GEXAMPLEROLEID:*", ACCOUNT] } },
            }),
        ],
        expected: ["undecided"],
    },
    {
        name: "guards against the end of the bucket and of its policy, as many stacks have them",
        statements: [
            denyBucket({ Action: ["s3:DeleteBucket", "s3:DeleteBucketPolicy"], Resource: BUCKET }),
            denyBucket({ Action: "s3:Delete*" }),
        ],
        expected: ["harmless", "harmless"],
    },
    {
        name: "callers on EC2 only with the second version of its metadata service",
        page: `${IAM}/reference_policies_condition-keys.html`,
        statements: [denyBucket({ Condition: { NumericLessThan: { "ec2:RoleDelivery": "2.0" } } })],
        expected: ["harmless"],
    },
];
