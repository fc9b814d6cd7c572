/**
 * Sessions as the root user of one member account.
 *
 * Always use the clients of such a session. The IAM calls of this package leave out `UserName`, so they act on the identity
 * that signs. A client with the default credential chain would list and delete the operator's own credentials.
 *
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

/** The AWS-managed policies that limit a root session. They exist in the partition `aws` only. */
export const TASK_POLICY = {
    audit: "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials",
    deleteCredentials: "arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials",
    createPassword: "arn:aws:iam::aws:policy/root-task/IAMCreateRootUserPassword",
    unlockBucketPolicy: "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy",
    unlockQueuePolicy: "arn:aws:iam::aws:policy/root-task/SQSUnlockQueuePolicy",
} as const;

export type RootTask = keyof typeof TASK_POLICY;

/** The organization's feature that AWS requires for a session of this task. The features do not imply each other. */
export function featureFor(task: RootTask): OrganizationFeature {
    return task.startsWith("unlock") ? "RootSessions" : "RootCredentialsManagement";
}

/**
 * As long as the operation's deadline, in seconds. A shorter session would end operations that are only slow. A longer one would be
 * a risk, because AWS cannot revoke a session. AWS allows 900.
 */
const SESSION_SECONDS = 600;

export interface RootSession {
    accountId: string;
    /** An IAM client that signs as the account's root user. */
    iam: IAMClient;
    /** A client of another service that signs as the account's root user. */
    clientOf<Client>(make: (credentials: AwsCredentialIdentity) => Client): Client;
    /** The session's access key id. It joins the caller's AssumeRoot with the session's calls in CloudTrail. Not a secret. */
    accessKeyId: string;
    /** Asks STS for the session's account, and throws `WrongAccount` if it is another one. Called before any write. */
    assertOwnAccount(): Promise<void>;
}

/** Opens a short root session in one member account. Throws `WrongAccount` if AWS returns a session of another account. */
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

    // An audit in a session of another account would be a false report. If the key id names the account, the check needs no call.
    if (accountIdInKeyId(accessKeyId) !== accountId) await assertOwnAccount();
    return {
        accountId,
        accessKeyId,
        iam: iamOfSession(credentials),
        clientOf: (make) => make(credentials),
        assertOwnAccount,
    };
}

/** Drops the SDK's errors about unreadable responses, because they may quote the response, which holds the session's secrets. */
function withoutResponseBody(error: unknown): never {
    // Errors with a response have `$response`. AWS's own errors have `$fault`.
    const unreadable = error instanceof Error && "$response" in error && !("$fault" in error);
    throw unreadable ? new IncompleteAnswer("session credentials that can be read") : error;
}
