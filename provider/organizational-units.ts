/**
 * Names of organizational units, for people to read. Nothing is decided by them here, so what goes wrong costs the
 * names and nothing else.
 */
import {
    paginateListAccountsForParent,
    paginateListOrganizationalUnitsForParent,
    paginateListRoots,
} from "@aws-sdk/client-organizations";
import { organizations } from "./aws-clients";
import { required, wholeListing } from "./credential-kinds/answers";
import type { ListedAccount } from "./organization";
import { explain, type Refusal } from "./refusals";

/** The units' names for each account. `unknown` says why there are none. */
export interface UnitsOf {
    pathOf(account: ListedAccount): string;
    unknown?: Refusal;
}

/**
 * Walks the organization's tree. Accounts listed with `Paths` are placed by the unit ids in it; where AWS leaves `Paths`
 * out, each unit is asked for its accounts.
 */
export async function organizationalUnits(accounts: ListedAccount[]): Promise<UnitsOf> {
    try {
        const paths = await unitPaths();
        if (accounts.every((account) => account.paths?.length)) {
            return { pathOf: (account) => paths.get(unitOf(account)) ?? "" };
        }
        const placed = await accountsByParent(paths);
        return { pathOf: (account) => placed.get(account.id) ?? "" };
    } catch (error) {
        const refusal = explain(error, {
            accountId: "",
            action: "listing the organizational units",
        });
        return { pathOf: () => "", unknown: refusal };
    }
}

/** Path of names by id, for the root (empty) and every unit below it. */
async function unitPaths(): Promise<Map<string, string>> {
    const paths = new Map<string, string>();
    for await (const page of wholeListing(paginateListRoots({ client: organizations() }, {}))) {
        for (const root of required(page.Roots, "Roots")) await walk(required(root.Id, "Root.Id"), "", paths);
    }
    return paths;
}

async function walk(parentId: string, path: string, paths: Map<string, string>): Promise<void> {
    paths.set(parentId, path);
    const units: [id: string, name: string][] = [];
    const request = { ParentId: parentId };
    for await (const page of paginateListOrganizationalUnitsForParent({ client: organizations() }, request)) {
        for (const unit of required(page.OrganizationalUnits, "OrganizationalUnits")) {
            const id = required(unit.Id, "OrganizationalUnit.Id");
            units.push([id, unit.Name ?? id]);
        }
    }
    await Promise.all(units.map(([id, name]) => walk(id, path ? `${path}/${name}` : name, paths)));
}

async function accountsByParent(paths: Map<string, string>): Promise<Map<string, string>> {
    const placed = new Map<string, string>();
    const place = async ([parentId, path]: [string, string]) => {
        const request = { ParentId: parentId };
        for await (const page of wholeListing(
            paginateListAccountsForParent({ client: organizations() }, request),
        )) {
            for (const account of required(page.Accounts, "Accounts")) placed.set(account.Id ?? "", path);
        }
    };
    await Promise.all([...paths].map(place));
    return placed;
}

/** The last unit named in the account's path: `o-.../r-.../ou-.../ou-.../`. */
function unitOf(account: ListedAccount): string {
    return account.paths?.[0]?.split("/").findLast((part) => part.startsWith("ou-")) ?? "";
}
