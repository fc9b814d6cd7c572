/** The organization as a tree: its units, the accounts in each, and what is the matter below. */
import { type AccountInReport, type Report, type Totals, totalsOf } from "./model";

/** The root, whose name and path are empty, or an organizational unit. */
export interface Unit {
    name: string;
    /** Names from the root down. */
    path: string;
    /** By name. */
    units: Unit[];
    /** Those right in it; by name, then id. */
    accounts: AccountInReport[];
    /** Counted over it and everything below. */
    totals: Totals;
}

/**
 * Units that hold no account, directly or below, are not in it, because a report knows units by their accounts. In a report of
 * several organizations the root holds one unit for each.
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

/** Nothing in it, or below, needs anybody's attention. */
export function isQuiet({ totals }: Pick<Unit, "totals">): boolean {
    return totals.accounts === totals.clean;
}

/**
 * @param accounts all that stand in it or below
 * @param start where the names of the units below it begin in an account's path
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
