/**
 * What is desired of an account: that root holds nothing; or, for as long as an exception lasts, that its password can be
 * recovered (break-glass) and root holds nothing else.
 *
 * During an exception MFA devices are no drift: whoever signs in shall register one, as AWS demands. Access keys and
 * signing certificates are.
 */
import { credentialKinds, type CredentialKindName } from "./kinds/index";
import { isAccountSpecific } from "../aws/errors/diagnose";
import {
    isClean,
    readablePart,
    type Acknowledgement,
    type ObservedState,
    type RootCredentialConfiguration,
    type RootCredentialState,
} from "./state";

/** What a program may desire of the login profile. */
export type DesiredLoginProfile = "absent" | "present";

/** What a program declares about an account. */
export type RootCredentialDeclaration = RootCredentialConfiguration & { loginProfile?: DesiredLoginProfile };

/** Desired unless an exception is declared: nothing there, and nothing unknown. */
export const ABSENT: RootCredentialState = {
    loginProfile: "absent",
    accessKeys: [],
    signingCertificates: [],
    mfaDevices: [],
    auditError: "",
};

/** The desired state in full. During an exception the MFA devices that were found are desired too, if they are known. */
export function desiredState(
    loginProfile: DesiredLoginProfile | undefined,
    found: Partial<RootCredentialState>,
): RootCredentialState {
    if (loginProfile !== "present") return ABSENT;
    const mfaDevices = (found.mfaDevices ?? []).filter((id) => id !== "unknown");
    return { ...ABSENT, loginProfile, mfaDevices };
}

/** An account as it was seen. */
type Seen = RootCredentialState & Partial<Pick<ObservedState, "unreadableBecause">> & { until?: string };

/**
 * True if an acknowledgement covers whatever is unknown here. It covers causes of the account only, such as an SCP: an outage or a
 * missing permission is none, and says nothing about the account.
 */
export function isAcknowledged(
    { unreadableBecause = [], until }: Seen,
    { loginProfile, acknowledged }: Desired,
): boolean {
    if (acknowledged === undefined || loginProfile === "present") return false;
    // An exception has opened the account, and its password was not seen gone.
    if (until !== undefined) return false;
    return unreadableBecause.length > 0 && unreadableBecause.every(isAccountSpecific);
}

/** True only if everything was looked at, or is acknowledged, and is as desired. */
export function isAsDesired(state: Seen, desired: Desired): boolean {
    const mustBePresent = desired.loginProfile === "present";
    return holdsOnlyWhatItMay(state, desired) && (!mustBePresent || state.loginProfile === "present");
}

/** True only if everything was looked at, or is acknowledged, and there is nothing to remove. */
export function holdsOnlyWhatItMay(state: Seen, desired: Desired): boolean {
    if (isAcknowledged(state, desired)) return isClean(readablePart(state));
    if (desired.loginProfile !== "present") return isClean(state);
    const { loginProfile, mfaDevices } = state;
    return (
        loginProfile !== "unknown" &&
        !mfaDevices.includes("unknown") &&
        isClean({ ...state, loginProfile: "absent", mfaDevices: [] })
    );
}

/** What is desired, as far as it makes a difference here: anything but `present` is no exception. */
interface Desired {
    loginProfile?: RootCredentialState["loginProfile"];
    acknowledged?: Acknowledgement;
}

/** The kinds of which nothing shall be left. */
export function kindsToRemove({ loginProfile }: Desired): CredentialKindName[] {
    const all = credentialKinds().map(([name]) => name);
    return loginProfile === "present" ? all.filter((name) => !DESIRED_IN_AN_EXCEPTION.has(name)) : all;
}

const DESIRED_IN_AN_EXCEPTION = new Set<CredentialKindName>(["loginProfile", "mfaDevices"]);
