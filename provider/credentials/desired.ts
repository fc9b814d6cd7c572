/**
 * The desired state of an account: no root credentials. While an exception (break-glass) lasts, the desired state is that
 * the password can be recovered, and no access key or signing certificate exists.
 *
 * During an exception, MFA devices are no drift, because AWS demands that whoever signs in as root registers one.
 */
import { isAccountSpecific } from "../aws/errors/diagnose";
import { credentialKinds, type CredentialKindName } from "./kinds/index";
import type { Acknowledgement, RootCredentialConfiguration } from "./settings";
import { isClean, readablePart, type ObservedState, type RootCredentialState } from "./state";

/** The setting for the login profile. */
export type DesiredLoginProfile = "absent" | "present";

/** The program's declaration of an account. */
export type RootCredentialDeclaration = RootCredentialConfiguration & { loginProfile?: DesiredLoginProfile };

/** Desired unless an exception is declared: no credential, and no kind unknown. */
export const ABSENT: RootCredentialState = {
    loginProfile: "absent",
    accessKeys: [],
    signingCertificates: [],
    mfaDevices: [],
    auditError: "",
};

/** The desired state in full. During an exception, it includes the MFA devices that were found. */
export function desiredState(
    loginProfile: DesiredLoginProfile | undefined,
    found: Partial<RootCredentialState>,
): RootCredentialState {
    if (loginProfile !== "present") return ABSENT;
    const mfaDevices = (found.mfaDevices ?? []).filter((id) => id !== "unknown");
    return { ...ABSENT, loginProfile, mfaDevices };
}

type InspectedAccountState = RootCredentialState &
    Partial<Pick<ObservedState, "unreadableBecause">> & { until?: string };

/** The part of a declaration that decides which credentials an account may have. Only `present` is an exception. */
interface Desired {
    loginProfile?: RootCredentialState["loginProfile"];
    acknowledged?: Acknowledgement;
}

/**
 * True if an acknowledgement covers each unknown kind. It covers only causes that lie in the account, such as an SCP. An
 * outage or a missing permission is no such cause.
 */
export function isAcknowledged(
    { unreadableBecause = [], until }: InspectedAccountState,
    { loginProfile, acknowledged }: Desired,
): boolean {
    if (acknowledged === undefined || loginProfile === "present") return false;
    // An exception has opened the account, and no listing has shown that its password is removed.
    if (until !== undefined) return false;
    return unreadableBecause.length > 0 && unreadableBecause.every(isAccountSpecific);
}

/** True only if each kind was inspected, or is acknowledged, and is as desired. */
export function isAsDesired(state: InspectedAccountState, desired: Desired): boolean {
    const mustBePresent = desired.loginProfile === "present";
    return hasNothingToRemove(state, desired) && (!mustBePresent || state.loginProfile === "present");
}

/** True only if each kind was inspected, or is acknowledged, and no credential has to be removed. */
export function hasNothingToRemove(state: InspectedAccountState, desired: Desired): boolean {
    if (isAcknowledged(state, desired)) return isClean(readablePart(state));
    if (desired.loginProfile !== "present") return isClean(state);
    const { loginProfile, mfaDevices } = state;
    return (
        loginProfile !== "unknown" &&
        !mfaDevices.includes("unknown") &&
        isClean({ ...state, loginProfile: "absent", mfaDevices: [] })
    );
}

/** The kinds of credentials that the account must not have. */
export function kindsToRemove({ loginProfile }: Desired): CredentialKindName[] {
    const all = credentialKinds().map(([name]) => name);
    return loginProfile === "present" ? all.filter((name) => !ALLOWED_IN_AN_EXCEPTION.has(name)) : all;
}

const ALLOWED_IN_AN_EXCEPTION = new Set<CredentialKindName>(["loginProfile", "mfaDevices"]);
