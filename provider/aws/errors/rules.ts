/**
 * The causes of a refusal: how to tell each one, what it is called, what to do. Every sentence about a refusal is here.
 *
 * A cause says no more than the facts do, and blames nobody without one. An unknown text is passed on as it came, never
 * guessed at. The tests hold `docs/refusals.md` to this list.
 */
import { IncompleteAnswer } from "../responses";
import { timeouts } from "../../process/timeouts";
import { isThrottled } from "../retry-strategy";
import { accountIn, type Denial, type Facts, type PolicyType } from "./facts";
import { NotListed } from "../../resource-policies/kind";
import { WrongAccount } from "./wrong-account";

export const FAILURE_REASONS = [
    "scp",
    "scp-of-caller",
    "rcp",
    "permissions-boundary",
    "session-policy",
    "endpoint-policy",
    "identity-policy",
    "mfa-required",
    "feature-off",
    "trusted-access-off",
    "not-delegated",
    "not-allowed",
    "own-account",
    "region-disabled",
    "global-endpoint",
    "credentials",
    "session-expired",
    "throttled",
    "busy",
    "unreachable",
    "service-error",
    "incomplete-answer",
    "wrong-account",
    "record-not-kept",
    "foreign-organization",
    "in-use",
    "no-such-bucket",
    "other-region",
    "not-the-owner",
    "no-such-queue",
    "bad-policy",
    "other",
] as const;

export type FailureReason = (typeof FAILURE_REASONS)[number];

export type Words = string | ((facts: Facts) => string);

/** One way in which AWS refuses, or a call fails. */
export interface Rule {
    reason: FailureReason;
    applies: (facts: Facts) => boolean;
    because: Words;
    next: Words;
}

/** A condition that lets root sessions through a statement that denies; it still denies to the root user itself. */
const EXEMPTION = '"Condition": {"Null": {"aws:AssumedRoot": "true"}}';

const TURN_ON = {
    feature:
        "Turn it on from the management account: aws iam enable-organizations-root-credentials-management.",
    rootSessions: "Turn it on from the management account: aws iam enable-organizations-root-sessions.",
    trustedAccess:
        "Turn it on from the management account: aws organizations enable-aws-service-access --service-principal iam.amazonaws.com.",
};

/** Answers that do not come from AWS, or not whole. */
const NOT_AN_ANSWER: Rule[] = [
    {
        reason: "wrong-account",
        applies: ({ error }) => error instanceof WrongAccount,
        because: ({ error }) => `AWS handed out a session of account ${(error as WrongAccount).actual}`,
        next: "Nothing was written. Run again; if it happens again, check what answers at the STS endpoint (AWS_ENDPOINT_URL).",
    },
    {
        reason: "throttled",
        applies: ({ error }) => isThrottled(error),
        because: "AWS throttled the call until the deadline",
        next: () =>
            `AWS kept saying "too fast" for ${inMinutes(timeouts.operationDeadline)}; that tells nothing about the account. ` +
            "Run again, with fewer accounts at a time (PULUMI_PARALLEL) or when less else is calling AWS.",
    },
    {
        reason: "unreachable",
        applies: (facts) => !facts.fromAws && (facts.status ?? 0) >= 300 && isUnreadable(facts),
        because: ({ status }) =>
            `the AWS endpoint could not be reached: HTTP ${status} without AWS's request id`,
        next: ({ status }) =>
            (status === 407
                ? "A proxy on the way asks for a sign-in: let this machine through to AWS without one"
                : "Whatever answered did not do so as AWS does: look for a proxy or gateway on the way, and check AWS_ENDPOINT_URL") +
            ", then run again.",
    },
    {
        reason: "incomplete-answer",
        applies: (facts) => facts.error instanceof IncompleteAnswer || isUnreadable(facts),
        because: "AWS's answer was incomplete",
        next: "What it should have told counts as unknown. Run again; if it persists, look for a proxy between here and AWS.",
    },
    {
        reason: "service-error",
        applies: ({ status }) => (status ?? 0) >= 500,
        because: ({ status }) => `the endpoint answered HTTP ${status}`,
        next: "What could not be looked at counts as unknown. Run again in some minutes; https://health.aws.amazon.com tells of known disturbances.",
    },
];

const UNREACHABLE: Rule[] = [
    unreachable(
        "unknown name",
        /^(ENOTFOUND|EAI_AGAIN)$/,
        "Check the spelling of AWS_REGION and AWS_ENDPOINT_URL, and whether this machine can look up names on the internet (or in the VPC).",
    ),
    unreachable(
        "connection refused",
        /^ECONNREFUSED$/,
        "Nothing listens at that address: check AWS_ENDPOINT_URL and what the endpoint's name resolves to here.",
    ),
    unreachable(
        "its certificate is not trusted here",
        /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+|CERT_\w+|ERR_TLS_CERT\w+)$/,
        "Where a proxy or endpoint of your own has its own authority, name it: NODE_EXTRA_CA_CERTS=/path/to/ca.pem. Otherwise find out what answers in AWS's place.",
    ),
    unreachable(
        "no TLS is spoken there",
        /^(EPROTO|ERR_SSL_\w+|ERR_TLS_\w+)$/,
        "Check AWS_ENDPOINT_URL: http:// and https:// are easily confused.",
    ),
    unreachable(
        "no answer in time",
        /^(ETIMEDOUT|ESOCKETTIMEDOUT|TimeoutError)$/,
        "Check the network between here and AWS, and AWS_ENDPOINT_URL.",
    ),
    unreachable(
        "no way there",
        /^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)$/,
        "Check this machine's network, AWS_REGION and AWS_ENDPOINT_URL.",
    ),
    unreachable(
        "the connection broke",
        /^(ECONNRESET|EPIPE|ECONNABORTED|NetworkingError)$/,
        "Check the network, AWS_REGION and AWS_ENDPOINT_URL.",
    ),
];

/** Who calls: credentials that are missing, wrong or over. */
const CREDENTIALS: Rule[] = [
    {
        reason: "mfa-required",
        applies: ({ code, message }) =>
            /^MultiFactorAuthentication failed/.test(message) ||
            (isNoCredentials(code) && /multi-factor authentication/.test(message)),
        because: "the caller's profile asks for MFA",
        next: 'Let the AWS CLI ask for the code, and run again in the same shell: eval "$(aws configure export-credentials --profile NAME --format env)".',
    },
    {
        reason: "credentials",
        applies: ({ code, message }) => isNoCredentials(code) && /sso login|expired/i.test(message),
        because: "the caller's sign-in has expired",
        next: "Sign in again (aws sso login, with --profile where there is one), then run again.",
    },
    {
        reason: "credentials",
        applies: ({ code }) => isNoCredentials(code),
        because: "no AWS credentials were found",
        next: "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, to an identity of the management account or of the delegated administrator.",
    },
    {
        reason: "credentials",
        applies: ({ denial }) => /^sts:AssumeRole/.test(denial?.action ?? ""),
        because: "the role of the caller's profile could not be assumed",
        next: ({ denial }) =>
            `Allow ${denial?.principal} ${denial?.action} on ${denial?.resource}, check that the role's trust policy lets it in, then run again.`,
    },
    {
        reason: "credentials",
        applies: ({ code, message }) =>
            isOutOfTime(code) ||
            (isBadSignature(code) && /signature (expired|not yet current)/i.test(message)),
        because: "this machine's clock and AWS's differ too much",
        next: "Set the clock right (AWS's time is in its answer below), then run again.",
    },
    {
        reason: "credentials",
        applies: ({ code, inRootSession }) => isExpired(code) && !inRootSession,
        because: "the caller's AWS credentials have expired",
        next: "Sign in again (for IAM Identity Center: aws sso login), then run again.",
    },
    {
        reason: "session-expired",
        applies: ({ code }) => isExpired(code),
        because: "the root session expired before the work was done",
        next: "Run again: every run opens a new one.",
    },
    {
        reason: "session-expired",
        applies: ({ code, inRootSession }) => inRootSession && (isUnknownKey(code) || isBadSignature(code)),
        because: "AWS does not accept the root session any more",
        next: "Run again: every run opens a new one. If it persists, check what answers at AWS_ENDPOINT_URL.",
    },
    {
        reason: "credentials",
        applies: ({ code }) => isUnknownKey(code) || isBadSignature(code),
        because: "AWS does not know the caller's credentials",
        next:
            "Check AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; AWS gives the same answer in a region that the calling account " +
            "has not enabled (AWS_REGION).",
    },
];

/** What is switched off for everybody. */
const SWITCHES: Rule[] = [
    {
        reason: "feature-off",
        applies: (facts) =>
            /root credentials management feature is not enabled/i.test(facts.message) ||
            (meanwhileIs(facts, "feature-off") && !isUnlocking(facts)),
        because: "the feature RootCredentialsManagement is off",
        next: (facts) => askedMeanwhile(facts) + TURN_ON.feature,
    },
    {
        reason: "feature-off",
        applies: (facts) =>
            /root sessions feature is not enabled/i.test(facts.message) ||
            (meanwhileIs(facts, "feature-off") && isUnlocking(facts)),
        because: "the feature RootSessions is off",
        next: (facts) => askedMeanwhile(facts) + TURN_ON.rootSessions,
    },
    {
        reason: "trusted-access-off",
        applies: (facts) =>
            /service not enabled for aws organizations/i.test(facts.message) ||
            /^ServiceAccessNotEnabled/.test(facts.code) ||
            meanwhileIs(facts, "trusted-access-off"),
        because: "trusted access for IAM is off in the organization",
        next: (facts) => askedMeanwhile(facts) + TURN_ON.trustedAccess,
    },
    {
        reason: "not-delegated",
        applies: (facts) =>
            /^AccountNotManagementOrDelegatedAdministrator/.test(facts.code) ||
            meanwhileIs(facts, "not-delegated"),
        because: "the caller's account is not (or no longer) a delegated administrator for IAM",
        next: (facts) => {
            const { denial, accountId, action } = facts;
            const account = accountIn(denial?.principal) || (action === "sts:AssumeRoot" ? "" : accountId);
            return (
                `${askedMeanwhile(facts)}Delegate in the management account: aws organizations register-delegated-administrator --account-id ${account || "ACCOUNT"} ` +
                "--service-principal iam.amazonaws.com; or run as the management account. AWS takes some minutes to follow."
            );
        },
    },
    {
        reason: "region-disabled",
        applies: ({ code }) => /^RegionDisabled/.test(code),
        because: "STS is not active in this region",
        next: "Choose a region where it is (AWS_REGION=us-east-1), or activate it in the calling account: IAM console, Account settings, Security Token Service.",
    },
    {
        reason: "global-endpoint",
        applies: ({ code, action }) => code === "InvalidAction" && action === "sts:AssumeRoot",
        because: "this STS endpoint does not know AssumeRoot",
        next:
            "The global endpoint (sts.amazonaws.com) does not; each region's does. Set AWS_REGION to a region, and unset AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_STS " +
            "unless they name a regional endpoint.",
    },
];

/** Policies that AWS names in its denial. It names one, also where several deny. */
const POLICIES: Rule[] = [
    {
        reason: "scp-of-caller",
        applies: (facts) => isDeniedBy(facts, "service control policy") && !facts.inRootSession,
        because: ({ denial }) => `blocked on the caller's side by ${policy("SCP", denial)}`,
        next: ({ accountId, denial, action }) =>
            `It binds the calling account${accountId && `, not ${accountId}`}: let ${caller(denial)} use ${action} in it (${toRead("SCP", denial, "SERVICE_CONTROL_POLICY")}), ` +
            "or run as the management account, which no SCP binds.",
    },
    {
        reason: "scp",
        applies: (facts) => isDeniedBy(facts, "service control policy") && !facts.denial?.explicit,
        because: "blocked by SCP: none allows it",
        next: ({ action }) =>
            `Allow ${action} for root sessions in the service control policies that apply to the account and to every unit above it, then run again.`,
    },
    {
        reason: "scp",
        applies: (facts) => isDeniedBy(facts, "service control policy") && isRemoval(facts.action),
        because: ({ denial }) => `blocked by ${policy("SCP", denial)}`,
        next: ({ action, denial }) =>
            `The root session could list, so the policy denies ${action} itself and not everything to the root user; Control Tower's ExemptAssumeRoot would not help. ` +
            `Read it in the management account (${toRead("SCP", denial, "SERVICE_CONTROL_POLICY")}) and let root sessions through in the statement that denies ${action}, ` +
            `for example with ${EXEMPTION} beside the conditions that it has. Then run again.`,
    },
    {
        reason: "scp",
        applies: (facts) => isDeniedBy(facts, "service control policy"),
        because: ({ denial }) => `blocked by ${policy("SCP", denial)}`,
        next: ({ action, denial }) =>
            `Read it in the management account (${toRead("SCP", denial, "SERVICE_CONTROL_POLICY")}). If it denies everything to the root user, let root sessions through ` +
            `with ${EXEMPTION} in that statement (Control Tower's AWS-GR_RESTRICT_ROOT_USER: set the control's parameter ExemptAssumeRoot). If it denies ${action} to ` +
            "everybody, let them through in the statement that does; ExemptAssumeRoot does not help there. Then run again.",
    },
    {
        reason: "rcp",
        applies: (facts) => isDeniedBy(facts, "resource control policy"),
        because: ({ denial }) => `blocked by ${policy("RCP", denial)}`,
        next: ({ accountId, action, denial }) =>
            `It guards account ${accountId}, not the caller: let ${caller(denial)} use ${action} in it ` +
            `(in the management account: ${toRead("RCP", denial, "RESOURCE_CONTROL_POLICY")}), then run again.`,
    },
    {
        reason: "permissions-boundary",
        applies: (facts) => isDeniedBy(facts, "permissions boundary"),
        because: "blocked by the caller's permissions boundary",
        next: (facts) =>
            `${allowing(facts)} in the permissions boundary ${facts.denial?.policyArn ?? "of that user or role"}, then run again.`,
    },
    {
        reason: "session-policy",
        applies: (facts) => isDeniedBy(facts, "session policy") && facts.inRootSession,
        because: "AWS's task policy leaves this call out of root sessions",
        next: "Nothing in the account can change that. Run again with the newest version of this package; if it persists, report it with this message.",
    },
    {
        reason: "session-policy",
        applies: (facts) => isDeniedBy(facts, "session policy"),
        because: "blocked by the session policy of the caller's session",
        next: (facts) =>
            `${allowing(facts)} in the policy that is passed when the session is made, or make it without one, then run again.`,
    },
    {
        reason: "endpoint-policy",
        applies: (facts) => isDeniedBy(facts, "VPC endpoint policy"),
        because: "blocked by the policy of a VPC endpoint",
        next: (facts) =>
            `${allowing(facts)} in the policy of the VPC endpoint ${facts.denial?.policyArn ?? `for ${SERVICE[serviceOf(facts.action)] ?? "the service"}`} ` +
            "that this machine goes through, or run from where AWS is reached without it.",
    },
    {
        reason: "identity-policy",
        applies: (facts) => isDeniedBy(facts, "identity-based policy") && facts.denial?.explicit === true,
        because: "denied by a policy of the caller",
        next: (facts) =>
            `A Deny outweighs every permission: take ${facts.action} out of it for ${caller(facts.denial)}${facts.denial?.policyArn ? ` (${facts.denial.policyArn})` : ""}, or run as somebody else. ` +
            "If the statement demands MFA (aws:MultiFactorAuthPresent), assume a role with MFA and run again in that session.",
    },
];

/** Denials without a policy's name. */
const DENIALS: Rule[] = [
    {
        reason: "own-account",
        applies: (facts) =>
            isAssumeRootDenied(facts) && accountIn(facts.denial?.principal) === facts.accountId,
        because: "the account is the caller's own",
        next:
            "A delegated administrator that may not assume root in its own account leaves that one to the management account: an audit that runs as that one looks at it too; " +
            "a stack leaves it out (the setting exclude), and one that runs as the management account includes it. The management account's own root user is outside of central root access: remove it from the program.",
    },
    {
        reason: "not-allowed",
        applies: isAssumeRootDenied,
        because: "the caller may not assume root there",
        next: (facts) => `${whatMayBeMissing(facts)} See docs/permissions.md.`,
    },
    {
        reason: "not-allowed",
        applies: ({ code, inRootSession, denial }) =>
            isAccessDenied(code) && !inRootSession && denial !== undefined,
        because: "the caller lacks the permission",
        next: (facts) =>
            `${allowing(facts)} in an identity-based policy (docs/permissions.md), then run again.`,
    },
    {
        reason: "not-allowed",
        applies: ({ code, action, denial }) =>
            isAccessDenied(code) && action.startsWith("s3:") && denial === undefined,
        because: "S3 denied the call without a reason",
        next: ({ accountId }) =>
            `It says no more where a bucket belongs to another account than ${accountId}, and where an SCP or RCP denies: look whose bucket it is, then at the policies.`,
    },
    {
        reason: "not-allowed",
        applies: ({ code }) => isAccessDenied(code),
        because: "AWS denied the call",
        next: ({ inRootSession }) =>
            inRootSession
                ? "AWS's text tells what it does about the reason; SCPs of the account are the first to look at (docs/permissions.md)."
                : "AWS's text tells what it does about the reason; run as the management account or as the delegated administrator for IAM (docs/permissions.md).",
    },
    {
        reason: "busy",
        applies: ({ code }) => /^(EntityTemporarilyUnmodifiable|ConcurrentModification)/.test(code),
        because: "AWS was still busy with another change to it",
        next: "Run again in a minute.",
    },
];

/** What S3 answers where a bucket is in another region than the one that was asked. */
export const OTHER_REGION =
    /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/;

/** Buckets and queues, and their policies. */
const BUCKETS_AND_QUEUES: Rule[] = [
    {
        reason: "no-such-bucket",
        applies: ({ error }) => error instanceof NotListed,
        because: "the account has no bucket of that name",
        next: ({ accountId }) =>
            `Check its name, and whose it is: only the account that owns a bucket can be let back in. If ${accountId} does own it, give its region.`,
    },
    {
        reason: "no-such-bucket",
        applies: ({ code }) => code === "NoSuchBucket",
        because: "there is no such bucket",
        next: "Check its name; a bucket that was deleted needs no unlocking: take it out of the program.",
    },
    {
        reason: "other-region",
        applies: ({ code, action }) => action.startsWith("s3:") && OTHER_REGION.test(code),
        because: "the bucket is in another region",
        next: "Leave the bucket's region out, and it is asked for; or give the right one. Then run again.",
    },
    {
        reason: "not-the-owner",
        applies: ({ code, action }) => action.startsWith("s3:") && code === "MethodNotAllowed",
        because: "the bucket belongs to another account",
        next: ({ accountId }) =>
            `Only the account that owns a bucket can be let back in; name that one instead of ${accountId}.`,
    },
    {
        reason: "no-such-queue",
        applies: ({ code }) =>
            /^(AWS\.SimpleQueueService\.NonExistentQueue|QueueDoesNotExist|InvalidAddress)$/.test(code),
        because: "there is no such queue in this account and region",
        next: "Check its URL and its region; a queue that was deleted needs no unlocking: take it out of the program.",
    },
    {
        reason: "bad-policy",
        applies: ({ message }) => /BlockPublicPolicy/i.test(message),
        because: "S3 Block Public Access keeps out a public policy",
        next:
            "What was to be put there lets the public in, which S3 refuses (BlockPublicPolicy). Nothing was changed. Put a policy that does not (policy), " +
            "or delete the whole (mode: delete).",
    },
    {
        reason: "bad-policy",
        applies: ({ message }) => /invalid principal/i.test(message),
        because: "a statement names a user or role that does not exist (any more)",
        next:
            "AWS stores no such policy anew (in a policy that it holds, the name has become an id: AROA…, AIDA…), and nothing was changed. Name the Sid of that statement in remove, " +
            "put a policy of your own (policy), or delete the whole (mode: delete).",
    },
    {
        reason: "bad-policy",
        applies: ({ code, action }) =>
            code === "MalformedPolicy" ||
            (action === "sqs:SetQueueAttributes" && code === "InvalidAttributeValue"),
        because: "AWS does not take the policy",
        next: "It was not changed. What AWS finds wrong stands below: correct the setting policy, or leave it out.",
    },
];

/** The first that applies is used. */
export const RULES: readonly Rule[] = [
    ...NOT_AN_ANSWER,
    ...UNREACHABLE,
    ...CREDENTIALS,
    ...BUCKETS_AND_QUEUES,
    ...POLICIES,
    ...SWITCHES,
    ...DENIALS,
];

export const ANYTHING_ELSE: Rule = {
    reason: "other",
    applies: () => true,
    because: ({ fromAws, code }) => (fromAws ? `AWS answered ${code}` : `it ended with ${code}`),
    next: "What could not be looked at counts as unknown. Run again; if it persists, look the answer up in AWS's documentation of the call.",
};

/** What fits the denial, without what AWS has ruled out meanwhile: its text is the same for all of them. */
function whatMayBeMissing({ accountId, denial, taskPolicy, meanwhile = {} }: Facts): string {
    const may = `sts:AssumeRoot on arn:aws:iam::${accountId}:root with the condition key sts:TaskPolicyArn${taskPolicy ? ` ${taskPolicy}` : ""}`;
    const permission = `Allow ${caller(denial)} ${may}.`;
    if (meanwhile.isActiveMember && meanwhile.centralRootAccess === "on") {
        return (
            "Asked meanwhile, AWS called the account an active member, and central root access on for the caller's account; what remains is the permission, " +
            `or a change that AWS has not followed yet (some minutes). ${permission}`
        );
    }
    const others = [
        ...(meanwhile.centralRootAccess === "on"
            ? []
            : [
                  "a delegation that was removed (aws organizations list-delegated-administrators --service-principal iam.amazonaws.com)",
              ]),
        ...(meanwhile.isActiveMember
            ? []
            : ["an account that is no active member, and the management account"]),
    ];
    return `AWS gives the same answer for a missing permission, ${others.join(", and for ")}. ${permission}`;
}

function unreachable(how: string, codes: RegExp, next: string): Rule {
    return {
        reason: "unreachable",
        applies: ({ error, code, message }) =>
            codes.test(errnoOf(error) || code) ||
            (codes.test("ECONNRESET") && /socket hang up/.test(message)),
        because: `the AWS endpoint could not be reached: ${how}`,
        next: () => `${next}${besideAProxy()} Then run again.`,
    };
}

/** The SDK takes no notice of a proxy, unlike the AWS CLI, which may work on the same machine. */
function besideAProxy(): string {
    const { HTTPS_PROXY, https_proxy } = process.env;
    return HTTPS_PROXY || https_proxy ? " HTTPS_PROXY is set, but calls to AWS do not go through it." : "";
}

/** Node.js's name for it, where there is one: the SDK calls a broken connection a `TimeoutError`. */
function errnoOf(error: unknown): string {
    return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? "") : "";
}

/** A body that is cut off, or that AWS's protocols do not know. */
function isUnreadable({ error, code, message }: Facts): boolean {
    return /parse error/i.test(message) || error instanceof SyntaxError || /^Unknown(Error)?$/.test(code);
}

function isNoCredentials(code: string): boolean {
    return /^(CredentialsProviderError|TokenProviderError)/.test(code);
}

function isExpired(code: string): boolean {
    return code.startsWith("ExpiredToken");
}

/** The request's own date is minutes off; AWS says nothing of credentials. */
function isOutOfTime(code: string): boolean {
    return /^(RequestExpired|RequestInTheFuture|RequestTimeTooSkewed)/.test(code);
}

function isUnknownKey(code: string): boolean {
    return /^(InvalidClientTokenId|UnrecognizedClient)/.test(code);
}

function isBadSignature(code: string): boolean {
    return /^(SignatureDoesNotMatch|InvalidSignature|IncompleteSignature)/.test(code);
}

function isAccessDenied(code: string): boolean {
    return /^AccessDenied/.test(code);
}

function isAssumeRootDenied({ code, action }: Facts): boolean {
    return isAccessDenied(code) && action === "sts:AssumeRoot";
}

/** What AWS answered when it was asked about the organization after a denial that fits several causes. */
function meanwhileIs(facts: Facts, access: "feature-off" | "trusted-access-off" | "not-delegated"): boolean {
    return isAssumeRootDenied(facts) && facts.meanwhile?.centralRootAccess === access;
}

/** Where the denial's own text does not tell the cause: where it comes from. */
function askedMeanwhile({ meanwhile }: Facts): string {
    return meanwhile ? "AWS said so in answer to iam:ListOrganizationsFeatures. " : "";
}

/** A session was asked for with the task of freeing a bucket or a queue. */
function isUnlocking({ taskPolicy = "" }: Facts): boolean {
    return /Unlock(Bucket|Queue)Policy$/.test(taskPolicy);
}

function isDeniedBy({ denial }: Facts, type: PolicyType): boolean {
    return denial?.by === type;
}

/** Tried only on what a listing in the same session has shown. */
function isRemoval(action: string): boolean {
    return /^iam:(Delete|Deactivate)/.test(action);
}

function policy(type: "SCP" | "RCP", denial: Denial | undefined): string {
    return denial?.policyId ? `${type} ${denial.policyId}` : `an ${type} that AWS did not name`;
}

/** The command that shows the policy, or those that it may be. */
function toRead(type: "SCP" | "RCP", denial: Denial | undefined, filter: string): string {
    if (denial?.policyId) return `aws organizations describe-policy --policy-id ${denial.policyId}`;
    const bound = accountIn(type === "SCP" ? denial?.principal : denial?.resource) || "ACCOUNT";
    return `aws organizations list-policies-for-target --target-id ${bound} --filter ${filter}, and the same for the units above it`;
}

function allowing({ denial, action, accountId }: Facts): string {
    const resource = denial?.resource || (accountId ? `arn:aws:iam::${accountId}:root` : "*");
    return `Allow ${caller(denial)} ${denial?.action || action} on ${resource}`;
}

function caller(denial: Denial | undefined): string {
    return denial?.principal || "the caller";
}

const SERVICE: Record<string, string> = {
    sts: "STS",
    iam: "IAM",
    organizations: "Organizations",
    s3: "S3",
    sqs: "SQS",
};

function serviceOf(action: string): string {
    return action.split(":")[0] ?? "";
}

function inMinutes(milliseconds: number): string {
    const minutes = Math.round(milliseconds / 60_000);
    return minutes === 1 ? "a minute" : `${minutes} minutes`;
}
