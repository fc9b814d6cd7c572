/** Merges the reports of several stacks and organizations. */
import {
    compare,
    reportOf,
    totalsOf,
    type AccountInReport,
    type AccountMark,
    type Report,
    type ReportPart,
} from "./model";
import { InvalidInput } from "./invalid-input";

export interface NamedReport {
    name: string;
    report: Report;
}

/**
 * Each account counts once. The report that inspected an account decides, because the account is out of scope in the reports of other
 * stacks.
 *
 * @throws InvalidInput if two reports inspected the same account, and if a report holds evidence
 */
export function merged(reports: NamedReport[], generated: string): Report {
    for (const { name, report } of reports) if (report.evidence) throw new InvalidInput(holdsEvidence(name));
    const accounts = new Map<string, { name: string; account: AccountInReport }>();
    for (const { name, report } of reports) {
        for (const each of report.accounts) {
            const account = ofOrganization(each, report);
            const known = accounts.get(account.id);
            if (known && isInspected(known.account) && isInspected(account))
                throw new InvalidInput(inspectedTwice(account, known.name, name));
            if (!known || weightOf(account) > weightOf(known.account))
                accounts.set(account.id, { name, account });
        }
    }
    const all = [...accounts.values()].map(({ account }) => account);
    const parts = reports.flatMap(({ report }) => report.parts ?? [partOf(report)]);
    return reportOf({
        source: "merged",
        started: parts.map(({ started }) => started).sort()[0] ?? generated,
        generated,
        complete: parts.every(({ complete }) => complete),
        parts,
        organizations: organizationsOf(all),
        accounts: all,
        leaving: reports.flatMap(({ report }) => report.leaving.map((each) => ofOrganization(each, report))),
        policies: reports.flatMap(({ report }) => report.policies),
        problems: reports.flatMap(({ name, report }) => report.problems.map((each) => `${name}: ${each}`)),
    });
}

function holdsEvidence(name: string): string {
    return `${name} holds evidence, which is not merged. Write its report without --evidence, and add the records of writes here`;
}

function inspectedTwice({ id }: AccountInReport, one: string, other: string): string {
    return (
        `account ${id} was inspected by ${one} and by ${other}, and a merged report counts each account once. ` +
        "If both are of one stack, leave out the older report. If two stacks declare the account, remove it from one of them"
    );
}

function ofOrganization<T extends { organizationId?: string }>(each: T, { organizationId }: Report): T {
    return organizationId === undefined ? each : { ...each, organizationId };
}

/** A report with a higher weight knows more of the account. */
const WEIGHTS: Partial<Record<AccountMark, number>> = { "out of scope": 0, skipped: 1, "not inspected": 2 };

function weightOf({ mark }: AccountInReport): number {
    return WEIGHTS[mark] ?? 3;
}

function isInspected(account: AccountInReport): boolean {
    return weightOf(account) === 3;
}

function partOf({ source, started, generated, complete, totals, ...rest }: Report): ReportPart {
    const { run, project, stack, caller, organizationId } = rest;
    const header = {
        source,
        started,
        generated,
        complete,
        run,
        project,
        stack,
        caller,
        organizationId,
        totals,
    };
    return Object.fromEntries(Object.entries(header).filter(([, value]) => value !== undefined)) as never;
}

function organizationsOf(accounts: AccountInReport[]): NonNullable<Report["organizations"]> {
    const byId = Map.groupBy(accounts, ({ organizationId = "unknown organization" }) => organizationId);
    return [...byId].map(([id, own]) => ({ id, totals: totalsOf(own) })).sort((a, b) => compare(a.id, b.id));
}
