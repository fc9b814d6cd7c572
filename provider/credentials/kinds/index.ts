/**
 * The kinds of long-lived credentials a root user can hold. A further kind is one more file and one more line here.
 *
 * All calls omit `UserName`: in a root session it means the root user of the session's account. With any other
 * credentials it would mean the caller itself, which is why these functions are only ever given a `RootSession`'s client.
 */
import type { CredentialKind } from "../credential";
import { accessKeys } from "./access-keys";
import { loginProfile } from "./login-profile";
import { mfaDevices } from "./mfa-devices";
import { signingCertificates } from "./signing-certificates";

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
