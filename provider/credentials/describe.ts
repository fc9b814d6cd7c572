/** Accounts and credentials in words, for messages. */
import { printable } from "../process/printable";
import type { Credential, LastUse } from "./credential";
import { CREDENTIAL_KINDS, type CredentialKindName } from "./kinds/index";
import type { RootCredentialConfiguration } from "./settings";

/** `account 111122223333 (payments)`. */
export function accountLabel({
    accountId,
    accountName,
}: Pick<RootCredentialConfiguration, "accountId" | "accountName">): string {
    return accountName ? `account ${accountId} (${accountName})` : `account ${accountId}`;
}

/** `password (never used)`, `access key AKIA... (active, last used 2026-03-01 for s3 in eu-west-1)`. */
export function describeCredential(name: CredentialKindName, credential: Credential): string {
    const kind = CREDENTIAL_KINDS[name];
    const known = [
        credential.status,
        credential.created && `${kind.createdVerb} ${day(credential.created)}`,
        describeLastUse(credential.lastUsed),
    ];
    const details = known.filter(Boolean).join(", ");
    return printable(`${kind.describe(credential.id)}${details ? ` (${details})` : ""}`);
}

/** `last used 2026-03-01 for s3 in eu-west-1`. Empty if AWS records no last use of this kind. */
export function describeLastUse(lastUse: LastUse | undefined): string {
    if (lastUse === undefined) return "";
    if (lastUse === "never" || lastUse === "unknown")
        return lastUse === "never" ? "never used" : "last use unknown";
    const where = [lastUse.service, lastUse.region].filter(Boolean).join(" in ");
    return printable(`last used ${day(lastUse.at)}${where ? ` for ${where}` : ""}`);
}

function day(time: string): string {
    return time.slice(0, 10);
}
