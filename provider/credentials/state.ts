/**
 * What Pulumi stores about one account, and how what was found in AWS is written down there.
 *
 * The desired state is spelled out as inputs (`loginProfile: "absent"`, empty lists), so that the engine's own diff of
 * observed against desired inputs shows drift property by property.
 */
import { CREDENTIAL_KINDS, credentialKinds, type CredentialKindName } from "./kinds/index";
import type { Credential, LastUse } from "./credential";
import { printable } from "../process/printable";
import type { AwsFailure, FailureReason } from "../aws/errors/diagnose";

/** The account as messages call it. */
export function accountLabel({
    accountId,
    accountName,
}: Pick<RootCredentialConfiguration, "accountId" | "accountName">): string {
    return accountName ? `account ${accountId} (${accountName})` : `account ${accountId}`;
}

/** The compared part: what the account holds. */
export interface RootCredentialState {
    loginProfile: "absent" | "present" | "unknown";
    accessKeys: string[];
    signingCertificates: string[];
    mfaDevices: string[];
    auditError: string;
}

/** What the program declares about an account, beside the absence itself. */
export interface RootCredentialConfiguration {
    accountId: string;
    accountName?: string;
    organizationalUnit?: string;
    onDelete: "allow-recovery" | "retain";
    maxRemovals?: number;
    refuseIfUsedWithinDays?: number;
    audit?: AuditMode;
    until?: string;
    reason?: string;
    acknowledged?: Acknowledgement;
}

/** Until when, and why, it is no change that an account cannot be inspected. */
export interface Acknowledgement {
    /** ISO 8601 with a time zone. */
    until: string;
    reason: string;
}

/** Those of the declaration in which a difference is a change. Names of accounts and units are not among them. */
export const COMPARED_SETTINGS = ["onDelete", "refuseIfUsedWithinDays", "audit", "until", "reason"] as const;

export type ComparedSettings = {
    [Term in (typeof COMPARED_SETTINGS)[number]]?: RootCredentialConfiguration[Term] | undefined;
};

/**
 * What deleting the resource does to the account.
 *
 * - `allow-recovery`: allow password recovery again (`iam:CreateLoginProfile` in a root session). Access keys, signing
 *   certificates and MFA devices cannot come back.
 * - `retain`: leave the account as it is.
 */
export type OnDelete = "allow-recovery" | "retain";

/** How an account is looked at: by its summary first, or by all lists in any case. */
export type AuditMode = "summary" | "full";

/** The resource's inputs once `check` has filled in the desired state. A new resource has its declaration alone as inputs. */
export type RootCredentialInputs = RootCredentialConfiguration & RootCredentialState;

/** What is known about one credential beside its id; times are ISO 8601 in UTC. */
export interface CredentialEvidence {
    created?: string;
    status?: string;
    lastUsed?: LastUse;
}

/** Evidence by kind and credential id. The login profile's id is `password`. */
export type RootCredentialEvidence = Partial<Record<CredentialKindName, Record<string, CredentialEvidence>>>;

/** What one run removed from an account. `session` is the root session's access key id, as CloudTrail has it. */
export interface LastRemoval {
    at: string;
    removed: string[];
    session: string;
    by: string;
}

/** What Pulumi stores. */
export interface RootCredentialOutputs extends RootCredentialInputs, ObservedState {
    /** The organization that the account was found in (`o-...`). */
    organizationId: string;
    __observedInRun: string;
    /** The inputs in the state are the declaration alone, without the desired state. */
    __declarationAlone?: true;
    lastRemoval?: LastRemoval;
}

/** One kind of credential in one account: what it holds, or why that is not known. The summary may show that there is one all the same. */
export type CredentialListing = { credentials: Credential[] } | { failure: AwsFailure; isThere?: boolean };

/** All kinds of one account. */
export type CredentialListings = Record<CredentialKindName, CredentialListing>;

const UNKNOWN_IDS = ["unknown"];

/** What an audit tells about an account: the compared part and the evidence behind it. */
export interface ObservedState extends RootCredentialState {
    auditErrorDetail: string;
    /** The next step against `auditError`, for reports. Empty if there is none, missing in states of earlier versions. */
    __nextStep?: string;
    evidence: RootCredentialEvidence;
    /** Why kinds are unknown, if that is all that is wrong: no removal failed, and nothing that was seen is unknown now. */
    unreadableBecause: FailureReason[];
}

/** Writes listings down as state. The first failure gives the cause, `also` adds failures of a removal. */
export function stateOf(listings: CredentialListings, also: AwsFailure[] = []): ObservedState {
    const unread = kinds(listings).flatMap(([, listing]) => ("failure" in listing ? [listing] : []));
    const failures = [...also, ...unread.map(({ failure }) => failure)];
    const isAllUnseen = also.length === 0 && !unread.some(({ isThere }) => isThere);
    return {
        loginProfile: loginProfileState(listings.loginProfile),
        accessKeys: ids(listings.accessKeys),
        signingCertificates: ids(listings.signingCertificates),
        mfaDevices: ids(listings.mfaDevices),
        auditError: failures[0]?.cause ?? "",
        auditErrorDetail: [...new Set(failures.map((failure) => failure.detail))].join("\n"),
        __nextStep: failures[0]?.next ?? "",
        evidence: evidenceOf(listings),
        unreadableBecause: isAllUnseen
            ? [...new Set(unread.map(({ failure }) => failure.reason))].sort()
            : [],
    };
}

/** The listings that were written down so; a kind that could not be listed, or of which not all is known, is missing. */
export function listingsIn(state: ObservedState): Partial<CredentialListings> {
    const { evidence, accessKeys, signingCertificates, mfaDevices } = state;
    const held = {
        accessKeys,
        signingCertificates,
        mfaDevices,
        loginProfile: state.loginProfile === "absent" ? [] : [idOfLoginProfile(evidence)],
    };
    const listings = credentialKinds().flatMap(([name]) => {
        const credentials = Object.entries(evidence[name] ?? {}).map(([id, facts]) => ({ id, ...facts }));
        const known = new Set(credentials.map(({ id }) => id));
        const whole = held[name].length === known.size && held[name].every((id) => known.has(id));
        return whole ? [[name, { credentials }] as const] : [];
    });
    return Object.fromEntries(listings);
}

/** `unknown` where no evidence is of one. */
function idOfLoginProfile({ loginProfile = {} }: RootCredentialEvidence): string {
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
    const read = (ids: string[]) => ids.filter((id) => id !== UNKNOWN_IDS[0]);
    return {
        loginProfile: state.loginProfile === "unknown" ? "absent" : state.loginProfile,
        accessKeys: read(state.accessKeys),
        signingCertificates: read(state.signingCertificates),
        mfaDevices: read(state.mfaDevices),
        auditError: "",
    };
}

/** True only if every kind was looked at and none was found. */
export function isClean(state: RootCredentialState): boolean {
    return (
        state.loginProfile === "absent" &&
        state.accessKeys.length === 0 &&
        state.signingCertificates.length === 0 &&
        state.mfaDevices.length === 0 &&
        state.auditError === ""
    );
}

/** True if nothing at all could be looked at. */
export function isWhollyUnknown({
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

/** The credentials found, kind by kind in the order of removal. */
export function credentialsFound(evidence: RootCredentialEvidence): [CredentialKindName, Credential][] {
    return credentialKinds().flatMap(([name]) =>
        Object.entries(evidence[name] ?? {}).map(([id, facts]): [CredentialKindName, Credential] => [
            name,
            { id, ...facts },
        ]),
    );
}

/** A credential in words: `password (never used)`, `access key AKIA... (active, last used 2026-03-01 for s3 in eu-west-1)`. */
export function describeCredential(name: CredentialKindName, credential: Credential): string {
    const kind = CREDENTIAL_KINDS[name];
    const known = [
        credential.status,
        credential.created && `${kind.born} ${day(credential.created)}`,
        lastUseInWords(credential.lastUsed),
    ];
    const details = known.filter(Boolean).join(", ");
    return printable(`${kind.describe(credential.id)}${details ? ` (${details})` : ""}`);
}

function loginProfileState(listing: CredentialListing): RootCredentialState["loginProfile"] {
    if ("failure" in listing) return "unknown";
    return listing.credentials.length === 0 ? "absent" : "present";
}

function ids(listing: CredentialListing): string[] {
    return "failure" in listing ? UNKNOWN_IDS : listing.credentials.map((credential) => credential.id).sort();
}

function evidenceOf(listings: CredentialListings): RootCredentialEvidence {
    const found = kinds(listings).flatMap(([name, listing]) => {
        if ("failure" in listing || listing.credentials.length === 0) return [];
        return [
            [name, Object.fromEntries(listing.credentials.map(({ id, ...facts }) => [id, facts]))] as const,
        ];
    });
    return Object.fromEntries(found);
}

function kinds(listings: CredentialListings): [CredentialKindName, CredentialListing][] {
    return Object.entries(listings) as [CredentialKindName, CredentialListing][];
}

/** When and for what a credential was last used, in words; nothing where AWS keeps no record of it. */
export function lastUseInWords(lastUse: LastUse | undefined): string {
    if (lastUse === undefined) return "";
    if (lastUse === "never" || lastUse === "unknown")
        return lastUse === "never" ? "never used" : "last use unknown";
    const where = [lastUse.service, lastUse.region].filter(Boolean).join(" in ");
    return printable(`last used ${day(lastUse.at)}${where ? ` for ${where}` : ""}`);
}

function day(time: string): string {
    return time.slice(0, 10);
}
