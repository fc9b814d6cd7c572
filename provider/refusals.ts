/**
 * What AWS refused, why, and what the reader can do about it: every sentence about a refusal is written here.
 *
 * AWS answers most refusals with the one code `AccessDenied`; only the text tells them apart
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html). An unknown text is passed on as
 * it came, never guessed at.
 */
import { isThrottlingError } from "@smithy/core/retry";
import type { SdkError } from "@smithy/types";
import { IncompleteAnswer } from "./credential-kinds/answers";
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
    | "preflight"
    | "other";

/** A refusal in three lengths: for code, for one line of a diff (cause first, 120 characters), and for a reader. */
export interface Refusal {
    reason: RefusalReason;
    cause: string;
    detail: string;
}

/** What was tried when AWS refused. */
export interface Attempt {
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
    const { reason, because, next } = diagnose(error, attempt);
    const cause = `${because} (${attempt.action})`;
    const said = `${attempt.action} was refused in account ${attempt.accountId}: ${because}. ${next}`;
    return { reason, cause, detail: `${said} AWS said: ${codeOf(error)}: ${messageOf(error)}` };
}

interface Diagnosis {
    reason: RefusalReason;
    because: string;
    next: string;
}

function diagnose(error: unknown, { accountId, action }: Attempt): Diagnosis {
    const message = messageOf(error);
    const code = codeOf(error);

    if (error instanceof WrongAccount) {
        return {
            reason: "wrong-account",
            because: `AWS handed out a session of account ${error.actual}`,
            next: "Nothing was written. Run again; if it happens again, check what answers at the STS endpoint (AWS_ENDPOINT_URL).",
        };
    }
    if (error instanceof IncompleteAnswer || /parse error|Deserialization error/i.test(message)) {
        return {
            reason: "incomplete-answer",
            because: "AWS's answer was incomplete",
            next: "What it should have told counts as unknown. Run again; if it persists, look for a proxy between here and AWS.",
        };
    }
    if (error instanceof Error && isThrottlingError(error as SdkError)) {
        return {
            reason: "throttled",
            because: "AWS throttled the call until the deadline",
            next: "Nothing is wrong with the account. Run again, with fewer accounts at a time (PULUMI_PARALLEL) or when less else is calling AWS.",
        };
    }
    const policy = /explicit deny in a service control policy(?:: (arn:\S*?(p-[0-9a-z_]+)))?/i.exec(message);
    if (policy) {
        return {
            reason: "scp",
            because: `blocked by SCP${policy[2] ? ` ${policy[2]}` : ""}`,
            next:
                `The service control policy ${policy[1] ?? "(AWS did not name it)"} also denies root sessions. Exempt them in its statement with ` +
                `"Condition": {"Null": {"aws:AssumedRoot": "true"}} (in Control Tower's AWS-GR_RESTRICT_ROOT_USER: the parameter ExemptAssumeRoot), then run again.`,
        };
    }
    if (/no service control policy allows/i.test(message)) {
        return {
            reason: "scp",
            because: "blocked by SCP: none allows it",
            next: `Allow ${action} for root sessions in the service control policies that apply to the account, then run again.`,
        };
    }
    if (/root credentials management feature is not enabled/i.test(message)) {
        return {
            reason: "feature-off",
            because: "the feature RootCredentialsManagement is off",
            next: "Turn it on from the management account: aws iam enable-organizations-root-credentials-management.",
        };
    }
    if (/root sessions feature is not enabled/i.test(message)) {
        return {
            reason: "feature-off",
            because: "the feature RootSessions is off",
            next: "Turn it on from the management account: aws iam enable-organizations-root-sessions.",
        };
    }
    if (/service not enabled for aws organizations/i.test(message) || /^ServiceAccessNotEnabled/.test(code)) {
        return {
            reason: "trusted-access-off",
            because: "trusted access for IAM is off in the organization",
            next: "Turn it on from the management account: aws organizations enable-aws-service-access --service-principal iam.amazonaws.com.",
        };
    }
    if (/^RegionDisabled/.test(code)) {
        return {
            reason: "region-disabled",
            because: "STS is not active in this region",
            next: "Choose another region (AWS_REGION) or activate STS there in the calling account's IAM settings.",
        };
    }
    if (/^(ExpiredToken|RequestExpired)/.test(code)) {
        return action === "sts:AssumeRoot"
            ? {
                  reason: "credentials",
                  because: "the caller's AWS credentials have expired",
                  next: "Sign in again and run again.",
              }
            : {
                  reason: "session-expired",
                  because: "the root session expired before the work was done",
                  next: "Run again.",
              };
    }
    if (
        /^(InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature)/.test(
            code,
        )
    ) {
        return {
            reason: "credentials",
            because: "AWS does not know the caller's credentials",
            next: "Check AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN.",
        };
    }
    if (/^(CredentialsProviderError|TokenProviderError)/.test(code)) {
        return {
            reason: "credentials",
            because: "no AWS credentials were found",
            next: "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, to an identity of the management account or of the delegated administrator.",
        };
    }
    if (isUnreachable(error)) {
        return {
            reason: "unreachable",
            because: "the AWS endpoint could not be reached",
            next: "Check the network, AWS_REGION and AWS_ENDPOINT_URL, then run again.",
        };
    }
    if (action === "sts:AssumeRoot" && /^AccessDenied/.test(code)) {
        return {
            reason: "not-allowed",
            because: "the caller may not assume root there",
            next:
                "AWS gives the same answer for a missing permission (sts:AssumeRoot on " +
                `arn:aws:iam::${accountId}:root with the condition key sts:TaskPolicyArn), for a delegation that was removed, and for a delegated ` +
                "administrator's own account. The account is an active member of the organization, so it is one of these; see docs/permissions.md.",
        };
    }
    if (/^AccessDenied/.test(code)) {
        return {
            reason: "not-allowed",
            because: "AWS denied the call",
            next: "AWS's text says which policy is missing or denies it.",
        };
    }
    return {
        reason: "other",
        because: `AWS answered ${code}`,
        next: "Run again; what could not be looked at counts as unknown.",
    };
}

const UNREACHABLE =
    /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|TimeoutError|NetworkingError)$/;

function isUnreachable(error: unknown): boolean {
    if (!(error instanceof Error)) return false;
    const code = (error as NodeJS.ErrnoException).code ?? "";
    return UNREACHABLE.test(code) || UNREACHABLE.test(error.name) || /socket hang up/.test(error.message);
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
    return (
        message.split("Deserialization error: to see the raw response")[0]?.replace(/\s+/g, " ").trim() ??
        message
    );
}
