/**
 * The properties that Pulumi stores of an account, and how the listings of AWS become properties.
 *
 * The desired state is a part of the inputs (`loginProfile: "absent"`, empty lists). So the engine's own diff shows drift
 * by property.
 */
import type { AwsFailure, FailureReason } from "../aws/errors/diagnose";
import type { Credential, LastUse } from "./credential";
import { credentialKinds, type CredentialKindName } from "./kinds/index";
import type { RootCredentialConfiguration } from "./settings";

/** The root credentials of an account. The engine compares this part. */
export interface RootCredentialState {
    loginProfile: "absent" | "present" | "unknown";
    accessKeys: string[];
    signingCertificates: string[];
    mfaDevices: string[];
    auditError: string;
}

/** The result of an inspection: the compared part and its evidence. */
export interface ObservedState extends RootCredentialState {
    auditErrorDetail: string;
    /** The next step against `auditError`, for reports. Empty if there is none. Missing in states of earlier versions. */
    __nextStep?: string;
    evidence: RootCredentialEvidence;
    /** Why kinds are unknown. Empty if a removal failed, or if a credential exists that cannot be listed now. */
    unreadableBecause: FailureReason[];
}

/** The resource's inputs once `check` has filled in the desired state. A new resource has its declaration alone as inputs. */
export type RootCredentialInputs = RootCredentialConfiguration & RootCredentialState;

/** The resource's outputs. */
export interface RootCredentialOutputs extends RootCredentialInputs, ObservedState {
    /** The organization that the account was found in (`o-...`). */
    organizationId: string;
    __observedInRun: string;
    /** The inputs in the state are the declaration alone, without the desired state. */
    __declarationAlone?: true;
    lastRemoval?: LastRemoval;
}

/** Facts about one credential. Times are ISO 8601 in UTC. */
export interface CredentialEvidence {
    created?: string;
    status?: string;
    lastUsed?: LastUse;
}

/** Evidence by kind and credential id. The login profile's id is `password`. */
export type RootCredentialEvidence = Partial<Record<CredentialKindName, Record<string, CredentialEvidence>>>;

/** The credentials that one run removed from an account. `session` is the root session's access key id, as in CloudTrail. */
export interface LastRemoval {
    at: string;
    removed: string[];
    session: string;
    by: string;
}

/**
 * The credentials of one kind in one account, or the failure of the listing call. `isPresent`: the summary shows that
 * there is one, although the listing failed.
 */
export type CredentialListing = { credentials: Credential[] } | { failure: AwsFailure; isPresent?: boolean };

/** All kinds of one account. */
export type CredentialListings = Record<CredentialKindName, CredentialListing>;

const UNKNOWN_IDS = ["unknown"];

/** Turns listings into properties. `auditError` is the cause of the first failure; `removalFailures` come before those of listings. */
export function stateOf(listings: CredentialListings, removalFailures: AwsFailure[] = []): ObservedState {
    const unread = entriesOf(listings).flatMap(([, listing]) => ("failure" in listing ? [listing] : []));
    const failures = [...removalFailures, ...unread.map(({ failure }) => failure)];
    const isOnlyUnreadable = removalFailures.length === 0 && !unread.some(({ isPresent }) => isPresent);
    return {
        loginProfile: loginProfileState(listings.loginProfile),
        accessKeys: ids(listings.accessKeys),
        signingCertificates: ids(listings.signingCertificates),
        mfaDevices: ids(listings.mfaDevices),
        auditError: failures[0]?.cause ?? "",
        auditErrorDetail: [...new Set(failures.map((failure) => failure.detail))].join("\n"),
        __nextStep: failures[0]?.next ?? "",
        evidence: evidenceOf(listings),
        unreadableBecause: isOnlyUnreadable
            ? [...new Set(unread.map(({ failure }) => failure.reason))].sort()
            : [],
    };
}

/** The listings behind a state. A kind is left out if it could not be listed, or if its evidence is incomplete. */
export function listingsIn(state: ObservedState): Partial<CredentialListings> {
    const { evidence, accessKeys, signingCertificates, mfaDevices } = state;
    const idsInState = {
        accessKeys,
        signingCertificates,
        mfaDevices,
        loginProfile: state.loginProfile === "absent" ? [] : [loginProfileId(evidence)],
    };
    const listings = credentialKinds().flatMap(([name]) => {
        const credentials = Object.entries(evidence[name] ?? {}).map(([id, facts]) => ({ id, ...facts }));
        const known = new Set(credentials.map(({ id }) => id));
        const isComplete =
            idsInState[name].length === known.size && idsInState[name].every((id) => known.has(id));
        return isComplete ? [[name, { credentials }] as const] : [];
    });
    return Object.fromEntries(listings);
}

/** `unknown` if there is no evidence of a login profile. */
function loginProfileId({ loginProfile = {} }: RootCredentialEvidence): string {
    return Object.keys(loginProfile)[0] ?? "unknown";
}

/** All kinds unknown for one reason. */
export function allUnknown(failure: AwsFailure): CredentialListings {
    return {
        accessKeys: { failure },
        signingCertificates: { failure },
        loginProfile: { failure },
        mfaDevices: { failure },
    };
}

/** The state without the kinds that are unknown. */
export function readablePart(state: RootCredentialState): RootCredentialState {
    const known = (ids: string[]) => ids.filter((id) => id !== UNKNOWN_IDS[0]);
    return {
        loginProfile: state.loginProfile === "unknown" ? "absent" : state.loginProfile,
        accessKeys: known(state.accessKeys),
        signingCertificates: known(state.signingCertificates),
        mfaDevices: known(state.mfaDevices),
        auditError: "",
    };
}

/** True only if every kind was inspected and no credential was found. */
export function isClean(state: RootCredentialState): boolean {
    return (
        state.loginProfile === "absent" &&
        state.accessKeys.length === 0 &&
        state.signingCertificates.length === 0 &&
        state.mfaDevices.length === 0 &&
        state.auditError === ""
    );
}

/** True if no kind could be inspected. */
export function isEntirelyUnknown({
    loginProfile,
    accessKeys,
    signingCertificates,
    mfaDevices,
}: RootCredentialState): boolean {
    return (
        loginProfile === "unknown" &&
        [accessKeys, signingCertificates, mfaDevices].every(([id]) => id === UNKNOWN_IDS[0])
    );
}

/** The credentials found, by kind in the order of removal. */
export function credentialsFound(evidence: RootCredentialEvidence): [CredentialKindName, Credential][] {
    return credentialKinds().flatMap(([name]) =>
        Object.entries(evidence[name] ?? {}).map(([id, facts]): [CredentialKindName, Credential] => [
            name,
            { id, ...facts },
        ]),
    );
}

function loginProfileState(listing: CredentialListing): RootCredentialState["loginProfile"] {
    if ("failure" in listing) return "unknown";
    return listing.credentials.length === 0 ? "absent" : "present";
}

function ids(listing: CredentialListing): string[] {
    return "failure" in listing ? UNKNOWN_IDS : listing.credentials.map((credential) => credential.id).sort();
}

function evidenceOf(listings: CredentialListings): RootCredentialEvidence {
    const found = entriesOf(listings).flatMap(([name, listing]) => {
        if ("failure" in listing || listing.credentials.length === 0) return [];
        return [
            [name, Object.fromEntries(listing.credentials.map(({ id, ...facts }) => [id, facts]))] as const,
        ];
    });
    return Object.fromEntries(found);
}

function entriesOf(listings: CredentialListings): [CredentialKindName, CredentialListing][] {
    return Object.entries(listings) as [CredentialKindName, CredentialListing][];
}
