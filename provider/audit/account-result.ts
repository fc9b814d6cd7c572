/** One account of a report, from what was seen there and what is declared of it. */
import type { CredentialKindName } from "../credentials/kinds/index";
import type { Credential } from "../credentials/credential";
import {
    holdsOnlyWhatItMay,
    isAcknowledged,
    kindsToRemove,
    type DesiredLoginProfile,
} from "../credentials/desired";
import type { AwsFailure } from "../aws/errors/diagnose";
import { credentialsFound, type Acknowledgement, type ObservedState } from "../credentials/state";
import { refuseIfInUse } from "../credentials/recent-use";
import type {
    AccountInReport,
    AccountMark,
    CredentialInReport,
    CredentialKindInReport,
} from "../report/model";

/** What is declared of an account, as far as it bears on what there is to do. */
export interface Declared {
    loginProfile?: DesiredLoginProfile;
    until?: string;
    reason?: string;
    refuseIfUsedWithinDays?: number;
    acknowledged?: Acknowledgement;
}

/** What was seen of an account; `until` is of an exception that it was open for. */
export type Seen = ObservedState & { until?: string };

/** A credential that was found, and why `pulumi up` leaves it, if it does. */
export interface Found {
    name: CredentialKindName;
    credential: Credential;
    stays?: { because: "exception" } | { because: "in use"; failure: AwsFailure };
}

/** Which account, as people know it. */
export type Place = Pick<AccountInReport, "id" | "name" | "organizationalUnit">;

/** What was found, in the order of removal. */
export function foundIn(accountId: string, { evidence, until }: Seen, declared: Declared): Found[] {
    const endsException = declared.loginProfile !== "present" && until !== undefined;
    const removable = new Set(kindsToRemove(declared));
    return credentialsFound(evidence).map(([name, credential]) => {
        if (!removable.has(name)) return { name, credential, stays: { because: "exception" } };
        const failure = refuseIfInUse(name, credential, { ...declared, accountId, endsException });
        return { name, credential, ...(failure && { stays: { because: "in use" as const, failure } }) };
    });
}

export function accountInReport(place: Place, seen: Seen, declared: Declared = {}): AccountInReport {
    const { id, name, organizationalUnit } = place;
    const found = foundIn(id, seen, declared);
    return {
        id,
        name,
        organizationalUnit,
        mark: markOf(seen, declared),
        ...(found.length > 0 && { credentials: found.map(credentialInReport) }),
        ...(seen.auditError !== "" && { blocked: blockedBy(seen) }),
        ...exceptionOf(seen, declared),
        ...acknowledgementOf(seen, declared),
    };
}

function markOf(seen: Seen, declared: Declared): AccountMark {
    const isCovered = isAcknowledged(seen, declared);
    if (!holdsOnlyWhatItMay(seen, declared))
        return seen.auditError === "" || isCovered ? "drifted" : "blocked";
    if (isCovered) return "acknowledged";
    return declared.loginProfile === "present" ? "exception" : "clean";
}

function blockedBy({ auditError: cause, auditErrorDetail: detail, __nextStep: next }: Seen) {
    return { cause, detail, ...(next && { next }) };
}

function exceptionOf({ loginProfile }: Seen, declared: Declared): Pick<AccountInReport, "exception"> {
    const { until, reason } = declared;
    if (declared.loginProfile !== "present" || until === undefined || reason === undefined) return {};
    return { exception: { until, reason, ...(loginProfile === "absent" && { opens: true }) } };
}

function acknowledgementOf(seen: Seen, declared: Declared): Pick<AccountInReport, "acknowledged"> {
    const { acknowledged } = declared;
    return acknowledged && isAcknowledged(seen, declared) ? { acknowledged } : {};
}

const KINDS: Record<CredentialKindName, CredentialKindInReport> = {
    accessKeys: "accessKey",
    signingCertificates: "signingCertificate",
    loginProfile: "loginProfile",
    mfaDevices: "mfaDevice",
};

function credentialInReport({ name, credential, stays }: Found): CredentialInReport {
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

function staysBecause(stays: NonNullable<Found["stays"]>): string {
    return stays.because === "exception" ? "the account's exception allows it" : stays.failure.detail;
}
