/**
 * What an error of an AWS call tells: read here once, so that rules and sentences are made of facts and of nothing else.
 */
import { codeOf, messageOf } from "../../process/error-text";
import { isThrottled } from "./throttling";

/** What was tried when AWS refused. */
export interface AttemptedCall {
    /** Empty for a call that is not about one account. */
    accountId: string;
    /** The call, as it is named in an IAM policy: `iam:ListAccessKeys`. */
    action: string;
    /** The task policy asked for, with `sts:AssumeRoot`. */
    taskPolicy?: string;
    /** What AWS was asked after it had refused. */
    followUp?: FollowUpAnswers;
}

/** What AWS answered to questions after a failure that fits several causes. */
export interface FollowUpAnswers {
    /** AWS confirmed that the account is an active member, and not the management account. */
    isActiveMember?: boolean;
    centralRootAccess?: CentralRootAccess;
}

/** What an organization switches on: for root credentials, and for policies that lock out all administrators. */
export type OrganizationFeature = "RootCredentialsManagement" | "RootSessions";

/** Whether the caller's account may use central root access at all. */
export type CentralRootAccess = "on" | "feature-off" | "trusted-access-off" | "not-delegated" | "unknown";

export interface Facts extends AttemptedCall {
    error: unknown;
    /** The error's code as AWS names it, or what Node.js or the SDK calls it. */
    code: string;
    message: string;
    /** The HTTP status of the answer, if there was one. */
    status?: number;
    /** Whether the answer carries AWS's request id, as everything does that AWS itself says. */
    fromAws: boolean;
    denial?: Denial;
    /** Whether the account's root user signed the call, and not the caller. */
    inRootSession: boolean;
}

/** AWS's sentence about a denial, taken apart (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html). */
export interface Denial {
    /** Who was denied: `arn:aws:iam::111122223333:root`. */
    principal: string;
    action: string;
    /** Empty where AWS does not name one. */
    resource: string;
    /** The type of policy that AWS names, in its words; AWS names one even if several deny. */
    by?: PolicyType;
    /** A statement denies it; otherwise none allows it. */
    explicit: boolean;
    policyArn?: string;
    /** Of an organization's policy: `p-abcd1234`. */
    policyId?: string;
}

export type PolicyType = (typeof POLICY_TYPES)[number];

const POLICY_TYPES = [
    "service control policy",
    "resource control policy",
    "permissions boundary",
    "session policy",
    "VPC endpoint policy",
    "identity-based policy",
] as const;

/** Reads an error once. */
export function factsOf(error: unknown, attempt: AttemptedCall): Facts {
    const message = messageOf(error);
    const metadata = metadataOf(error);
    const denial = denialIn(message);
    return {
        ...attempt,
        error,
        code: codeOf(error),
        message,
        ...(metadata.httpStatusCode !== undefined && { status: metadata.httpStatusCode }),
        fromAws: metadata.requestId !== undefined,
        ...(denial && { denial }),
        // Calls of these services are signed by the root session; all others by the caller.
        inRootSession:
            /^(iam|s3|sqs):/.test(attempt.action) && attempt.action !== "iam:ListOrganizationsFeatures",
    };
}

/** AWS understood the call and said no; everything else is a call that failed. */
export function isRefused({ status = 0, error }: Facts): boolean {
    return status >= 400 && status < 500 && !isThrottled(error);
}

/** The twelve digits in an ARN, or an empty text. */
export function accountIdInArn(arn = ""): string {
    return /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1] ?? "";
}

const DENIED =
    /User: (?<principal>\S+) is not authorized to perform: (?<action>[\w-]+:\w+)(?: on resource: "?(?<resource>[^\s"]+))?/;

const DENIED_BY = new RegExp(
    `(?<how>explicit deny in an? |because no )(?<by>${POLICY_TYPES.join("|")})(?:: (?<policyArn>arn:[^\\s,;]*[^\\s,;.]))?`,
    "i",
);

function denialIn(message: string): Denial | undefined {
    const { principal = "", action = "", resource = "" } = DENIED.exec(message)?.groups ?? {};
    const { how = "", by, policyArn } = DENIED_BY.exec(message)?.groups ?? {};
    if (principal === "" && by === undefined) return undefined;
    const type = POLICY_TYPES.find((each) => each.toLowerCase() === by?.toLowerCase());
    const policyId = /\/(p-[0-9a-zA-Z_]+)$/.exec(policyArn ?? "")?.[1];
    return {
        principal,
        action,
        resource,
        explicit: how.startsWith("explicit"),
        ...(type && { by: type }),
        ...(policyArn !== undefined && { policyArn }),
        ...(policyId !== undefined && { policyId }),
    };
}

function metadataOf(error: unknown): { httpStatusCode?: number; requestId?: string } {
    if (!(error instanceof Error) || !("$metadata" in error)) return {};
    return error.$metadata ?? {};
}
