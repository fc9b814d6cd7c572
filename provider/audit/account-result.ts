/** One account of a report, made of the inspection's result and the declaration. */
import type { CredentialKindName } from "../credentials/kinds/index";
import type { Credential } from "../credentials/credential";
import {
    hasNothingToRemove,
    isAcknowledged,
    kindsToRemove,
    type DesiredLoginProfile,
} from "../credentials/desired";
import type { AwsFailure } from "../aws/errors/diagnose";
import type { Acknowledgement } from "../credentials/settings";
import { credentialsFound, type ObservedState } from "../credentials/state";
import { refuseIfInUse } from "../credentials/recent-use";
import type {
    AccountInReport,
    AccountMark,
    CredentialInReport,
    CredentialKindInReport,
} from "../report/model";

/** The settings of a declaration that decide which credentials are removed. */
export interface Declared {
    loginProfile?: DesiredLoginProfile;
    until?: string;
    reason?: string;
    refuseIfUsedWithinDays?: number;
    acknowledged?: Acknowledgement;
}

/** The result of an inspection. `until` belongs to the exception that has opened the account. */
export type InspectedState = ObservedState & { until?: string };

/** A credential that was found. `stays`: the reason why `pulumi up` keeps it. */
export interface FoundCredential {
    name: CredentialKindName;
    credential: Credential;
    stays?: { because: "exception" } | { because: "in use"; failure: AwsFailure };
}

/** The account's id, name and unit. */
export type AccountLocation = Pick<AccountInReport, "id" | "name" | "organizationalUnit">;

/** The credentials that were found, in the order of removal. */
function findCredentials(
    accountId: string,
    { evidence, until }: InspectedState,
    declared: Declared,
): FoundCredential[] {
    const exceptionHasEnded = declared.loginProfile !== "present" && until !== undefined;
    const removable = new Set(kindsToRemove(declared));
    return credentialsFound(evidence).map(([name, credential]) => {
        if (!removable.has(name)) return { name, credential, stays: { because: "exception" } };
        const failure = refuseIfInUse(name, credential, {
            ...declared,
            accountId,
            exceptionHasEnded,
        });
        return { name, credential, ...(failure && { stays: { because: "in use" as const, failure } }) };
    });
}

export function accountInReport(
    place: AccountLocation,
    seen: InspectedState,
    declared: Declared = {},
): AccountInReport {
    const { id, name, organizationalUnit } = place;
    const found = findCredentials(id, seen, declared);
    return {
        id,
        name,
        organizationalUnit,
        mark: markOf(seen, declared),
        ...(found.length > 0 && { credentials: found.map(credentialInReport) }),
        ...(seen.auditError !== "" && { unreadable: unreadableBecause(seen) }),
        ...exceptionOf(seen, declared),
        ...acknowledgementOf(seen, declared),
    };
}

function markOf(seen: InspectedState, declared: Declared): AccountMark {
    const isCovered = isAcknowledged(seen, declared);
    if (!hasNothingToRemove(seen, declared))
        return seen.auditError === "" || isCovered ? "drifted" : "unreadable";
    if (isCovered) return "acknowledged";
    return declared.loginProfile === "present" ? "excepted" : "clean";
}

function unreadableBecause({
    auditError: cause,
    auditErrorDetail: detail,
    __nextStep: next,
}: InspectedState) {
    return { cause, detail, ...(next && { next }) };
}

function exceptionOf(
    { loginProfile }: InspectedState,
    declared: Declared,
): Pick<AccountInReport, "exception"> {
    const { until, reason } = declared;
    if (declared.loginProfile !== "present" || until === undefined || reason === undefined) return {};
    return { exception: { until, reason, ...(loginProfile === "absent" && { opens: true }) } };
}

function acknowledgementOf(seen: InspectedState, declared: Declared): Pick<AccountInReport, "acknowledged"> {
    const { acknowledged } = declared;
    return acknowledged && isAcknowledged(seen, declared) ? { acknowledged } : {};
}

const KINDS: Record<CredentialKindName, CredentialKindInReport> = {
    accessKeys: "accessKey",
    signingCertificates: "signingCertificate",
    loginProfile: "loginProfile",
    mfaDevices: "mfaDevice",
};

function credentialInReport({ name, credential, stays }: FoundCredential): CredentialInReport {
    const { id, created, status, lastUsed } = credential;
    return {
        kind: KINDS[name],
        id,
        ...(created && { created }),
        ...(status && { status }),
        ...(lastUsed && { lastUsed }),
        ...(stays && { stays: staysBecause(stays) }),
    };
}

function staysBecause(stays: NonNullable<FoundCredential["stays"]>): string {
    return stays.because === "exception" ? "the account's exception allows it" : stays.failure.detail;
}
