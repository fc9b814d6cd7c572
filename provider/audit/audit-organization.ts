/**
 * Looking at every account of the organization once, without a stack: lists, looks and reports; changes nothing.
 *
 * Accounts are looked at as they are listed, hundreds at a time, by the same code and at the same pace as in a preview.
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
import { stateOf, type AuditMode } from "../credentials/state";

export interface AuditOptions {
    /** Only these accounts, by id, and those in or below these units, by id or path of names. Every account if both are left out. */
    accounts?: string[];
    units?: string[];
    mode?: AuditMode;
    /** How many accounts are looked at side by side. */
    parallel?: number;
    /** Told whenever an account was looked at or more have been listed. */
    progress?: (progress: AuditProgress) => void;
}

export interface AuditProgress {
    listed: number;
    /** To be looked at, as far as they are listed; all of them once `isListed`. */
    found: number;
    lookedAt: number;
    isListed: boolean;
}

/** At 0.75 s a call, as AWS's take, this is as many as a machine can keep up with. */
const SIDE_BY_SIDE = 512;

/**
 * Audits live. Does not throw for what AWS says: what could not be looked at, be it everything, is in the report, which is clean only
 * if all of it was.
 */
export async function auditOrganization(options: AuditOptions = {}): Promise<Report> {
    const { progress = () => {}, parallel = SIDE_BY_SIDE } = options;
    const started = new Date().toISOString();
    const looks = new Map<string, Promise<AccountInReport>>();
    const seen: AuditProgress = { listed: 0, found: 0, lookedAt: 0, isListed: false };
    const sideBySide = pLimit(parallel);
    const usable = preflight();
    const tell = (news: Partial<AuditProgress>) => progress(Object.assign(seen, news));

    const look = async (account: MemberAccount) => {
        await usable;
        const result = await lookAt(account, options.mode);
        tell({ lookedAt: seen.lookedAt + 1 });
        return result;
    };
    const follower: AccountListener = {
        progress: (listed) => tell({ listed }),
        arrival(active) {
            for (const account of active) {
                if (!isWanted(account, options)) continue;
                const result = sideBySide(look, account);
                result.catch(() => {}); // told below
                looks.set(account.id, result);
            }
            tell({ found: looks.size });
        },
    };

    const listing = settled(memberAccounts(follower, { walkTwice: true }));
    const caller = await settled(usable);
    const common = { source: "audit" as const, started, generated: new Date().toISOString() };
    const incomplete = (problem: string) => ({ ...common, complete: false, problems: [problem] });
    if ("error" in caller) {
        return reportOf({ ...incomplete(`nothing was looked at: ${caller.error}`), accounts: [] });
    }
    const called = calledBy(caller.value);
    const listed = await listing;
    tell({ isListed: true });
    const looked = await Promise.all(looks.values());
    if ("error" in listed) {
        const problem = `the account list may be incomplete: ${listed.error}`;
        return reportOf({ ...incomplete(problem), ...called, accounts: looked });
    }
    const members = listed.value;
    if (members.unitsUnknown)
        log(`accounts are shown without their organizational units: ${members.unitsUnknown.detail}`);
    const accounts = [...looked, ...notWanted(members, options), ...members.skipped.map(skipped)];
    const problems = [...gaps(members, caller.value), ...unmatched(accounts, members, options)];
    return reportOf({ ...common, complete: problems.length === 0, ...called, accounts, problems });
}

/** What came of it, or why nothing did, in words. */
function settled<T>(work: Promise<T>): Promise<{ value: T } | { error: string }> {
    return work.then(
        (value) => ({ value }),
        (error: unknown) => ({ error: messageOf(error) }),
    );
}

async function lookAt(account: MemberAccount, mode: AuditMode | undefined): Promise<AccountInReport> {
    const place = placeOf(account);
    try {
        const observation = await observeRootCredentials(account.id, mode);
        return observation.is === "gone"
            ? { ...place, mark: "skipped", because: observation.because }
            : accountInReport(place, stateOf(observation.listings));
    } catch (error) {
        return { ...place, mark: "not looked at", because: messageOf(error) };
    }
}

function isWanted({ id, organizationalUnit, within }: MemberAccount, options: AuditOptions): boolean {
    const { accounts = [], units = [] } = options;
    if (accounts.length + units.length === 0) return true;
    const isIn = (unit: string) =>
        within.includes(unit) || organizationalUnit === unit || organizationalUnit.startsWith(`${unit}/`);
    return accounts.includes(id) || units.some(isIn);
}

/** Those that nobody has asked for; and those of which nobody can tell, since their unit is not known. */
function notWanted({ active }: MemberAccounts, options: AuditOptions): AccountInReport[] {
    const byUnit = (options.units ?? []).length > 0;
    return active
        .filter((account) => !isWanted(account, options))
        .map((account) =>
            byUnit && account.within.length === 0
                ? { ...placeOf(account), mark: "not looked at", because: UNIT_UNKNOWN }
                : { ...placeOf(account), mark: "out of scope", because: "not selected" },
        );
}

const UNIT_UNKNOWN = "its unit is not known, so nobody can tell whether it was asked for; run again";

function skipped({ reason, ...account }: SkippedAccount): AccountInReport {
    return { ...placeOf(account), mark: "skipped", because: reason };
}

function placeOf({ id, name, organizationalUnit }: MemberAccount) {
    return { id, name, organizationalUnit };
}

/** A list that lacks the management account, or whoever is asking, is not whole. */
function gaps({ active, skipped: others }: MemberAccounts, { accountId }: Caller): string[] {
    const listed = [...active, ...others].some(({ id }) => id === accountId);
    if (listed && others.some(({ reason }) => reason === "management account")) return [];
    const missing = listed ? "the management account" : `the caller's own account ${accountId}`;
    return [`organizations:ListAccounts did not list ${missing}: a list with gaps tells nothing. Run again`];
}

/** What was asked for and was not looked at: somebody may believe that it was. */
function unmatched(
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
                return [`the account ${id} was asked for, and organizations:ListAccounts does not list it`];
            return account.mark === "skipped"
                ? [`the account ${id} was asked for and was not looked at: ${account.because ?? ""}`]
                : [];
        }),
        ...(wanted.units ?? [])
            .filter((unit) => !units.some(({ id, path }) => unit === id || unit === path))
            .map(
                (unit) =>
                    `the unit ${unit} was asked for, and the organization is not known to have one of that id or path${because}`,
            ),
    ];
}

function calledBy({ arn, organizationId }: Caller) {
    return { caller: arn, ...(organizationId && { organizationId }) };
}
