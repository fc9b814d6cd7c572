/**
 * A report: the result of inspecting an organization, account by account. A preview, an `up` or an audit makes it, and a format
 * (`formats/`) writes it.
 *
 * Every account has exactly one mark, and every number is counted from the marks. An account without a result is "not looked
 * at": nothing here makes it clean.
 */
import type { Acknowledgement } from "../credentials/settings";
import type { EvidenceReport } from "./evidence";

/**
 * - `clean`: everything was looked at and nothing found.
 * - `drifted`: everything was looked at, or is acknowledged, and something is to be changed: credentials to remove, or a recovery to allow.
 * - `blocked`: something could not be looked at; what could be is listed all the same.
 * - `exception`: everything was looked at, and is as the account's open exception allows.
 * - `acknowledged`: something could not be looked at, for a cause of the account that the settings acknowledge; nothing was found.
 * - `not looked at`: there is no result.
 * - `out of scope`: the settings leave it out. `skipped`: there is nothing to look into, as in the management account.
 */
export type AccountMark = (typeof ACCOUNT_MARKS)[number];

export const ACCOUNT_MARKS = [
    "clean",
    "drifted",
    "blocked",
    "exception",
    "acknowledged",
    "not looked at",
    "out of scope",
    "skipped",
] as const;

export function isMark(text: string): text is AccountMark {
    return ACCOUNT_MARKS.some((mark) => mark === text);
}

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
    /** Why `pulumi up` leaves it: the exception, or that it was used lately. */
    stays?: string;
}

export type CredentialKindInReport = "accessKey" | "signingCertificate" | "loginProfile" | "mfaDevice";

/** Why an account could not be looked at, in three lengths: one line, the whole story, and what to do about it. */
export interface BlockedInReport {
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
    /** It is closed still: `pulumi up` allows recovery of its password. */
    opens?: true;
}

export interface AccountInReport {
    id: string;
    name: string;
    /** Names of the units from the root down, `Workloads/Prod`; empty right under the root, and where it is not known. */
    organizationalUnit: string;
    mark: AccountMark;
    credentials?: CredentialInReport[];
    blocked?: BlockedInReport;
    exception?: ExceptionInReport;
    removed?: RemovalInReport;
    /** Until when, and why, it is no finding that the account could not be looked at. */
    acknowledged?: Acknowledgement;
    /** Why it is out of scope, skipped or not looked at. */
    because?: string;
    /** The organization that the account belongs to (`o-...`), if the report is merged. */
    organizationId?: string;
}

/** An account that the program no longer declares, and what `pulumi up` does when it lets it go. */
export interface LeavingAccount {
    id: string;
    name: string;
    organizationalUnit: string;
    then: "allow-recovery" | "retain";
    /** The organization that the account belongs to (`o-...`), if the report is merged. */
    organizationId?: string;
}

/**
 * - `as declared`: there is nothing to do. `locked`: it shuts everybody out. `differs`: it is to be replaced all the same.
 * - `undecided`: nobody can tell whether it locks. `unknown`: it could not be looked at. `not looked at`: there is no result.
 * - `leaving`: the program no longer declares it. `skipped`: its account is none to look into.
 */
export type PolicyFindingInReport =
    "as declared" | "locked" | "differs" | "undecided" | "unknown" | "not looked at" | "leaving" | "skipped";

/** A bucket's or queue's policy that must shut nobody out. */
export interface PolicyInReport {
    accountId: string;
    accountName?: string;
    /** The bucket's name or the queue's URL. */
    resource: string;
    finding: PolicyFindingInReport;
    text: string;
}

export interface Totals {
    /** Accounts that were to be looked at: all but those out of scope or skipped. */
    accounts: number;
    lookedAt: number;
    clean: number;
    drifted: number;
    blocked: number;
    notLookedAt: number;
    exceptions: number;
    acknowledged: number;
    outOfScope: number;
    skipped: number;
    /** Root credentials that were found, whatever becomes of them. */
    credentials: number;
}

/** Which run or audit made a report, and when. Times are ISO 8601 in UTC. */
export interface ReportHeader {
    /** `merged`: several reports, or the same account seen by several stacks. */
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

/** The parts that a report is made of. Everything else follows from them. */
export type Findings = Omit<Report, "version" | "totals" | "leaving" | "policies" | "problems"> &
    Partial<Pick<Report, "leaving" | "policies" | "problems">>;

/** Puts accounts in their order and counts them. */
export function reportOf({ leaving = [], policies = [], problems = [], ...findings }: Findings): Report {
    const accounts = [...findings.accounts].sort(byPlace);
    const totals = totalsOf(accounts);
    return {
        version: 1,
        ...findings,
        complete: findings.complete && totals.notLookedAt === 0,
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
function compare(a: string, b: string): number {
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

export function totalsOf(accounts: AccountInReport[]): Totals {
    const count = (mark: AccountMark) => accounts.filter((account) => account.mark === mark).length;
    const seen = {
        clean: count("clean"),
        drifted: count("drifted"),
        blocked: count("blocked"),
        exceptions: count("exception"),
        acknowledged: count("acknowledged"),
    };
    const lookedAt = Object.values(seen).reduce((sum, each) => sum + each, 0);
    const notLookedAt = count("not looked at");
    return {
        accounts: lookedAt + notLookedAt,
        lookedAt,
        ...seen,
        notLookedAt,
        outOfScope: count("out of scope"),
        skipped: count("skipped"),
        credentials: accounts.reduce((sum, { credentials = [] }) => sum + credentials.length, 0),
    };
}

/**
 * - `incomplete`: something could not be looked at, or nothing was, so nobody knows.
 * - `findings`: everything was looked at, and there is something to do.
 * - `clean`: everything was looked at, or is acknowledged, and there is nothing to do.
 */
export type Outcome = "clean" | "findings" | "incomplete";

export function outcomeOf({ complete, totals, accounts, policies, leaving, problems }: Report): Outcome {
    const found = new Set(policies.map(({ finding }) => finding));
    const unseen = totals.blocked + totals.notLookedAt > 0 || totals.lookedAt === 0;
    if (!complete || problems.length > 0 || unseen || found.has("unknown") || found.has("not looked at"))
        return "incomplete";
    const opens = accounts.some(({ exception }) => exception?.opens);
    for (const quiet of ["as declared", "skipped"] as const) found.delete(quiet);
    return totals.drifted > 0 || leaving.length > 0 || opens || found.size > 0 ? "findings" : "clean";
}

/** As the exit code of a program: 0, 7 or 1. 7 is what `pulumi preview --expect-no-changes` ends with when there is something to change. */
export const EXIT_CODES: Record<Outcome, number> = { clean: 0, findings: 7, incomplete: 1 };
