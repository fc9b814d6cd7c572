/**
 * Whether a credential may still be in use.
 *
 * AWS records the last use of access keys and of the password, and for a key also the service and region. It records no
 * last use of signing certificates and MFA devices.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys_last-used.html
 */
import type { AwsFailure } from "../aws/errors/diagnose";
import type { Credential } from "./credential";
import { describeLastUse } from "./describe";
import { CREDENTIAL_KINDS, type CredentialKindName } from "./kinds/index";

/** A use within so many days is printed before the credential is removed. */
export const RECENT_DAYS = 90;

const DAY = 24 * 60 * 60 * 1000;

/**
 * True if the credential was used within so many days. `unknown` if AWS did not tell when an access key or password was
 * used.
 */
export function usedWithin({ lastUsed }: Pick<Credential, "lastUsed">, days: number): boolean | "unknown" {
    if (lastUsed === "unknown") return "unknown";
    if (lastUsed === undefined || lastUsed === "never") return false;
    return Date.now() - Date.parse(lastUsed.at) < days * DAY;
}

export interface InUseSettings {
    accountId: string;
    refuseIfUsedWithinDays?: number;
    /** An exception of the account has ended. Its password was meant to be used, so a recent use does not keep it. */
    exceptionHasEnded?: boolean;
}

/**
 * The reason why a credential is kept: it was used within `refuseIfUsedWithinDays`, or AWS does not tell when it was used.
 * Undefined if it may be removed.
 */
export function refuseIfInUse(
    name: CredentialKindName,
    credential: Credential,
    { accountId, refuseIfUsedWithinDays, exceptionHasEnded }: InUseSettings,
): AwsFailure | undefined {
    if (refuseIfUsedWithinDays === undefined) return undefined;
    if (exceptionHasEnded && name === "loginProfile") return undefined;
    const used = usedWithin(credential, refuseIfUsedWithinDays);
    if (used === false) return undefined;
    const kind = CREDENTIAL_KINDS[name];
    const description = kind.describe(credential.id);
    const when = describeLastUse(credential.lastUsed);
    // Without a target, the run would also remove the credentials that are in use in other accounts.
    const next =
        `${NEXT[name] ?? ""} To remove it all the same, switch the guard off for this account alone: pulumi config set refuseIfUsedWithinDays off, ` +
        `pulumi up --target '**::${accountId}', and pulumi config set refuseIfUsedWithinDays ${refuseIfUsedWithinDays} again.`;
    const guard = `refuseIfUsedWithinDays is ${refuseIfUsedWithinDays}`;
    return {
        reason: "in-use",
        cause: `${description} ${used === "unknown" ? "may be" : "is"} in use: ${when} (${kind.removeAction})`,
        detail: `${description} of account ${accountId} is kept: ${when}, and ${guard}. ${next.trim()}`,
    };
}

const NEXT: Partial<Record<CredentialKindName, string>> = {
    accessKeys:
        "Find the workload that signs with it (CloudTrail, userIdentity.accessKeyId) and give it an IAM role. Run again when the key has not been used for that many days.",
    loginProfile:
        "Find out who signs in as root and for which task (CloudTrail, ConsoleLogin). Run again when the password has not been used for that many days.",
};
