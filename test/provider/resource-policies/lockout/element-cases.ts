/** Statements that differ in one element: principal, action or resource. */
import {
    ACCOUNT,
    BUCKET,
    denyBucket,
    denyQueue,
    OBJECTS,
    OTHER_ACCOUNT,
    QUEUE,
    QUEUE_OWNER,
    type PolicyCase,
    type Statement,
} from "./fixtures";

const ROLE = `arn:aws:iam::${ACCOUNT}:role/Admin`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/Admin/alice`;
const CANONICAL = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";

function bucketCase(
    name: string,
    expected: PolicyCase["expected"][number],
    but: Statement,
    version = "2012-10-17",
): PolicyCase {
    return { name, statements: [denyBucket(but)], expected: [expected], version };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export const PRINCIPALS: PolicyCase[] = [
    bucketCase("a role and a session of the account", "harmless", { Principal: { AWS: [ROLE, SESSION] } }),
    bucketCase("another account's root", "harmless", {
        Principal: { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:root` },
    }),
    bucketCase("an origin access identity of CloudFront", "harmless", {
        Principal: { AWS: "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity EH1HDMB1FH2TC" },
    }),
    bucketCase("a service and an identity provider", "harmless", {
        Principal: { Service: ["logging.s3.amazonaws.com"], Federated: "cognito-identity.amazonaws.com" },
    }),
    bucketCase("a service and everybody", "locks", {
        Principal: { Service: "logging.s3.amazonaws.com", AWS: ["*"] },
    }),
    bucketCase("a deleted user", "harmless", { Principal: { AWS: "AIDAEXAMPLEUSERID1234" } }),
    bucketCase("a canonical user, which may be the account", "undecided", {
        Principal: { CanonicalUser: CANONICAL },
    }),
    bucketCase("a wildcard within an ARN, which AWS refuses", "undecided", {
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/*` },
    }),
    bucketCase("a group, which AWS refuses", "undecided", {
        Principal: { AWS: [`arn:aws:iam::${ACCOUNT}:group/admins`] },
    }),
    bucketCase("a name without an ARN, which AWS refuses", "undecided", { Principal: { AWS: "bob" } }),
    bucketCase("neither Principal nor NotPrincipal", "undecided", { Principal: undefined }),
    bucketCase("both Principal and NotPrincipal", "undecided", { NotPrincipal: "*" }),
    bucketCase("an unknown type of principal", "undecided", { Principal: { Group: "admins" } }),
    bucketCase("null", "undecided", { Principal: null }),
    bucketCase("an account without its type", "undecided", { Principal: ACCOUNT }),
    bucketCase("NotPrincipal: everybody", "harmless", { Principal: undefined, NotPrincipal: { AWS: "*" } }),
    bucketCase("NotPrincipal: a role without its account", "undecided", {
        Principal: undefined,
        NotPrincipal: { AWS: ROLE },
    }),
    bucketCase("NotPrincipal: a session, its role and its account", "undecided", {
        Principal: undefined,
        NotPrincipal: { AWS: [SESSION, ROLE, `arn:aws:iam::${ACCOUNT}:root`] },
    }),
    bucketCase("NotPrincipal: another account's role", "locks", {
        Principal: undefined,
        NotPrincipal: {
            AWS: [`arn:aws:iam::${OTHER_ACCOUNT}:role/audit`, `arn:aws:iam::${OTHER_ACCOUNT}:root`],
        },
    }),
    bucketCase("NotPrincipal: a canonical user", "undecided", {
        Principal: undefined,
        NotPrincipal: { CanonicalUser: CANONICAL },
    }),
];

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
export const ACTIONS: PolicyCase[] = [
    bucketCase("a name in lower case", "locks", { Action: "s3:getbucketpolicy" }),
    bucketCase("wildcards within names", "locks", { Action: ["S3:Put?ucketP*", "s3:*BucketPolicy"] }),
    bucketCase("a name that only begins like an action on the policy", "harmless", {
        Action: ["s3:PutBucketPolicyX", "s3:PutBucketPol"],
    }),
    bucketCase("every action of another service", "harmless", { Action: "sqs:*" }),
    bucketCase("actions on objects", "harmless", { Action: ["s3:*Object*", "s3:ListBucket"] }),
    bucketCase("putting but not deleting the policy", "harmless", { Action: "s3:PutBucket*" }),
    bucketCase("all actions except those on the policy", "harmless", {
        Action: undefined,
        NotAction: ["s3:*BucketPolicy"],
    }),
    bucketCase("all actions except writing the policy", "locks", {
        Action: undefined,
        NotAction: ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"],
    }),
    bucketCase("all actions except reading and deleting the policy", "harmless", {
        Action: undefined,
        NotAction: ["s3:GetBucketPolicy", "s3:DeleteBucketPolicy"],
    }),
    bucketCase("both Action and NotAction", "undecided", { NotAction: "s3:GetObject" }),
    bucketCase("no action", "undecided", { Action: undefined }),
    bucketCase("an empty list", "undecided", { Action: [] }),
];

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
export const RESOURCES: PolicyCase[] = [
    bucketCase("the objects alone", "harmless", { Resource: OBJECTS }),
    bucketCase("another bucket", "harmless", { Resource: "arn:aws:s3:::amzn-s3-demo-bucket2" }),
    bucketCase("every resource", "locks", { Resource: "*" }),
    bucketCase("every bucket", "locks", { Resource: "arn:aws:s3:::*" }),
    bucketCase("a pattern for this bucket", "locks", { Resource: ["arn:*:s3:::amzn-s3-demo-????et*"] }),
    bucketCase("a pattern in capitals", "harmless", { Resource: "arn:aws:s3:::AMZN-*" }),
    bucketCase("another partition", "harmless", { Resource: BUCKET.replace("arn:aws:", "arn:aws-cn:") }),
    bucketCase("an ARN with too few parts", "undecided", { Resource: "arn:aws:s3:*" }),
    bucketCase("an ARN without its last part", "undecided", { Resource: "arn:aws:s3::*" }),
    bucketCase("an ARN of another service with too few parts", "harmless", { Resource: "arn:aws:sqs:*" }),
    bucketCase("all resources except the objects", "locks", { Resource: undefined, NotResource: OBJECTS }),
    bucketCase("all resources except the bucket", "harmless", {
        Resource: undefined,
        NotResource: [BUCKET, OBJECTS],
    }),
    bucketCase("a name with a variable that depends on the caller", "undecided", {
        Resource: "arn:aws:s3:::amzn-s3-demo-${aws:PrincipalTag/team}",
    }),
    bucketCase("a name with a variable that never fits this bucket", "harmless", {
        Resource: "arn:aws:s3:::other-${aws:PrincipalTag/team}",
    }),
    bucketCase(
        "a variable in the first version of the language, where it is plain text",
        "harmless",
        { Resource: "arn:aws:s3:::amzn-s3-demo-${aws:PrincipalTag/team}" },
        "2008-10-17",
    ),
    bucketCase("neither Resource nor NotResource", "undecided", { Resource: undefined }),
    {
        name: "the queue in any region and account",
        statements: [denyQueue({ Resource: "arn:aws:sqs:*:*:orders" })],
        expected: ["locks"],
        owner: QUEUE_OWNER,
    },
    {
        name: "the dead-letter queue",
        statements: [denyQueue({ Resource: `${QUEUE}-dead` })],
        expected: ["harmless"],
        owner: QUEUE_OWNER,
    },
];

/** Statements that AWS would probably refuse to store. */
export const UNREADABLE: PolicyCase[] = [
    bucketCase("no effect", "undecided", { Effect: undefined }),
    bucketCase("an effect in lower case", "undecided", { Effect: "deny" }),
    bucketCase("an unknown element, such as a mistyped Condition", "undecided", {
        Conditon: { Bool: { "aws:SecureTransport": "false" } },
    }),
    bucketCase("a string as Condition", "undecided", { Condition: "aws:SecureTransport" }),
    bucketCase("an unknown operator", "undecided", {
        Condition: { StringMatches: { "aws:PrincipalOrgID": "o-*" } },
    }),
    bucketCase("an operator without keys", "undecided", { Condition: { StringEquals: "o-a1b2c3d4e5" } }),
    bucketCase("a key without values", "undecided", {
        Condition: { StringEquals: { "aws:PrincipalOrgID": [] } },
    }),
    bucketCase("no principal, but only objects as resource", "harmless", {
        Principal: undefined,
        Resource: OBJECTS,
    }),
];
