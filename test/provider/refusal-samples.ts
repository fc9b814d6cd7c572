/** Recorded or documented failures of AWS calls, and the explanation that each must get. */
import type { AttemptedCall } from "../../provider/aws/errors/facts";
import type { FailureReason } from "../../provider/aws/errors/diagnose";
import { providerModule } from "./harness/package";

export const ACCOUNT = "111122223333";
export const CALLER = "444455556666";
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const ROLE = `arn:aws:sts::${CALLER}:assumed-role/Pipeline/run-17`;
const POLICIES = "arn:aws:organizations::999988887777:policy/o-simulated1";
export const SCP = `${POLICIES}/service_control_policy/p-abcd1234`;
const RCP = `${POLICIES}/resource_control_policy/p-rcp12345`;

export interface Sample {
    title: string;
    code: string;
    /** The default is 400. */
    status?: number;
    message: string;
    /** Answers to calls that were made after the refusal. */
    followUp?: NonNullable<AttemptedCall["followUp"]>;
    reason: FailureReason;
    /** The begin of the cause. The call follows in brackets. */
    because: string;
    /** The rest of the detail. */
    says: RegExp;
    /** Must not be in the detail. */
    neverSays?: RegExp;
}

const NOT_AUTHORIZED = `User: ${ROLE} is not authorized to perform: sts:AssumeRoot on resource: ${ROOT}`;
const denied = (message: string) => ({ code: "AccessDenied", status: 403, message });

export const OF_ASSUME_ROOT: Sample[] = [
    {
        title: "a denial that fits a missing permission, a removed delegation, and an account that is no active member",
        ...denied(NOT_AUTHORIZED),
        reason: "not-allowed",
        because: "the caller may not assume root there",
        says: /same answer for a missing permission, a delegation that was removed.*no active member, and the management account.*Allow arn:aws:sts::444455556666:assumed-role\/Pipeline\/run-17 sts:AssumeRoot on arn:aws:iam::111122223333:root with the condition key sts:TaskPolicyArn/,
    },
    {
        title: "the same denial after AWS has confirmed account and delegation: a missing permission",
        ...denied(NOT_AUTHORIZED),
        followUp: { isActiveMember: true, centralRootAccess: "on" },
        reason: "not-allowed",
        because: "the caller may not assume root there",
        says: /The permission is missing, or .*the account is an active member and that central root access is on/,
        neverSays: /list-delegated-administrators|no active member/,
    },
    {
        title: "the same denial after AWS has said that the caller's account is no delegate",
        ...denied(NOT_AUTHORIZED),
        followUp: { centralRootAccess: "not-delegated" },
        reason: "not-delegated",
        because: "the caller's account is not (or no longer) a delegated administrator for IAM",
        says: /register-delegated-administrator --account-id 444455556666 --service-principal iam\.amazonaws\.com/,
    },
    {
        title: "the same denial after AWS has said that the feature is off",
        ...denied(NOT_AUTHORIZED),
        followUp: { centralRootAccess: "feature-off" },
        reason: "feature-off",
        because: "the feature RootCredentialsManagement is off",
        says: /aws iam enable-organizations-root-credentials-management/,
    },
    {
        title: "the same denial after AWS has said that trusted access is off",
        ...denied(NOT_AUTHORIZED),
        followUp: { centralRootAccess: "trusted-access-off" },
        reason: "trusted-access-off",
        because: "trusted access for IAM is off in the organization",
        says: /enable-aws-service-access/,
    },
    {
        title: "the caller's own account",
        ...denied(
            `User: arn:aws:iam::${ACCOUNT}:user/operator is not authorized to perform: sts:AssumeRoot on resource: ${ROOT}`,
        ),
        reason: "own-account",
        because: "the account is the caller's own",
        says: /An audit that runs as the management account inspects this account too\. A stack leaves it out \(the setting exclude\), and a stack that runs as the management account includes it/,
    },
    {
        title: "the feature RootCredentialsManagement, which is off",
        ...denied("Root credentials management feature is not enabled for your AWS Organization."),
        reason: "feature-off",
        because: "the feature RootCredentialsManagement is off",
        says: /aws iam enable-organizations-root-credentials-management/,
    },
    {
        title: "the feature RootSessions, which is off",
        ...denied("Root sessions feature is not enabled for your AWS Organization."),
        reason: "feature-off",
        because: "the feature RootSessions is off",
        says: /aws iam enable-organizations-root-sessions/,
    },
    {
        title: "trusted access, which is off",
        ...denied("Service not enabled for AWS Organizations."),
        reason: "trusted-access-off",
        because: "trusted access for IAM is off in the organization",
        says: /enable-aws-service-access --service-principal iam\.amazonaws\.com/,
    },
    {
        title: "an SCP of the delegated administrator's own account",
        ...denied(`${NOT_AUTHORIZED} with an explicit deny in a service control policy: ${SCP}`),
        reason: "scp-of-caller",
        because: "blocked on the caller's side by SCP p-abcd1234",
        says: /applies to the calling account, not 111122223333: allow arn:\S+Pipeline\/run-17 sts:AssumeRoot.*describe-policy --policy-id p-abcd1234/,
        neverSays: /AssumedRoot|ExemptAssumeRoot/,
    },
    {
        title: "SCPs of the delegated administrator's own account that do not allow the call",
        ...denied(`${NOT_AUTHORIZED} because no service control policy allows the sts:AssumeRoot action`),
        reason: "scp-of-caller",
        because: "blocked on the caller's side by an SCP that AWS did not name",
        says: /list-policies-for-target --target-id 444455556666 --filter SERVICE_CONTROL_POLICY/,
    },
    {
        title: "an RCP of the target",
        ...denied(`${NOT_AUTHORIZED} with an explicit deny in a resource control policy: ${RCP}`),
        reason: "rcp",
        because: "blocked by RCP p-rcp12345",
        says: /applies to account 111122223333, not to the caller.*describe-policy --policy-id p-rcp12345/,
    },
    {
        title: "an RCP that AWS does not name",
        ...denied(`${NOT_AUTHORIZED} with an explicit deny in a resource control policy`),
        reason: "rcp",
        because: "blocked by an RCP that AWS did not name",
        says: /list-policies-for-target --target-id 111122223333 --filter RESOURCE_CONTROL_POLICY/,
    },
    {
        title: "a permissions boundary",
        ...denied(`${NOT_AUTHORIZED} because no permissions boundary allows the sts:AssumeRoot action`),
        reason: "permissions-boundary",
        because: "blocked by the caller's permissions boundary",
        says: /Allow \S+run-17 sts:AssumeRoot on arn:aws:iam::111122223333:root in the permissions boundary/,
    },
    {
        title: "the session policy of the caller's session",
        ...denied(`${NOT_AUTHORIZED} with an explicit deny in a session policy`),
        reason: "session-policy",
        because: "blocked by the session policy of the caller's session",
        says: /passed when the session is made/,
    },
    {
        title: "the policy of a VPC endpoint",
        ...denied(`${NOT_AUTHORIZED} with an explicit deny in a VPC endpoint policy`),
        reason: "endpoint-policy",
        because: "blocked by the policy of a VPC endpoint",
        says: /VPC endpoint for STS that this machine uses/,
    },
    {
        title: "an explicit deny in a policy of the caller, by its ARN",
        ...denied(
            `${NOT_AUTHORIZED} with an explicit deny in an identity-based policy: arn:aws:iam::${CALLER}:policy/RequireMultiFactorAuthentication`,
        ),
        reason: "identity-policy",
        because: "denied by a policy of the caller",
        says: /for \S+run-17 \(arn:aws:iam::444455556666:policy\/RequireMultiFactorAuthentication\).*demands MFA/,
    },
    {
        title: "an MFA code that is missing",
        ...denied(
            "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.",
        ),
        reason: "mfa-required",
        because: "the caller's profile asks for MFA",
        says: /aws configure export-credentials/,
    },
    {
        title: "a role of the caller's profile that cannot be assumed",
        ...denied(
            `User: arn:aws:iam::${CALLER}:user/ada is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::${CALLER}:role/Audit`,
        ),
        reason: "credentials",
        because: "the role of the caller's profile could not be assumed",
        says: /Allow arn:aws:iam::444455556666:user\/ada sts:AssumeRole on arn:aws:iam::444455556666:role\/Audit/,
    },
    {
        title: "a region in which STS is not active",
        code: "RegionDisabledException",
        status: 403,
        message: `STS is not activated in this region for account:${CALLER}. Your account administrator can activate STS in this region using the IAM Console.`,
        reason: "region-disabled",
        because: "STS is not active in this region",
        says: /AWS_REGION=us-east-1.*AWS said: .*account:444455556666/,
    },
    {
        title: "the global endpoint, which does not know the call",
        code: "InvalidAction",
        message: "Unknown Operation",
        reason: "global-endpoint",
        because: "this STS endpoint does not know AssumeRoot",
        says: /Set AWS_REGION to a region, and unset AWS_ENDPOINT_URL/,
    },
    {
        title: "expired credentials of the caller",
        code: "ExpiredToken",
        status: 403,
        message: "The security token included in the request is expired",
        reason: "credentials",
        because: "the caller's AWS credentials have expired",
        says: /Sign in again/,
    },
    {
        title: "credentials that AWS does not know",
        code: "InvalidClientTokenId",
        status: 403,
        message: "The security token included in the request is invalid.",
        reason: "credentials",
        because: "AWS does not know the caller's credentials",
        says: /AWS_PROFILE.*a region that the calling account has not enabled/,
    },
    {
        title: "a target that is no account, in AWS's words",
        code: "ValidationError",
        message: "Request must contain a valid target principal",
        reason: "other",
        because: "AWS answered ValidationError",
        says: /counts as unknown.*AWS said: ValidationError: Request must contain a valid target principal$/,
    },
    {
        title: "an unknown denial, in AWS's words",
        ...denied("The moon is in the wrong house."),
        reason: "not-allowed",
        because: "the caller may not assume root there",
        says: /AWS said: AccessDenied: The moon is in the wrong house\.$/,
    },
];

const deniedIn = (action: string, by = "") =>
    denied(`User: ${ROOT} is not authorized to perform: ${action} on resource: ${ROOT}${by && ` ${by}`}`);
const BY_SCP = "with an explicit deny in a service control policy";

/** Answers to `iam:ListAccessKeys` in a root session. */
export const IN_A_ROOT_SESSION: Sample[] = [
    {
        title: "an SCP, by its ARN, with the exemption for both of its usual forms",
        ...deniedIn("iam:ListAccessKeys", `${BY_SCP}: ${SCP}`),
        reason: "scp",
        because: "blocked by SCP p-abcd1234",
        says: new RegExp(
            `describe-policy --policy-id p-abcd1234.*"Condition": \\{"Null": \\{"aws:AssumedRoot": "true"\\}\\}.*AWS-GR_RESTRICT_ROOT_USER: set the control's parameter ExemptAssumeRoot.*If it denies iam:ListAccessKeys to everybody, .*ExemptAssumeRoot does not help there.*AWS said: .*${SCP}`,
        ),
    },
    {
        title: "an SCP with an authorization id after its ARN",
        ...deniedIn(
            "iam:ListAccessKeys",
            `${BY_SCP}: ${SCP}, authorization id: 0f0e0d0c-1111-2222-3333-444455556666`,
        ),
        reason: "scp",
        because: "blocked by SCP p-abcd1234",
        says: /--policy-id p-abcd1234\)/,
    },
    {
        title: "an SCP that AWS does not name",
        ...deniedIn("iam:ListAccessKeys", BY_SCP),
        reason: "scp",
        because: "blocked by an SCP that AWS did not name",
        says: /list-policies-for-target --target-id 111122223333 --filter SERVICE_CONTROL_POLICY.*aws:AssumedRoot/,
    },
    {
        title: "SCPs that do not allow the call",
        ...deniedIn(
            "iam:ListAccessKeys",
            "because no service control policy allows the iam:ListAccessKeys action",
        ),
        reason: "scp",
        because: "blocked by SCP: none allows it",
        says: /Allow iam:ListAccessKeys for root sessions/,
    },
    {
        title: "the task policy",
        ...deniedIn("iam:ListAccessKeys", "with an explicit deny in a session policy"),
        reason: "session-policy",
        because: "AWS's task policy leaves this call out of root sessions",
        says: /newest version of this package/,
    },
    {
        title: "the policy of a VPC endpoint",
        ...deniedIn(
            "iam:ListAccessKeys",
            "because no VPC endpoint policy allows the iam:ListAccessKeys action",
        ),
        reason: "endpoint-policy",
        because: "blocked by the policy of a VPC endpoint",
        says: /Allow arn:aws:iam::111122223333:root iam:ListAccessKeys .*VPC endpoint for IAM/,
    },
    {
        title: "a denial without a reason",
        ...deniedIn("iam:ListAccessKeys"),
        reason: "not-allowed",
        because: "AWS denied the call",
        says: /Check the SCPs of the account first/,
    },
    {
        title: "an expired session",
        code: "ExpiredToken",
        status: 403,
        message: "The security token included in the request is expired",
        reason: "session-expired",
        because: "the root session expired before the work was done",
        says: /Run again: every run opens a new one/,
    },
    {
        title: "a session that AWS no longer accepts",
        code: "InvalidClientTokenId",
        status: 403,
        message: "The security token included in the request is invalid",
        reason: "session-expired",
        because: "AWS does not accept the root session any more",
        says: /every run opens a new one/,
        neverSays: /AWS_PROFILE/,
    },
    {
        title: "another change that is under way",
        code: "EntityTemporarilyUnmodifiable",
        status: 409,
        message: "Login Profile for User null cannot be modified while login profile is being created.",
        reason: "busy",
        because: "AWS was still busy with another change to it",
        says: /Run again in a minute/,
    },
    {
        title: "an unknown failure, in AWS's words",
        code: "SomethingNew",
        message: "The hamster <stopped> & fell asleep.",
        reason: "other",
        because: "AWS answered SomethingNew",
        says: /AWS said: SomethingNew: The hamster <stopped> & fell asleep\.$/,
    },
];

/** Answers to `iam:DeleteLoginProfile` in a root session that could list. */
export const OF_A_REMOVAL: Sample[] = [
    {
        title: "an SCP that denies the removal to everybody, for which Control Tower's parameter would be wrong advice",
        ...deniedIn("iam:DeleteLoginProfile", `${BY_SCP}: ${SCP}`),
        reason: "scp",
        because: "blocked by SCP p-abcd1234",
        says: /denies iam:DeleteLoginProfile and not everything\. Control Tower's ExemptAssumeRoot would not help.*let root sessions through in the statement that denies iam:DeleteLoginProfile/,
        neverSays: /AWS-GR_RESTRICT_ROOT_USER/,
    },
];

/** Answers about a bucket, which the root session signs. */
export const OF_A_BUCKET: Sample[] = [
    {
        title: "no such bucket",
        code: "NoSuchBucket",
        status: 404,
        message: "The specified bucket does not exist",
        reason: "no-such-bucket",
        because: "there is no such bucket",
        says: /take it out of the program/,
    },
    {
        title: "a bucket of another region",
        code: "PermanentRedirect",
        status: 301,
        message: "The bucket you are attempting to access must be addressed using the specified endpoint.",
        reason: "other-region",
        because: "the bucket is in another region",
        says: /Leave the bucket's region out, so that AWS is asked for it/,
    },
    {
        title: "a signature for another region",
        code: "AuthorizationHeaderMalformed",
        message:
            "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
        reason: "other-region",
        because: "the bucket is in another region",
        says: /expecting 'eu-west-1'/,
    },
    {
        title: "a bucket whose policy lets another account in",
        code: "MethodNotAllowed",
        status: 405,
        message: "The specified method is not allowed against this resource.",
        reason: "not-the-owner",
        because: "the bucket belongs to another account",
        says: /name that one instead of 111122223333/,
    },
    {
        title: "a denial without a reason",
        ...denied("Access Denied"),
        reason: "not-allowed",
        because: "S3 denied the call without a reason",
        says: /belongs to another account than 111122223333, or if an SCP or RCP denies/,
    },
    {
        title: "a public policy that S3 blocks",
        ...denied(
            `User: ${ROOT} is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::payments-logs" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
        ),
        reason: "bad-policy",
        because: "S3 Block Public Access keeps out a public policy",
        says: /Nothing was changed.*mode: delete/,
    },
    {
        title: "a policy with a statement that names a deleted role",
        code: "MalformedPolicy",
        message: "Invalid principal in policy",
        reason: "bad-policy",
        because: "a statement names a user or role that does not exist (any more)",
        says: /AWS refuses to store such a policy again.*Name the Sid of that statement in remove/,
    },
    {
        title: "a policy that S3 does not understand",
        code: "MalformedPolicy",
        message: "Policy has invalid resource",
        reason: "bad-policy",
        because: "AWS does not accept the policy",
        says: /MalformedPolicy: Policy has invalid resource/,
    },
];

/** Answers about a queue. */
export const OF_A_QUEUE: Sample[] = [
    {
        title: "no such queue",
        code: "QueueDoesNotExist",
        message: "The specified queue does not exist.",
        reason: "no-such-queue",
        because: "there is no such queue in this account and region",
        says: /Check its URL and its region/,
    },
    {
        title: "a queue of another region",
        code: "InvalidAddress",
        status: 404,
        message:
            "The address https://queue.amazonaws.com/111122223333/orders is not valid for this endpoint.",
        reason: "no-such-queue",
        because: "there is no such queue in this account and region",
        says: /its region/,
    },
    {
        title: "a policy that SQS does not understand",
        code: "InvalidAttributeValue",
        message: "Invalid value for the parameter Policy.",
        reason: "bad-policy",
        because: "AWS does not accept the policy",
        says: /Invalid value for the parameter Policy/,
    },
];

/** Answers to `organizations:DescribeAccount`, which the caller signs. */
export const OF_ORGANIZATIONS: Sample[] = [
    {
        title: "a permission that the caller lacks",
        code: "AccessDeniedException",
        message: `User: ${ROLE} is not authorized to perform: organizations:DescribeAccount on resource: arn:aws:organizations::999988887777:account/o-simulated1/${ACCOUNT} because no identity-based policy allows the organizations:DescribeAccount action`,
        reason: "not-allowed",
        because: "the caller lacks the permission",
        says: /Allow \S+run-17 organizations:DescribeAccount on arn:aws:organizations::999988887777:account\/o-simulated1\/111122223333 in an identity-based policy/,
    },
    {
        title: "a caller of an ordinary account",
        code: "AccessDeniedException",
        message: "You don't have permissions to access this resource.",
        reason: "not-allowed",
        because: "AWS denied the call",
        says: /Run as the management account or as the delegated administrator/,
    },
    {
        title: "a session token that has expired",
        code: "ExpiredTokenException",
        message: "The security token included in the request is expired",
        reason: "credentials",
        because: "the caller's AWS credentials have expired",
        says: /Sign in again/,
    },
    {
        title: "a clock that is wrong",
        code: "InvalidSignatureException",
        message:
            "Signature expired: 20260912T100000Z is now earlier than 20260912T112500Z (20260912T113000Z - 5 min.)",
        reason: "credentials",
        because: "this machine's clock and AWS's differ too much",
        says: /Set the clock right/,
    },
    {
        title: "a request with an old date",
        code: "RequestExpired",
        message: "Request has expired.",
        reason: "credentials",
        because: "this machine's clock and AWS's differ too much",
        says: /Set the clock right/,
    },
];

/** A call that AWS did not answer, as Node.js, the SDK or this package reports it. */
export interface Unanswered {
    title: string;
    error: () => Error;
    reason: FailureReason;
    because: string;
    says: RegExp;
}

const failing = (code: string, message: string) => () => Object.assign(new Error(message), { code });
const named =
    (name: string, message: string, more = {}) =>
    () =>
        Object.assign(new Error(message), { name, ...more });

export const UNANSWERED: Unanswered[] = [
    {
        title: "a bucket that the account's list does not have",
        error: () =>
            new (providerModule("aws/errors/error-classes").BucketNotListed)(
                "s3:ListBuckets lists no bucket payments-logs",
            ),
        reason: "no-such-bucket",
        because: "the account has no bucket of that name",
        says: /only the owning account can unlock a bucket.*give its region/,
    },
    {
        title: "an unknown host name",
        error: failing("ENOTFOUND", "getaddrinfo ENOTFOUND sts.eu-middle-1.amazonaws.com"),
        reason: "unreachable",
        because: "the AWS endpoint could not be reached: unknown name",
        says: /spelling of AWS_REGION.*The error was: ENOTFOUND: getaddrinfo ENOTFOUND sts\.eu-middle-1/,
    },
    {
        title: "a connection that is refused",
        error: failing("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:4566"),
        reason: "unreachable",
        because: "the AWS endpoint could not be reached: connection refused",
        says: /AWS_ENDPOINT_URL.*127\.0\.0\.1:4566$/,
    },
    {
        title: "a certificate of an unknown authority",
        error: failing("SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain"),
        reason: "unreachable",
        because: "the AWS endpoint could not be reached: its certificate is not trusted here",
        says: /NODE_EXTRA_CA_CERTS/,
    },
    {
        title: "plain HTTP instead of TLS",
        error: failing("EPROTO", "write EPROTO ssl3_get_record:wrong version number"),
        reason: "unreachable",
        because: "the AWS endpoint could not be reached: the server does not use TLS",
        says: /http:\/\/ and https:\/\/ are easily confused/,
    },
    {
        title: "a call without an answer",
        error: named("TimeoutError", "a request has exceeded the configured 15000 ms requestTimeout.", {
            code: "ETIMEDOUT",
        }),
        reason: "unreachable",
        because: "the AWS endpoint could not be reached: no answer in time",
        says: /Check the network between here and AWS/,
    },
    {
        title: "a network without a route to AWS",
        error: failing("ENETUNREACH", "connect ENETUNREACH 10.1.2.3:443"),
        reason: "unreachable",
        because: "the AWS endpoint could not be reached: no route",
        says: /this machine's network/,
    },
    {
        title: "a connection that breaks",
        error: failing("ECONNRESET", "socket hang up"),
        reason: "unreachable",
        because: "the AWS endpoint could not be reached: the connection broke",
        says: /Check the network/,
    },
    {
        title: "a proxy that requires a sign-in",
        error: named("Unknown", "Unknown", { $metadata: { httpStatusCode: 407 } }),
        reason: "unreachable",
        because: "the AWS endpoint could not be reached: HTTP 407 without AWS's request id",
        says: /A proxy on the way asks for a sign-in/,
    },
    {
        title: "a gateway that answers instead of AWS",
        error: () =>
            Object.assign(new SyntaxError("Unexpected token '<'"), { $metadata: { httpStatusCode: 502 } }),
        reason: "unreachable",
        because: "the AWS endpoint could not be reached: HTTP 502 without AWS's request id",
        says: /The answer does not come from AWS/,
    },
    {
        title: "a failure inside AWS",
        error: named("ServiceUnavailable", "Please try again later.", {
            $metadata: { httpStatusCode: 503, requestId: "1" },
        }),
        reason: "service-error",
        because: "the endpoint answered HTTP 503",
        says: /counts as unknown.*AWS said: ServiceUnavailable/,
    },
    {
        title: "throttling until the deadline",
        error: named("Throttling", "Rate exceeded", { $metadata: { httpStatusCode: 400, requestId: "1" } }),
        reason: "throttled",
        because: "AWS throttled the call until the deadline",
        says: /failed in account.*AWS throttled the call for 10 minutes, which says nothing about the account/,
    },
    {
        title: "an incomplete answer",
        error: () => {
            const { IncompleteAnswer } = providerModule("aws/errors/error-classes");
            return new IncompleteAnswer("Credentials.SessionToken");
        },
        reason: "incomplete-answer",
        because: "AWS's answer was incomplete",
        says: /AWS answered without Credentials\.SessionToken$/,
    },
    {
        title: "a session of another account",
        error: () => {
            const { WrongAccount } = providerModule("aws/errors/error-classes");
            return new WrongAccount(ACCOUNT, "999988887777");
        },
        reason: "wrong-account",
        because: "AWS handed out a session of account 999988887777",
        says: /Nothing was written/,
    },
    {
        title: "a profile that asks for MFA",
        error: named(
            "CredentialsProviderError",
            "Profile audit requires multi-factor authentication, but no MFA code callback was provided.",
        ),
        reason: "mfa-required",
        because: "the caller's profile asks for MFA",
        says: /eval "\$\(aws configure export-credentials --profile NAME --format env\)"/,
    },
    {
        title: "an expired sign-in",
        error: named(
            "TokenProviderError",
            "Token is expired. To refresh this SSO session run 'aws sso login' with the corresponding profile.",
        ),
        reason: "credentials",
        because: "the caller's sign-in has expired",
        says: /Sign in again \(aws sso login/,
    },
    {
        title: "no credentials at all",
        error: named("CredentialsProviderError", "Could not load credentials from any providers"),
        reason: "credentials",
        because: "no AWS credentials were found",
        says: /Set AWS_PROFILE, or AWS_ACCESS_KEY_ID/,
    },
    {
        title: "a bug in a program",
        error: () => new TypeError("that is no function"),
        reason: "other",
        because: "it ended with TypeError",
        says: /failed in account.*The error was: TypeError/,
    },
];

/** The error as the SDK builds it from AWS's answer. */
export function asAnswered({ code, message, status = 400 }: Sample): Error {
    return Object.assign(new Error(message), {
        name: code,
        $metadata: { httpStatusCode: status, requestId: "00000000-0000-4000-8000-000000000001" },
    });
}

/** All samples with their calls. */
export function everySample(): {
    title: string;
    error: Error;
    attempt: AttemptedCall;
    reason: FailureReason;
}[] {
    const answered: [string, Sample[]][] = [
        ["sts:AssumeRoot", OF_ASSUME_ROOT],
        ["iam:ListAccessKeys", IN_A_ROOT_SESSION],
        ["iam:DeleteLoginProfile", OF_A_REMOVAL],
        ["organizations:DescribeAccount", OF_ORGANIZATIONS],
        ["s3:PutBucketPolicy", OF_A_BUCKET],
        ["sqs:SetQueueAttributes", OF_A_QUEUE],
    ];
    return [
        ...answered.flatMap(([action, samples]) =>
            samples.map((sample) => ({
                title: sample.title,
                error: asAnswered(sample),
                attempt: attemptAt(action, sample),
                reason: sample.reason,
            })),
        ),
        ...UNANSWERED.map(({ title, error, reason }) => ({
            title,
            error: error(),
            attempt: attemptAt("sts:AssumeRoot", {}),
            reason,
        })),
    ];
}

export function attemptAt(action: string, { followUp }: Pick<Sample, "followUp">): AttemptedCall {
    return { accountId: ACCOUNT, action, ...(followUp && { followUp }) };
}
