/**
 * A report: the result of inspecting an organization, account by account. A preview, an `up` or an audit makes it, and a format
 * (`formats/`) writes it.
 *
 * Every account has exactly one mark, and every number is counted from the marks. An account without a result is "not
 * inspected", and never clean.
 */
import type { EvidenceReport } from "./evidence/model";

/**
 * In the order of attention:
 *
 * - `drifted`: credentials must be removed, or a recovery allowed. Every list was readable, or the settings acknowledge the cause.
 * - `unreadable`: something was unreadable. The credentials of the readable lists are in the report all the same.
 * - `not inspected`: there is no result.
 * - `excepted`: every list was readable, and the account is as its open exception allows.
 * - `acknowledged`: something was unreadable for a cause that the settings acknowledge. No credential was found.
 * - `clean`: every list was readable, and no credential was found.
 * - `out of scope`: the settings leave the account out.
 * - `skipped`: the account cannot be inspected, for example the management account.
 */
export const ACCOUNT_MARKS = [
    "drifted",
    "unreadable",
    "not inspected",
    "excepted",
    "acknowledged",
    "clean",
    "out of scope",
    "skipped",
] as const;

export type AccountMark = (typeof ACCOUNT_MARKS)[number];

/** One root credential that was found. Times are ISO 8601 in UTC. */
export interface CredentialInReport {
    kind: CredentialKindInReport;
    /** AWS's id of it; `password` for the login profile. */
    id: string;
    created?: string;
    /** In lower case: `active`, `inactive`, `expired`. */
    status?: string;
    /** Missing where AWS keeps no record: of signing certificates and MFA devices. */
    lastUsed?: "never" | "unknown" | { at: string; service?: string; region?: string };
    /** Why `pulumi up` keeps it: the exception, or a recent use. */
    stays?: string;
}

export type CredentialKindInReport = "accessKey" | "signingCertificate" | "loginProfile" | "mfaDevice";

/** Why an account could not be inspected: in one line and in full, with the next step. */
export interface UnreadableInReport {
    cause: string;
    detail: string;
    next?: string;
}

/** Credentials that this run removed from an account. */
export interface RemovalInReport {
    /** ISO 8601 in UTC. */
    at: string;
    /** Each credential in words: `password`, `access key AKIA...`. */
    credentials: string[];
    /** The access key id of the root session that removed them. */
    session: string;
    /** The caller's ARN. */
    by: string;
}

/** Until when an account is open, and why. */
export interface ExceptionInReport {
    /** ISO 8601 with a time zone. */
    until: string;
    reason: string;
    /** The account is still closed, and `pulumi up` allows recovery of its password. */
    opens?: true;
}

/** The acknowledgement. Before `until`, an account that cannot be inspected is no finding. */
export interface AcknowledgementInReport {
    /** ISO 8601 with a time zone. */
    until: string;
    reason: string;
}

export interface AccountInReport {
    id: string;
    name: string;
    /** Names of the units from the root down, `Workloads/Prod`; empty directly under the root, and if the unit is unknown. */
    organizationalUnit: string;
    mark: AccountMark;
    credentials?: CredentialInReport[];
    unreadable?: UnreadableInReport;
    exception?: ExceptionInReport;
    removed?: RemovalInReport;
    acknowledged?: AcknowledgementInReport;
    /** Why it is out of scope, skipped or not inspected. */
    because?: string;
    /** The organization that the account belongs to (`o-...`), if the report is merged. */
    organizationId?: string;
}

/** An account that the program no longer declares, and what `pulumi up` does to it. */
export interface LeavingAccount {
    id: string;
    name: string;
    organizationalUnit: string;
    then: "allow-recovery" | "retain";
    /** The organization that the account belongs to (`o-...`), if the report is merged. */
    organizationId?: string;
}

/**
 * - `as declared`: there is nothing to do. `locked`: the policy locks everybody out. `differs`: the policy locks nobody, but is to be deleted or replaced.
 * - `undecided`: it cannot be decided whether the policy locks. `unknown`: it could not be inspected. `not inspected`: there is no result.
 * - `leaving`: the program no longer declares the policy. `skipped`: its account cannot be inspected.
 */
export type PolicyFindingInReport =
    "as declared" | "locked" | "differs" | "undecided" | "unknown" | "not inspected" | "leaving" | "skipped";

/** A declared policy of a bucket or queue, which must not lock everybody out. */
export interface PolicyInReport {
    accountId: string;
    accountName?: string;
    /** The bucket's name or the queue's URL. */
    resource: string;
    finding: PolicyFindingInReport;
    text: string;
}

export interface Totals {
    /** Accounts in scope: all but those out of scope or skipped. */
    accounts: number;
    /** Accounts that were readable: clean, drifted, and those with an exception. An acknowledged account counts if it has drifted. */
    inspected: number;
    clean: number;
    drifted: number;
    unreadable: number;
    notInspected: number;
    excepted: number;
    acknowledged: number;
    outOfScope: number;
    skipped: number;
    /** Root credentials that were found, also those that are kept or removed. */
    credentials: number;
}

/** Which run or audit made a report, and when. Times are ISO 8601 in UTC. */
export interface ReportHeader {
    /** `merged`: several reports together. */
    source: "preview" | "up" | "audit" | "evidence" | "merged";
    /** When the program or the audit started. In a Pulumi run the refresh inspects accounts shortly before. */
    started: string;
    /** When the report was made. */
    generated: string;
    /** False if an account may be missing or has no result. `problems` or the account says why. */
    complete: boolean;
    /** The identity of the Pulumi run, which no other run has. */
    run?: string;
    project?: string;
    stack?: string;
    /** The caller's ARN, if the report is an audit. */
    caller?: string;
    organizationId?: string;
}

/** One of the reports that a merged report was made from. */
export interface ReportPart extends ReportHeader {
    totals: Totals;
}

export interface Report extends ReportHeader {
    version: 1;
    totals: Totals;
    /** By unit, then name, then id; of a merged report by organization first. */
    accounts: AccountInReport[];
    /** By id. */
    leaving: LeavingAccount[];
    policies: PolicyInReport[];
    /** Why the report is incomplete, a sentence each. */
    problems: string[];
    /** The writes to AWS, from the records of writes. */
    evidence?: EvidenceReport;
    /** The reports that a merged report was made from, in the order given. */
    parts?: ReportPart[];
    /** The totals of each organization, by id, if the report is merged. */
    organizations?: { id: string; totals: Totals }[];
}

/** The input of `reportOf`, which counts the totals and sorts the lists. */
export type ReportInput = Omit<Report, "version" | "totals" | "leaving" | "policies" | "problems"> &
    Partial<Pick<Report, "leaving" | "policies" | "problems">>;

/** Puts accounts in their order and counts them. */
export function reportOf({ leaving = [], policies = [], problems = [], ...findings }: ReportInput): Report {
    const accounts = [...findings.accounts].sort(byPlace);
    const totals = totalsOf(accounts);
    return {
        version: 1,
        ...findings,
        complete: findings.complete && totals.notInspected === 0,
        totals,
        accounts,
        leaving: [...leaving].sort((a, b) => compare(a.id, b.id)),
        policies: [...policies].sort(
            (a, b) => compare(a.accountId, b.accountId) || compare(a.resource, b.resource),
        ),
        problems,
    };
}

/** `project/stack`, if a stack made the report. */
export function stackOf({ project, stack }: Pick<ReportHeader, "project" | "stack">): string | undefined {
    return stack === undefined ? undefined : [project, stack].filter(Boolean).join("/");
}

/** In code points, so that the order is the same on every machine. */
export function compare(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}

function byPlace(a: AccountInReport, b: AccountInReport): number {
    return (
        compare(a.organizationId ?? "", b.organizationId ?? "") ||
        compare(a.organizationalUnit, b.organizationalUnit) ||
        compare(a.name, b.name) ||
        compare(a.id, b.id)
    );
}

const COUNTS = {
    drifted: "drifted",
    unreadable: "unreadable",
    "not inspected": "notInspected",
    excepted: "excepted",
    acknowledged: "acknowledged",
    clean: "clean",
    "out of scope": "outOfScope",
    skipped: "skipped",
} as const satisfies Record<AccountMark, keyof Totals>;

export function countOf(mark: AccountMark, totals: Totals): number {
    return totals[COUNTS[mark]];
}

export function totalsOf(accounts: AccountInReport[]): Totals {
    const totals: Totals = {
        accounts: 0,
        inspected: 0,
        clean: 0,
        drifted: 0,
        unreadable: 0,
        notInspected: 0,
        excepted: 0,
        acknowledged: 0,
        outOfScope: 0,
        skipped: 0,
        credentials: 0,
    };
    for (const { mark, credentials = [] } of accounts) {
        totals[COUNTS[mark]] += 1;
        totals.credentials += credentials.length;
    }
    totals.accounts = accounts.length - totals.outOfScope - totals.skipped;
    totals.inspected = totals.clean + totals.drifted + totals.excepted;
    return totals;
}
