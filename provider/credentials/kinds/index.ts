/**
 * The kinds of long-lived credentials that a root user can have. Each kind has a file of its own and a line here.
 *
 * All calls omit `UserName`. In a root session, this means the root user of the session's account; with other credentials,
 * it means the caller. So these functions take only the client of a `RootSession`.
 */
import type { CredentialKind } from "../credential";
import { accessKeys } from "./access-keys";
import { loginProfile } from "./login-profile";
import { mfaDevices } from "./mfa-devices";
import { signingCertificates } from "./signing-certificates";

/** In the order of removal. MFA devices are last, so that an interrupted run leaves no password without MFA. */
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
