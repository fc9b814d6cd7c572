/**
 * What AWS refused, why, and what the reader can do about it: every sentence about a refusal is written here.
 *
 * AWS answers most refusals with the one code `AccessDenied`; only the text tells them apart
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html). An unknown text is passed on as
 * it came, never guessed at.
 */
import { IncompleteAnswer } from "./credential-kinds/answers";
import { isThrottled } from "./patience";
import { RecordNotKept } from "./removal-record";
import { WrongAccount } from "./root-session";

export type RefusalReason =
    | "scp"
    | "feature-off"
    | "trusted-access-off"
    | "not-allowed"
    | "region-disabled"
    | "credentials"
    | "session-expired"
    | "throttled"
    | "unreachable"
    | "incomplete-answer"
    | "wrong-account"
    | "record-not-kept"
    | "foreign-organization"
    | "in-use"
    | "other";

/** A refusal in three lengths: for code, for one line of a diff (cause first, 120 characters), and for a reader; with what to do. */
export interface Refusal {
    reason: RefusalReason;
    cause: string;
    detail: string;
    next?: string;
}

/** What was tried when AWS refused. */
export interface Attempt {
    /** Empty for a call that is not about one account. */
    accountId: string;
    /** The call, as it is named in an IAM policy: `iam:ListAccessKeys`. */
    action: string;
}

/** A refusal as an error, for where nothing else can be reported. The message is the refusal's `detail`. */
export class RefusedByAws extends Error {
    override readonly name = "RefusedByAws";

    constructor(
        readonly refusal: Refusal,
        options?: ErrorOptions,
    ) {
        super(refusal.detail, options);
    }
}

/** Explains an error of an AWS call in one account. */
export function explain(error: unknown, attempt: Attempt): Refusal {
    if (error instanceof RefusedByAws) return error.refusal;
    if (error instanceof RecordNotKept) return unrecorded(error, attempt);
    const facts = { error, code: codeOf(error), message: messageOf(error), ...attempt };
    const rule = RULES.find(({ applies }) => applies(facts)) ?? ANYTHING_ELSE;
    const because = inWords(rule.because, facts);
    const { accountId, action, code, message } = facts;
    const next = inWords(rule.next, facts);
    return {
        next,
        reason: rule.reason,
        cause: `${because} (${action})`,
        detail: `${action} was refused${accountId && ` in account ${accountId}`}: ${because}. ${next} AWS said: ${code}: ${message}`,
    };
}

/** Not AWS's doing: a write that cannot be recorded is not made, and one that was made without its record is told. */
function unrecorded({ message, written }: RecordNotKept, { accountId, action }: Attempt): Refusal {
    const cause = `the record of writes could not be kept (${action})`;
    const happened = written
        ? `${action} was carried out in account ${accountId}, but its record is incomplete`
        : `${action} was not tried in account ${accountId}`;
    return {
        reason: "record-not-kept",
        cause,
        detail: `${cause}: ${message}. ${happened}. Make the file writable or unset ROOT_CREDENTIALS_RECORD_FILE, then run again.`,
    };
}

interface Facts extends Attempt {
    error: unknown;
    code: string;
    message: string;
}

type Words = string | ((facts: Facts) => string);

/** One way in which AWS refuses: how to tell, what it is called, what to do. The first rule that applies is used. */
interface Rule {
    reason: RefusalReason;
    applies: (facts: Facts) => boolean;
    because: Words;
    next: Words;
}

const SERVICE_CONTROL_POLICY = /explicit deny in a service control policy(?:: arn:\S*?(p-[0-9a-z_]+))?/i;

const UNREACHABLE =
    /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|TimeoutError|NetworkingError)$/;

const RULES: Rule[] = [
    {
        reason: "wrong-account",
        applies: ({ error }) => error instanceof WrongAccount,
        because: ({ error }) => `AWS handed out a session of account ${(error as WrongAccount).actual}`,
        next: "Nothing was written. Run again; if it happens again, check what answers at the STS endpoint (AWS_ENDPOINT_URL).",
    },
    {
        reason: "incomplete-answer",
        applies: ({ error, message }) => error instanceof IncompleteAnswer || isUnreadable(error, message),
        because: "AWS's answer was incomplete",
        next: "What it should have told counts as unknown. Run again; if it persists, look for a proxy between here and AWS.",
    },
    {
        reason: "throttled",
        applies: ({ error }) => isThrottled(error),
        because: "AWS throttled the call until the deadline",
        next: "Nothing is wrong with the account. Run again, with fewer accounts at a time (PULUMI_PARALLEL) or when less else is calling AWS.",
    },
    {
        reason: "scp",
        applies: ({ message }) => SERVICE_CONTROL_POLICY.test(message),
        because: ({ message }) => {
            const policyId = SERVICE_CONTROL_POLICY.exec(message)?.[1];
            return policyId ? `blocked by SCP ${policyId}` : "blocked by an SCP that AWS did not name";
        },
        next:
            'That policy also denies root sessions: exempt them in its statement with "Condition": {"Null": {"aws:AssumedRoot": "true"}} ' +
            "(Control Tower's AWS-GR_RESTRICT_ROOT_USER: the parameter ExemptAssumeRoot), then run again.",
    },
    {
        reason: "scp",
        applies: ({ message }) => /no service control policy allows/i.test(message),
        because: "blocked by SCP: none allows it",
        next: ({ action }) =>
            `Allow ${action} for root sessions in the service control policies that apply to the account, then run again.`,
    },
    {
        reason: "feature-off",
        applies: ({ message }) => /root credentials management feature is not enabled/i.test(message),
        because: "the feature RootCredentialsManagement is off",
        next: "Turn it on from the management account: aws iam enable-organizations-root-credentials-management.",
    },
    {
        reason: "feature-off",
        applies: ({ message }) => /root sessions feature is not enabled/i.test(message),
        because: "the feature RootSessions is off",
        next: "Turn it on from the management account: aws iam enable-organizations-root-sessions.",
    },
    {
        reason: "trusted-access-off",
        applies: ({ code, message }) =>
            /service not enabled for aws organizations/i.test(message) ||
            /^ServiceAccessNotEnabled/.test(code),
        because: "trusted access for IAM is off in the organization",
        next: "Turn it on from the management account: aws organizations enable-aws-service-access --service-principal iam.amazonaws.com.",
    },
    {
        reason: "region-disabled",
        applies: ({ code }) => /^RegionDisabled/.test(code),
        because: "STS is not active in this region",
        next: "Choose another region (AWS_REGION) or activate STS there in the calling account's IAM settings.",
    },
    {
        reason: "credentials",
        applies: ({ code, action }) => isExpired(code) && !isInRootSession(action),
        because: "the caller's AWS credentials have expired",
        next: "Sign in again and run again.",
    },
    {
        reason: "session-expired",
        applies: ({ code }) => isExpired(code),
        because: "the root session expired before the work was done",
        next: "Run again.",
    },
    {
        reason: "credentials",
        applies: ({ code }) =>
            /^(InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature)/.test(
                code,
            ),
        because: "AWS does not know the caller's credentials",
        next: "Check AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN.",
    },
    {
        reason: "credentials",
        applies: ({ code }) => /^(CredentialsProviderError|TokenProviderError)/.test(code),
        because: "no AWS credentials were found",
        next: "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, to an identity of the management account or of the delegated administrator.",
    },
    {
        reason: "unreachable",
        applies: ({ error, message }) => isUnreachable(error) || /socket hang up/.test(message),
        because: "the AWS endpoint could not be reached",
        next: "Check the network, AWS_REGION and AWS_ENDPOINT_URL, then run again.",
    },
    {
        reason: "not-allowed",
        applies: ({ code, action, message, accountId }) =>
            /^AccessDenied/.test(code) && action === "sts:AssumeRoot" && isOwnAccount(message, accountId),
        because: "the account is the caller's own",
        next: "A delegated administrator that may not assume root in its own account leaves that one to the management account: run there for it.",
    },
    {
        reason: "not-allowed",
        applies: ({ code, action }) => /^AccessDenied/.test(code) && action === "sts:AssumeRoot",
        because: "the caller may not assume root there",
        next: ({ accountId }) =>
            "AWS gives the same answer for a missing permission (sts:AssumeRoot on " +
            `arn:aws:iam::${accountId}:root with the condition key sts:TaskPolicyArn), and for a delegation that was removed; see docs/permissions.md.`,
    },
    {
        reason: "not-allowed",
        applies: ({ code }) => /^AccessDenied/.test(code),
        because: "AWS denied the call",
        next: "AWS's text says which policy is missing or denies it.",
    },
];

const ANYTHING_ELSE: Rule = {
    reason: "other",
    applies: () => true,
    because: ({ code }) => `AWS answered ${code}`,
    next: "Run again; what could not be looked at counts as unknown.",
};

function inWords(words: Words, facts: Facts): string {
    return typeof words === "string" ? words : words(facts);
}

/** The denial names the caller, `User: arn:aws:sts::111122223333:assumed-role/...`, and here it is of the target itself. */
function isOwnAccount(message: string, accountId: string): boolean {
    return /^User: arn:[^:]+:[^:]+::(\d{12}):/.exec(message)?.[1] === accountId;
}

/** HTTP 200 with a body that is cut off or not from AWS at all. */
function isUnreadable(error: unknown, message: string): boolean {
    return /parse error/i.test(message) || error instanceof SyntaxError;
}

function isExpired(code: string): boolean {
    return /^(ExpiredToken|RequestExpired)/.test(code);
}

/** IAM's calls are signed by the root session; all others by the caller. */
function isInRootSession(action: string): boolean {
    return action.startsWith("iam:") && action !== "iam:ListOrganizationsFeatures";
}

function isUnreachable(error: unknown): boolean {
    if (!(error instanceof Error)) return false;
    return UNREACHABLE.test((error as NodeJS.ErrnoException).code ?? "") || UNREACHABLE.test(error.name);
}

/** The error's code as AWS names it; for errors that are not AWS's, the name of their class. */
export function codeOf(error: unknown): string {
    if (!(error instanceof Error)) return "unknown error";
    if (error.name === "Error" || error.name === "AggregateError") {
        return (error as NodeJS.ErrnoException).code ?? error.name;
    }
    return error.name;
}

/** The error's message on one line. */
export function messageOf(error: unknown): string {
    if (!(error instanceof Error)) return String(error);
    const message =
        error.message || (error.cause instanceof Error ? error.cause.message : "") || "(no message)";
    // The SDK adds a hint for programmers to errors of parsing; a reader has no use for it.
    return message
        .replace(/\s*Deserialization error: to see the raw response[\s\S]*/, "")
        .replace(/\s+/g, " ")
        .trim();
}
