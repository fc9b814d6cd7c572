/** Conditions, each with the expected result for a statement that denies everything on the bucket under it. */
import { ACCOUNT, denyBucket, ORGANIZATION, OTHER_ACCOUNT, type PolicyCase } from "./fixtures";

type Is = PolicyCase["expected"][number];
type Condition = Record<string, Record<string, unknown>>;

const ARN = `arn:aws:iam::${ACCOUNT}`;
const ORG_PATH = `${ORGANIZATION}/r-ab12/ou-ab12-11111111/`;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
export const OPERATORS: [condition: Condition, expected: Is][] = [
    // One of several values must match. For negated operators, none may match. All of several conditions must hold.
    [{ StringEquals: { "aws:PrincipalAccount": [OTHER_ACCOUNT, ACCOUNT] } }, "locks"],
    [{ StringNotEquals: { "aws:PrincipalAccount": [OTHER_ACCOUNT, ACCOUNT] } }, "harmless"],
    [
        {
            StringEquals: { "aws:PrincipalAccount": ACCOUNT, "aws:RequestedRegion": "us-east-1" },
            StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" },
        },
        "harmless",
    ],
    [
        {
            StringEquals: { "aws:PrincipalAccount": ACCOUNT },
            StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" },
        },
        "undecided",
    ],
    // IAM ignores the case of keys, but not of values.
    [{ StringEquals: { "AWS:PRINCIPALORGID": ORGANIZATION } }, "locks"],
    [{ StringEquals: { "aws:PrincipalOrgID": ORGANIZATION.toUpperCase() } }, "harmless"],
    [{ StringEqualsIgnoreCase: { "aws:PrincipalOrgID": ORGANIZATION.toUpperCase() } }, "locks"],
    [{ StringNotEqualsIgnoreCase: { "aws:userid": "aroaexampleroleid" } }, "undecided"],
    [{ StringNotEqualsIgnoreCase: { "aws:userid": ACCOUNT } }, "locks"],
    [{ StringNotEqualsIgnoreCase: { "aws:PrincipalOrgID": ORGANIZATION.toUpperCase() } }, "harmless"],
    [{ StringLike: { "aws:PrincipalOrgID": "o-*" } }, "locks"],
    [{ StringEquals: { "aws:PrincipalOrgID": "o-*" } }, "harmless"],
    [{ StringNotLike: { "aws:PrincipalOrgID": ["o-zzz*", "o-a1b2c3d4e?"] } }, "harmless"],
    // If a key is absent, a condition is false. With a negated operator or IfExists it is true.
    [{ StringEquals: { "aws:SourceAccount": ACCOUNT } }, "harmless"],
    [{ StringNotEquals: { "aws:SourceAccount": ACCOUNT } }, "locks"],
    [{ StringEqualsIfExists: { "aws:SourceAccount": OTHER_ACCOUNT } }, "locks"],
    [{ Bool: { "aws:AssumedRoot": "true" } }, "harmless"],
    [{ BoolIfExists: { "aws:AssumedRoot": "true" } }, "locks"],
    [{ NumericEquals: { "s3:max-keys": 10 } }, "harmless"],
    [{ NumericNotEquals: { "s3:max-keys": 10 } }, "locks"],
    [{ NumericLessThanIfExists: { "s3:object-lock-remaining-retention-days": "30" } }, "locks"],
    [{ DateNotEquals: { "s3:object-lock-retain-until-date": "2030-01-01T00:00:00Z" } }, "locks"],
    [{ DateLessThan: { "s3:object-lock-retain-until-date": "2030-01-01T00:00:00Z" } }, "harmless"],
    [{ BinaryEquals: { "s3:x-amz-server-side-encryption": "QUVTMjU2" } }, "harmless"],
    [{ ArnNotEquals: { "aws:SourceArn": "arn:aws:sns:eu-central-1:111122223333:topic" } }, "locks"],
    [{ Null: { "aws:SourceArn": true } }, "locks"],
    [{ Null: { "aws:SourceArn": "false" } }, "harmless"],
    [{ Null: { "aws:SecureTransport": "false" } }, "locks"],
    [{ Null: { "aws:PrincipalArn": "true" } }, "harmless"],
    [{ Null: { "aws:PrincipalArn": ["false"] } }, "locks"],
    [{ Null: { "aws:SourceArn": "maybe" } }, "undecided"],
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    [{ "ForAnyValue:StringEquals": { "aws:PrincipalOrgID": ORGANIZATION } }, "locks"],
    [{ "ForAllValues:StringNotEquals": { "aws:PrincipalOrgID": ORGANIZATION } }, "harmless"],
    [{ "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] } }, "locks"],
    [{ "ForAnyValue:StringNotEquals": { "aws:TagKeys": ["team"] } }, "harmless"],
    [{ "ForAnyValue:StringEqualsIfExists": { "aws:TagKeys": ["team"] } }, "locks"],
    [{ "ForSomeValues:StringEquals": { "aws:TagKeys": ["team"] } }, "undecided"],
    // Values without a meaning.
    [{ StringEquals: { "aws:PrincipalAccount": [OTHER_ACCOUNT, {}] } }, "undecided"],
    [{ Bool: { "aws:SecureTransport": "no" } }, "undecided"],
    [{ NumericLessThan: { "s3:TlsVersion": "one" } }, "undecided"],
    [{ NotIpAddress: { "aws:SourceIp": "0.0.0.0/33" } }, "undecided"],
    [{ ArnNotLike: { "aws:PrincipalArn": "Admin" } }, "undecided"],
    [{ NullIfExists: { "aws:SourceArn": "true" } }, "undecided"],
    // Operators for another type of value.
    [
        { ArnNotLike: { "aws:PrincipalOrgID": "arn:aws:organizations::111122223333:organization/*" } },
        "undecided",
    ],
    [{ NumericNotEquals: { "aws:SecureTransport": "1" } }, "undecided"],
    [{ NotIpAddress: { "aws:PrincipalAccount": "10.0.0.0/8" } }, "undecided"],
    [{ Bool: { "aws:PrincipalOrgID": "false" } }, "undecided"],
    [{ ArnNotLike: { "aws:SourceVpcArn": "arn:aws:ec2:*:111122223333:vpc/*" } }, "undecided"],
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    [{ StringNotEquals: { "aws:ResourceAccount": "${aws:PrincipalAccount}" } }, "harmless"],
    [{ StringNotEquals: { "aws:PrincipalOrgID": "${aws:ResourceOrgID}" } }, "harmless"],
    [{ ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:root" } }, "locks"],
    [{ StringEquals: { "aws:PrincipalAccount": "${aws:PrincipalTag/account}" } }, "undecided"],
    [{ StringEquals: { "aws:PrincipalAccount": "${s3:TlsVersion}" } }, "undecided"],
    [{ StringEquals: { "aws:PrincipalAccount": "${aws:UserAgent}" } }, "undecided"],
    [{ ArnNotLike: { "aws:PrincipalArn": `${ARN}:role/\${aws:PrincipalTag/team}` } }, "undecided"],
];

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
export const KEYS: [condition: Condition, expected: Is][] = [
    // The caller. A statement that denies one principal spares the others. An exempt principal may be the only one left.
    [{ ArnEquals: { "aws:PrincipalArn": `${ARN}:role/Admin` } }, "harmless"],
    [{ StringEquals: { "aws:PrincipalArn": [`${ARN}:role/Admin`, `${ARN}:user/bob`] } }, "harmless"],
    [{ StringLike: { "aws:PrincipalArn": `${ARN}:role/aws-reserved/sso.amazonaws.com/*` } }, "undecided"],
    [{ ArnLike: { "aws:PrincipalArn": `${ARN}:role/*` } }, "undecided"],
    [{ ArnLike: { "aws:PrincipalArn": [`${ARN}:role/*`, `${ARN}:user/*`] } }, "locks"],
    [{ ArnLike: { "aws:PrincipalArn": `${ARN}:*` } }, "locks"],
    [{ StringLike: { "aws:PrincipalArn": "*" } }, "locks"],
    [{ StringLike: { "aws:PrincipalArn": "arn:*:*" } }, "locks"],
    [{ StringNotLike: { "aws:PrincipalArn": `${ARN}:role/` } }, "locks"],
    [{ ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${OTHER_ACCOUNT}:*` } }, "harmless"],
    [{ ArnLike: { "aws:PrincipalArn": `${ARN}:root` } }, "harmless"],
    [{ ArnNotLike: { "aws:PrincipalArn": "*" } }, "harmless"],
    [{ StringNotLike: { "aws:PrincipalArn": "arn:*" } }, "harmless"],
    [{ ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/Admin" } }, "undecided"],
    [{ ArnNotLike: { "aws:PrincipalArn": [`${ARN}:role/*`] } }, "undecided"],
    // The key holds the role's ARN instead of its session's, but the author meant to exempt somebody.
    [{ ArnNotLike: { "aws:PrincipalArn": `arn:aws:sts::${ACCOUNT}:assumed-role/Admin/*` } }, "undecided"],
    [{ ArnNotEquals: { "aws:PrincipalArn": `arn:aws:sts::${ACCOUNT}:federated-user/bob` } }, "undecided"],
    [{ StringEquals: { "aws:username": "bob" } }, "harmless"],
    [{ StringNotEquals: { "aws:username": "bob" } }, "undecided"],
    [{ StringLike: { "aws:userid": "AROAEXAMPLEROLEID1234:*" } }, "harmless"],
    [{ StringNotLike: { "aws:userid": "AROAEXAMPLEROLEID1234:*" } }, "undecided"],
    [{ StringNotEquals: { "aws:userid": ACCOUNT } }, "locks"],
    [{ StringNotLike: { "aws:userid": `${ACCOUNT}:*` } }, "undecided"],
    [{ StringNotEquals: { "aws:PrincipalType": "Account" } }, "locks"],
    [{ StringEquals: { "aws:PrincipalType": "Anonymous" } }, "harmless"],
    [{ StringNotEquals: { "aws:PrincipalType": "AssumedRole" } }, "undecided"],
    [{ StringNotEquals: { "aws:PrincipalTag/team": "security" } }, "undecided"],
    [{ StringEquals: { "aws:PrincipalTag/team": "guests" } }, "undecided"],
    [
        { StringNotEquals: { "aws:FederatedProvider": "arn:aws:iam::111122223333:saml-provider/x" } },
        "undecided",
    ],
    [{ Null: { "aws:TokenIssueTime": "true" } }, "undecided"],
    [{ StringNotEquals: { "aws:SourceIdentity": "alice" } }, "undecided"],
    // The account and its organization.
    [{ "ForAnyValue:StringNotLike": { "aws:PrincipalOrgPaths": `${ORGANIZATION}/*` } }, "harmless"],
    [{ "ForAllValues:StringNotLike": { "aws:PrincipalOrgPaths": "o-zzzzzzzzzz/*" } }, "locks"],
    [{ "ForAnyValue:StringNotEquals": { "aws:PrincipalOrgPaths": ORG_PATH } }, "undecided"],
    [{ StringNotEquals: { "aws:ResourceOrgID": ORGANIZATION } }, "harmless"],
    [{ StringNotEquals: { "aws:ResourceAccount": OTHER_ACCOUNT } }, "locks"],
    // The form of the request.
    [{ NumericLessThan: { "s3:TlsVersion": "1.3" } }, "harmless"],
    [{ NumericGreaterThanEquals: { "s3:TlsVersion": "1.3" } }, "undecided"],
    [{ NumericLessThanEquals: { "s3:TlsVersion": 1.3 } }, "locks"],
    [{ NumericEquals: { "s3:TlsVersion": "1.2" } }, "harmless"],
    [{ NumericNotEquals: { "s3:TlsVersion": "1.3" } }, "harmless"],
    [{ StringEquals: { "s3:authType": "REST-HEADER" } }, "undecided"],
    [{ StringEquals: { "s3:signatureversion": "AWS" } }, "harmless"],
    [{ StringNotEquals: { "s3:x-amz-content-sha256": "UNSIGNED-PAYLOAD" } }, "undecided"],
    [{ NumericLessThan: { "s3:signatureAge": 600_000 } }, "undecided"],
    [{ NumericGreaterThan: { "aws:MultiFactorAuthAge": "3600" } }, "harmless"],
    [{ Null: { "aws:MultiFactorAuthAge": "true" } }, "harmless"],
    [{ Bool: { "aws:MultiFactorAuthPresent": "true" } }, "undecided"],
    [{ StringNotEquals: { "aws:UserAgent": "secret" } }, "undecided"],
    [{ StringLike: { "aws:UserAgent": "*Mozilla*" } }, "harmless"],
    [{ StringNotLike: { "aws:Referer": "https://www.example.com/*" } }, "undecided"],
    [{ StringLike: { "aws:Referer": "https://www.example.com/*" } }, "harmless"],
    // The route of the request. No request must come from a certain network or through a service, but some can.
    [{ IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:DB8::/32"] } }, "harmless"],
    [{ NotIpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:DB8::/32"] } }, "undecided"],
    [{ IpAddress: { "aws:SourceIp": "203.0.113.7" } }, "harmless"],
    [{ IpAddress: { "aws:SourceIp": ["203.0.113.7/32", "2001:DB8::7/128"] } }, "harmless"],
    [{ Null: { "aws:SourceIp": "false" } }, "undecided"],
    [{ NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } }, "undecided"],
    [{ NotIpAddress: { "aws:SourceIp": ["0.0.0.0/0"] } }, "harmless"],
    [{ NotIpAddress: { "aws:SourceIp": "::/0" } }, "undecided"],
    [{ IpAddress: { "aws:SourceIp": ["0.0.0.0/0", "::/0"] } }, "undecided"],
    [{ StringEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" } }, "harmless"],
    [{ Null: { "aws:SourceVpce": "true" } }, "undecided"],
    [{ NotIpAddress: { "aws:VpcSourceIp": "10.0.0.0/16" } }, "undecided"],
    [{ StringNotEquals: { "aws:SourceVpc": ["vpc-1a2b3c4d"] } }, "undecided"],
    [{ StringNotEqualsIfExists: { "aws:VpceOrgID": ORGANIZATION } }, "undecided"],
    [{ Bool: { "aws:ViaAWSService": "true" } }, "harmless"],
    [{ Bool: { "aws:ViaAWSService": "false" } }, "undecided"],
    [{ "ForAnyValue:StringEquals": { "aws:CalledVia": ["athena.amazonaws.com"] } }, "harmless"],
    [{ "ForAllValues:StringNotEquals": { "aws:CalledVia": ["cloudformation.amazonaws.com"] } }, "undecided"],
    [{ StringNotEquals: { "s3:DataAccessPointAccount": ACCOUNT } }, "undecided"],
    [{ ArnNotEquals: { "ec2:SourceInstanceARN": "arn:aws:ec2:*:*:instance/i-1" } }, "undecided"],
    [{ StringNotEquals: { "aws:PrincipalServiceName": "cloudtrail.amazonaws.com" } }, "locks"],
    // The time, tags and unknown keys.
    [{ DateGreaterThan: { "aws:CurrentTime": "2025-01-01T00:00:00Z" } }, "undecided"],
    [{ NumericLessThan: { "aws:EpochTime": 1735689600 } }, "undecided"],
    [{ StringNotEquals: { "aws:ResourceTag/stage": "live" } }, "undecided"],
    [{ StringEquals: { "s3:BucketTag/stage": "live" } }, "undecided"],
    [{ StringEquals: { "aws:SomethingNew": "x" } }, "undecided"],
    [{ StringNotEquals: { "s3:something-new": "x" } }, "undecided"],
    [{ StringEquals: { constructor: "x" } }, "undecided"],
];

/** Policies whose owner's organization or region is unknown, in another partition, or in the first version of the language. */
export const OTHER_OWNERS: PolicyCase[] = [
    {
        name: "conditions on the organization or region, which are unknown",
        statements: [
            denyBucket({ Condition: { StringNotEquals: { "aws:PrincipalOrgID": ORGANIZATION } } }),
            denyBucket({ Condition: { "ForAnyValue:StringNotLike": { "aws:PrincipalOrgPaths": "o-zz/*" } } }),
            denyBucket({ Condition: { StringEquals: { "aws:RequestedRegion": "us-east-1" } } }),
            denyBucket({ Condition: { Null: { "aws:PrincipalOrgID": "true" } } }),
            denyBucket({ Condition: { Null: { "aws:PrincipalOrgPaths": "true" } } }),
        ],
        expected: ["undecided", "undecided", "undecided", "undecided", "undecided"],
        owner: { organizationId: "", region: "" },
    },
    {
        name: "a variable in the first version of the language, where it is plain text",
        statements: [
            denyBucket({
                Condition: { StringNotEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } },
            }),
        ],
        expected: ["locks"],
        version: "2008-10-17",
    },
    {
        name: "roles in another partition",
        statements: [
            denyBucket({
                Resource: "*",
                Condition: { ArnNotLike: { "aws:PrincipalArn": `arn:aws-cn:iam::${ACCOUNT}:role/Admin` } },
            }),
        ],
        expected: ["undecided"],
        owner: { resourceArn: "arn:aws-cn:s3:::amzn-s3-demo-bucket", region: "cn-north-1" },
    },
];
