/**
 * The audit of an organization without a stack. It inspects each account once, returns a report and changes nothing.
 *
 * Accounts are inspected while the listing is still running, with the code and the rate limits of a preview.
 */
import pLimit from "p-limit";
import { observeRootCredentials } from "../credentials/observe";
import {
    memberAccounts,
    type AccountListener,
    type MemberAccount,
    type MemberAccounts,
    type SkippedAccount,
} from "../organization/member-accounts";
import { preflight, type Caller } from "../organization/preflight";
import { messageOf } from "../process/error-text";
import { log } from "../process/log";
import { accountInReport } from "./account-result";
import { reportOf, type AccountInReport, type Report } from "../report/model";
import type { AuditMode } from "../credentials/settings";
import { stateOf } from "../credentials/state";

export interface AuditOptions {
    /**
     * Selects accounts by id, and by unit. A unit is an id or a path of names, and includes the units below it. Without
     * `accounts` and `units`, every account is selected.
     */
    accounts?: string[];
    units?: string[];
    mode?: AuditMode;
    /** How many accounts are inspected at the same time. */
    parallel?: number;
    /** Called after each inspected account and each page of the listing. */
    progress?: (progress: AuditProgress) => void;
}

export interface AuditProgress {
    listed: number;
    /** Selected accounts. The number is final once `isListed` is true. */
    found: number;
    done: number;
    isListed: boolean;
}

/** If a call takes 0.75 s, a machine cannot keep up with more accounts at the same time. */
const MAX_PARALLEL = 512;

/**
 * Audits an organization. If AWS refuses calls, the report says so and the function does not throw. The report is clean
 * only if every selected account was inspected.
 */
export async function auditOrganization(options: AuditOptions = {}): Promise<Report> {
    const { progress = () => {}, parallel = MAX_PARALLEL } = options;
    const started = new Date().toISOString();
    const inspections = new Map<string, Promise<AccountInReport>>();
    const state: AuditProgress = { listed: 0, found: 0, done: 0, isListed: false };
    const limit = pLimit(parallel);
    const identity = preflight();
    const report = (changed: Partial<AuditProgress>) => progress(Object.assign(state, changed));

    const inspect = async (account: MemberAccount) => {
        await identity;
        const result = await inspectAccount(account, options.mode);
        report({ done: state.done + 1 });
        return result;
    };
    const listener: AccountListener = {
        progress: (listed) => report({ listed }),
        arrival(active) {
            for (const account of active) {
                if (!isSelected(account, options)) continue;
                const result = limit(inspect, account);
                result.catch(() => {}); // reported below
                inspections.set(account.id, result);
            }
            report({ found: inspections.size });
        },
    };

    const listing = outcomeOf(memberAccounts(listener, { walkTwice: true }));
    const caller = await outcomeOf(identity);
    const common = { source: "audit" as const, started, generated: new Date().toISOString() };
    const incomplete = (problem: string) => ({ ...common, complete: false, problems: [problem] });
    if ("error" in caller) {
        return reportOf({ ...incomplete(`no account was inspected: ${caller.error}`), accounts: [] });
    }
    const header = callerHeader(caller.value);
    const listed = await listing;
    report({ isListed: true });
    const inspected = await Promise.all(inspections.values());
    if ("error" in listed) {
        const problem = `the account list may be incomplete: ${listed.error}`;
        return reportOf({ ...incomplete(problem), ...header, accounts: inspected });
    }
    const members = listed.value;
    if (members.unitsUnknown)
        log(`accounts are shown without their organizational units: ${members.unitsUnknown.detail}`);
    const accounts = [...inspected, ...unselected(members, options), ...members.skipped.map(skipped)];
    const problems = [...gaps(members, caller.value), ...unmatchedSelectors(accounts, members, options)];
    return reportOf({ ...common, complete: problems.length === 0, ...header, accounts, problems });
}

/** The value, or the text of the error. */
function outcomeOf<T>(work: Promise<T>): Promise<{ value: T } | { error: string }> {
    return work.then(
        (value) => ({ value }),
        (error: unknown) => ({ error: messageOf(error) }),
    );
}

async function inspectAccount(account: MemberAccount, mode: AuditMode | undefined): Promise<AccountInReport> {
    const location = locationOf(account);
    try {
        const observation = await observeRootCredentials(account.id, mode);
        return observation.is === "gone"
            ? { ...location, mark: "skipped", because: observation.because }
            : accountInReport(location, stateOf(observation.listings));
    } catch (error) {
        return { ...location, mark: "not inspected", because: messageOf(error) };
    }
}

function isSelected({ id, organizationalUnit, within }: MemberAccount, options: AuditOptions): boolean {
    const { accounts = [], units = [] } = options;
    if (accounts.length + units.length === 0) return true;
    const isIn = (unit: string) =>
        within.includes(unit) || organizationalUnit === unit || organizationalUnit.startsWith(`${unit}/`);
    return accounts.includes(id) || units.some(isIn);
}

/** Accounts that are not selected, and accounts of an unknown unit if the selection is by unit. */
function unselected({ active }: MemberAccounts, options: AuditOptions): AccountInReport[] {
    const byUnit = (options.units ?? []).length > 0;
    return active
        .filter((account) => !isSelected(account, options))
        .map((account) =>
            byUnit && account.within.length === 0
                ? { ...locationOf(account), mark: "not inspected", because: UNIT_UNKNOWN }
                : { ...locationOf(account), mark: "out of scope", because: "not selected" },
        );
}

const UNIT_UNKNOWN =
    "its organizational unit is unknown, so it is unknown whether the account is selected; run again";

function skipped({ reason, ...account }: SkippedAccount): AccountInReport {
    return { ...locationOf(account), mark: "skipped", because: reason };
}

function locationOf({ id, name, organizationalUnit }: MemberAccount) {
    return { id, name, organizationalUnit };
}

/** A list is incomplete if the management account or the caller's account is missing. */
function gaps({ active, skipped: others }: MemberAccounts, { accountId }: Caller): string[] {
    const listed = [...active, ...others].some(({ id }) => id === accountId);
    if (listed && others.some(({ reason }) => reason === "management account")) return [];
    const missing = listed ? "the management account" : `the caller's own account ${accountId}`;
    return [
        `organizations:ListAccounts did not list ${missing}, so the account list is incomplete. Run again`,
    ];
}

/** Selected accounts and units that were not inspected. Without a problem in the report, they would look clean. */
function unmatchedSelectors(
    accounts: AccountInReport[],
    { units, unitsUnknown }: MemberAccounts,
    wanted: AuditOptions,
) {
    const found = new Map(accounts.map((account) => [account.id, account]));
    const because = unitsUnknown ? `: ${unitsUnknown.detail}` : "";
    return [
        ...(wanted.accounts ?? []).flatMap((id) => {
            const account = found.get(id);
            if (!account)
                return [`the account ${id} was selected, but organizations:ListAccounts does not list it`];
            return account.mark === "skipped"
                ? [`the account ${id} was selected, but it was not inspected: ${account.because ?? ""}`]
                : [];
        }),
        ...(wanted.units ?? [])
            .filter((unit) => !units.some(({ id, path }) => unit === id || unit === path))
            .map(
                (unit) =>
                    `the unit ${unit} was selected, but no unit of the organization is known by that id or path${because}`,
            ),
    ];
}

function callerHeader({ arn, organizationId }: Caller) {
    return { caller: arn, ...(organizationId && { organizationId }) };
}
