/**
 * Whether something may still depend on a credential.
 *
 * AWS records when an access key and the password were last used, and of a key also the service and region. It records
 * no last use of signing certificates and MFA devices, so nothing can be said about those.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys_last-used.html
 */
import { CREDENTIAL_KINDS, type CredentialKindName } from "./kinds/index";
import type { Credential } from "./credential";
import type { AwsFailure } from "../aws/errors/diagnose";
import { lastUseInWords } from "./state";

/** Days within which a use is worth telling before what was used is removed. */
export const RECENTLY = 90;

const DAY = 24 * 60 * 60 * 1000;

/** True if the credential was used within so many days; `unknown` where AWS did not tell when an access key or password was used. */
export function usedWithin({ lastUsed }: Pick<Credential, "lastUsed">, days: number): boolean | "unknown" {
    if (lastUsed === "unknown") return "unknown";
    if (lastUsed === undefined || lastUsed === "never") return false;
    return Date.now() - Date.parse(lastUsed.at) < days * DAY;
}

/** What bears on whether a credential is kept. */
export interface InUseTerms {
    accountId: string;
    refuseIfUsedWithinDays?: number;
    /** An exception of the account has ended: its password was there to be used, and goes as was declared. */
    endsException?: boolean;
}

/** Why a credential is kept that was used within `refuseIfUsedWithinDays`, or of which AWS does not tell; undefined where nothing speaks against its removal. */
export function refuseIfInUse(
    name: CredentialKindName,
    credential: Credential,
    { accountId, refuseIfUsedWithinDays, endsException }: InUseTerms,
): AwsFailure | undefined {
    if (refuseIfUsedWithinDays === undefined || (endsException && name === "loginProfile")) return undefined;
    const used = usedWithin(credential, refuseIfUsedWithinDays);
    if (used === false) return undefined;
    const kind = CREDENTIAL_KINDS[name];
    const what = kind.describe(credential.id);
    const when = lastUseInWords(credential.lastUsed);
    // Without a target, the run would take whatever else is in use in the organization along.
    const next =
        `${NEXT[name] ?? ""} To remove it all the same, switch the guard off for this account alone: pulumi config set refuseIfUsedWithinDays off, ` +
        `pulumi up --target '**::${accountId}', and pulumi config set refuseIfUsedWithinDays ${refuseIfUsedWithinDays} again.`;
    const guard = `refuseIfUsedWithinDays is ${refuseIfUsedWithinDays}`;
    return {
        reason: "in-use",
        cause: `${what} ${used === "unknown" ? "may be" : "is"} in use: ${when} (${kind.removeAction})`,
        detail: `${what} of account ${accountId} is kept: ${when}, and ${guard}. ${next.trim()}`,
    };
}

const NEXT: Partial<Record<CredentialKindName, string>> = {
    accessKeys:
        "Find what signs with it (CloudTrail, userIdentity.accessKeyId) and give that an IAM role; once the key has rested for so long, run again.",
    loginProfile:
        "Find who signs in as root (CloudTrail, ConsoleLogin) and what for; once the password has rested for so long, run again.",
};
