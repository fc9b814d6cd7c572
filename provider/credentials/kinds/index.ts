/**
 * The kinds of long-lived credentials a root user can hold. A further kind is one more file and one more line here.
 *
 * All calls omit `UserName`: in a root session it means the root user of the session's account. With any other
 * credentials it would mean the caller itself, which is why these functions are only ever given a `RootSession`'s client.
 */
import type { IAMClient } from "@aws-sdk/client-iam";
import type { Answer } from "../../aws/write-log";
import { accessKeys } from "./access-keys";
import { loginProfile } from "./login-profile";
import { mfaDevices } from "./mfa-devices";
import { signingCertificates } from "./signing-certificates";

/** When a credential was last used: `never`, a moment (ISO 8601 UTC) and place, or `unknown` if AWS did not say. */
export type LastUse = "never" | "unknown" | { at: string; service?: string; region?: string };

/** One credential, as AWS lists it. */
export interface Credential {
    id: string;
    created?: string;
    status?: string;
    lastUsed?: LastUse;
}

/** How to see and remove one kind of credential. */
export interface CredentialKind {
    /** What people call one of them, with its id. */
    describe(id: string): string;
    /** How AWS says that one came to be. */
    born: "created" | "uploaded" | "enabled";
    /** The entry of `iam:GetAccountSummary` that tells whether there are any. */
    summaryFlag: string;
    /** The listing call, as it is named in an IAM policy. */
    listAction: string;
    /** The removing call, as it is named in an IAM policy. */
    removeAction: string;
    /** Lists them all. Throws `IncompleteAnswer` where AWS answered without a list: that is unknown, not none. */
    list(iam: IAMClient): Promise<Credential[]>;
    /** When it was last used, where AWS records that. */
    lastUse?(iam: IAMClient, credential: Credential): Promise<LastUse>;
    /** Removes one; "already gone" is success. */
    remove(iam: IAMClient, id: string): Promise<Answer>;
}

/** In the order of removal: MFA devices last, so that a run that dies half-way leaves no password without MFA. */
export const CREDENTIAL_KINDS = {
    accessKeys,
    signingCertificates,
    loginProfile,
    mfaDevices,
} satisfies Record<string, CredentialKind>;

export type CredentialKindName = keyof typeof CREDENTIAL_KINDS;

/** `CREDENTIAL_KINDS` as pairs, in the order of removal. */
export function credentialKinds(): [CredentialKindName, CredentialKind][] {
    return Object.entries(CREDENTIAL_KINDS) as [CredentialKindName, CredentialKind][];
}
