/** The organization as a tree: its units, the accounts in each unit, and the totals below it. */
import { totalsOf, type AccountInReport, type AccountMark, type Report, type Totals } from "./model";

/** The root, whose name and path are empty, or an organizational unit. */
export interface Unit {
    name: string;
    /** Names from the root down. */
    path: string;
    /** By name. */
    units: Unit[];
    /** The accounts directly in it; by name, then id. */
    accounts: AccountInReport[];
    /** Of the unit and all units below it. */
    totals: Totals;
}

/**
 * The tree has only units that hold an account, directly or below, because a report knows units by their accounts. In a report of
 * several organizations the root holds one unit for each organization.
 */
export function treeOf({ accounts, organizations = [] }: Pick<Report, "accounts" | "organizations">): Unit {
    if (organizations.length < 2) return unitOf("", "", accounts);
    const units = organizations.map(({ id }) =>
        unitOf(
            id,
            id,
            accounts.filter((account) => account.organizationId === id),
            0,
        ),
    );
    return { name: "", path: "", units, accounts: [], totals: totalsOf(accounts) };
}

/** Marks of accounts that need no attention. */
export const MARKS_WITHOUT_ATTENTION = ["clean", "out of scope", "skipped"] as const satisfies AccountMark[];

/** A report names the account, and does not only count it. */
export function needsAttention({ mark, removed }: AccountInReport): boolean {
    return removed !== undefined || !MARKS_WITHOUT_ATTENTION.some((quiet) => quiet === mark);
}

/** All accounts of the unit and of the units below are clean. */
export function isAllClean({ totals }: Pick<Unit, "totals">): boolean {
    return totals.accounts === totals.clean;
}

/**
 * @param accounts all accounts of the unit and of the units below
 * @param start the position in an account's path where the names of the units below begin
 */
function unitOf(name: string, path: string, accounts: AccountInReport[], start = 0): Unit {
    const own: AccountInReport[] = [];
    const below = new Map<string, AccountInReport[]>();
    for (const account of accounts) {
        const [child = ""] = account.organizationalUnit.slice(start).split("/");
        if (child === "") own.push(account);
        else if (!below.get(child)?.push(account)) below.set(child, [account]);
    }
    return {
        name,
        path,
        units: [...below].map(([child, held]) =>
            unitOf(child, path ? `${path}/${child}` : child, held, start + child.length + 1),
        ),
        accounts: own,
        totals: totalsOf(accounts),
    };
}
