/**
 * Sessions as the root user of one member account.
 *
 * Use these rather than building a client: the IAM calls of this package leave out `UserName`, which means "whoever
 * signs". A client that fell back to the default credential chain would list and delete the operator's own credentials.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html
 */
import type { IAMClient } from "@aws-sdk/client-iam";
import { AssumeRootCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { AwsCredentialIdentity } from "@smithy/types";
import { accountIdInKeyId } from "./access-key-id";
import { iamOfSession, sts, stsOfSession } from "./clients";
import { IncompleteAnswer, WrongAccount } from "./errors/error-classes";
import type { OrganizationFeature } from "./errors/facts";
import { required } from "./responses";

/** The AWS-managed policies that bound what a root session may do. They exist in the partition `aws` only. */
export const TASK_POLICY = {
    audit: "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials",
    deleteCredentials: "arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials",
    createPassword: "arn:aws:iam::aws:policy/root-task/IAMCreateRootUserPassword",
    unlockBucketPolicy: "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy",
    unlockQueuePolicy: "arn:aws:iam::aws:policy/root-task/SQSUnlockQueuePolicy",
} as const;

export type RootTask = keyof typeof TASK_POLICY;

/** The feature of the organization that AWS opens a session of this task under; the two do not imply each other. */
export function featureFor(task: RootTask): OrganizationFeature {
    return task.startsWith("unlock") ? "RootSessions" : "RootCredentialsManagement";
}

/**
 * A session cannot be revoked, so it lives only as long as one account's work may take, throttling included: one that ends before
 * the operation's deadline would give up what is only slow. Seconds; AWS allows 900.
 */
const SESSION_SECONDS = 600;

export interface RootSession {
    accountId: string;
    /** IAM as the account's root user sees it. */
    iam: IAMClient;
    /** A client of another service that signs as the account's root user. */
    clientOf<Client>(make: (credentials: AwsCredentialIdentity) => Client): Client;
    /** The session's access key id, by which CloudTrail joins the caller's AssumeRoot with what was done. Not a secret. */
    accessKeyId: string;
    /** Asks STS whose session this is; throws `WrongAccount` unless it is the account's. Called before any write. */
    assertOwnAccount(): Promise<void>;
}

/** Opens a short root session in one member account; throws `WrongAccount` where AWS hands out another one's. */
export async function openRootSession(accountId: string, task: RootTask): Promise<RootSession> {
    const command = new AssumeRootCommand({
        TargetPrincipal: accountId,
        TaskPolicyArn: { arn: TASK_POLICY[task] },
        DurationSeconds: SESSION_SECONDS,
    });
    const answer = await sts().send(command).catch(withoutResponseBody);
    const credentials = {
        accessKeyId: required(answer.Credentials?.AccessKeyId, "Credentials.AccessKeyId"),
        secretAccessKey: required(answer.Credentials?.SecretAccessKey, "Credentials.SecretAccessKey"),
        sessionToken: required(answer.Credentials?.SessionToken, "Credentials.SessionToken"),
    };
    const { accessKeyId } = credentials;

    async function assertOwnAccount() {
        const identity = await stsOfSession(credentials).send(new GetCallerIdentityCommand({}));
        const actual = required(identity.Account, "Account");
        if (actual !== accountId) throw new WrongAccount(accountId, actual);
    }

    // An audit of another account's session would be a false report. Where the key itself names the account, no call is spent on it.
    if (accountIdInKeyId(accessKeyId) !== accountId) await assertOwnAccount();
    return {
        accountId,
        accessKeyId,
        iam: iamOfSession(credentials),
        clientOf: (make) => make(credentials),
        assertOwnAccount,
    };
}

/** What the SDK says about an answer that it cannot read quotes it at times, and this one holds the session's secrets. */
function withoutResponseBody(error: unknown): never {
    // `$response`: there was an answer; a broken connection has none. `$fault`: AWS's own errors have it.
    const unreadable = error instanceof Error && "$response" in error && !("$fault" in error);
    throw unreadable ? new IncompleteAnswer("session credentials that can be read") : error;
}
