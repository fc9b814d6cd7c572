/** Rules for missing, wrong or expired credentials of the caller or of a root session. */
import type { Rule } from "./rule";

export const CALLER_RULES: Rule[] = [
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
        next: "Sign in again (aws sso login, with --profile if you use one), then run again.",
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
            "Check AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. AWS gives the same answer in a region that the calling account " +
            "has not enabled (AWS_REGION).",
    },
];

function isNoCredentials(code: string): boolean {
    return /^(CredentialsProviderError|TokenProviderError)/.test(code);
}

function isExpired(code: string): boolean {
    return code.startsWith("ExpiredToken");
}

/** The request's date is minutes off. AWS's answer does not mention credentials. */
function isOutOfTime(code: string): boolean {
    return /^(RequestExpired|RequestInTheFuture|RequestTimeTooSkewed)/.test(code);
}

function isUnknownKey(code: string): boolean {
    return /^(InvalidClientTokenId|UnrecognizedClient)/.test(code);
}

function isBadSignature(code: string): boolean {
    return /^(SignatureDoesNotMatch|InvalidSignature|IncompleteSignature)/.test(code);
}
