/** Reads the facts out of an error of an AWS call. Rules and sentences use only these facts. */
import type { MetadataBearer, ResponseMetadata } from "@smithy/types";
import { codeOf, messageOf } from "../../process/error-text";
import { isThrottled } from "./throttling";

/** The call that failed. */
export interface AttemptedCall {
    /** Empty for a call that is not about one account. */
    accountId: string;
    /** The call, as an IAM policy names it: `iam:ListAccessKeys`. */
    action: string;
    /** For `sts:AssumeRoot`: the requested task policy. */
    taskPolicy?: string;
    followUp?: FollowUpAnswers;
}

/** AWS's answers to further calls, after a failure that fits several causes. */
export interface FollowUpAnswers {
    /** AWS confirmed that the account is an active member, and not the management account. */
    isActiveMember?: boolean;
    centralRootAccess?: CentralRootAccess;
}

/** The features of central root access: for root credentials, and for policies that lock out all administrators. */
export type OrganizationFeature = "RootCredentialsManagement" | "RootSessions";

/** Whether the caller's account may use central root access. */
export type CentralRootAccess = "on" | "feature-off" | "trusted-access-off" | "not-delegated" | "unknown";

export interface Facts extends AttemptedCall {
    error: unknown;
    /** The error's code, from AWS, Node.js or the SDK. */
    code: string;
    message: string;
    /** The HTTP status of the answer, if there was one. */
    status?: number;
    /** True if the answer has a request id, as all answers of AWS have. */
    fromAws: boolean;
    denial?: Denial;
    /** True if the account's root user signed the call, and not the caller. */
    inRootSession: boolean;
}

/** The parts of AWS's sentence about a denial (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html). */
export interface Denial {
    /** The denied identity: `arn:aws:iam::111122223333:root`. */
    principal: string;
    action: string;
    /** Empty if AWS names none. */
    resource: string;
    /** The type of policy that denies. AWS names one even if several deny. */
    by?: PolicyType;
    /** True if a statement denies the call, false if none allows it. */
    explicit: boolean;
    policyArn?: string;
    /** For policies of the organization: `p-abcd1234`. */
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
        // The root session signs the calls to these services. The caller signs all others.
        inRootSession:
            /^(iam|s3|sqs):/.test(attempt.action) && attempt.action !== "iam:ListOrganizationsFeatures",
    };
}

/** True if AWS understood the call and refused it. */
export function isRefused({ status = 0, error }: Facts): boolean {
    return status >= 400 && status < 500 && !isThrottled(error);
}

/** The account in an ARN, or an empty text. */
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

/** AWS's request id, the HTTP status and the number of attempts, as far as the SDK's error has them. */
export function metadataOf(error: unknown): ResponseMetadata {
    if (!(error instanceof Error) || !("$metadata" in error)) return {};
    return (error as Partial<MetadataBearer>).$metadata ?? {};
}
