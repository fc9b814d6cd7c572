/**
 * The organization's units, and where each account stands among them. Unless units select accounts nothing is decided by
 * them, so what goes wrong here costs the names and nothing else.
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

/** The root of the organization or a unit. */
export interface OrganizationalUnit {
    /** `r-...` or `ou-...`. */
    id: string;
    /** Names from the root down, `Workloads/Prod`; empty for the root itself. */
    path: string;
}

/** Where an account stands. */
interface Place {
    organizationalUnit: string;
    within: string[];
}

/** The units, and where each account stands. `unknown` says why there are none. */
export interface Units {
    known: OrganizationalUnit[];
    placeOf(accountId: string): Place;
    unknown?: Refusal;
}

interface Unit extends OrganizationalUnit {
    /** Its own id and those above it, from the root down. */
    line: string[];
}

/**
 * Walks the organization's tree. Accounts listed with `Paths` are placed by the unit ids in it; where AWS leaves `Paths`
 * out, each unit is asked for its accounts.
 */
export async function organizationalUnits(accounts: ListedAccount[]): Promise<Units> {
    try {
        const tree = await units();
        const parents = accounts.every((account) => account.paths?.length)
            ? new Map(accounts.map((account) => [account.id, parentOf(account)]))
            : await parentsAsListed(tree);
        return {
            known: [...tree.values()].map(({ id, path }) => ({ id, path })),
            placeOf(accountId) {
                const unit = tree.get(parents.get(accountId) ?? "");
                return unit ? { organizationalUnit: unit.path, within: unit.line } : NOWHERE;
            },
        };
    } catch (error) {
        const unknown = explain(error, { accountId: "", action: "listing the organizational units" });
        return { known: [], placeOf: () => NOWHERE, unknown };
    }
}

/** Not known: units and accounts are listed one after the other, and somebody may be moving them. */
const NOWHERE: Place = { organizationalUnit: "", within: [] };

/** The root and every unit below it, by id. */
async function units(): Promise<Map<string, Unit>> {
    const tree = new Map<string, Unit>();
    for await (const page of wholeListing(paginateListRoots({ client: organizations("ListRoots") }, {}))) {
        for (const root of required(page.Roots, "Roots")) {
            const id = required(root.Id, "Root.Id");
            await walk({ id, path: "", line: [id] }, tree);
        }
    }
    return tree;
}

async function walk(parent: Unit, tree: Map<string, Unit>): Promise<void> {
    tree.set(parent.id, parent);
    const children: Unit[] = [];
    const client = organizations("ListOrganizationalUnitsForParent");
    for await (const page of wholeListing(
        paginateListOrganizationalUnitsForParent({ client }, { ParentId: parent.id }),
    )) {
        for (const unit of required(page.OrganizationalUnits, "OrganizationalUnits")) {
            const id = required(unit.Id, "OrganizationalUnit.Id");
            const name = unit.Name ?? id;
            const path = parent.path ? `${parent.path}/${name}` : name;
            children.push({ id, path, line: [...parent.line, id] });
        }
    }
    await Promise.all(children.map((child) => walk(child, tree)));
}

async function parentsAsListed(tree: Map<string, Unit>): Promise<Map<string, string>> {
    const parents = new Map<string, string>();
    const client = organizations("ListAccountsForParent");
    const list = async (parentId: string) => {
        const pages = paginateListAccountsForParent({ client }, { ParentId: parentId });
        for await (const page of wholeListing(pages)) {
            for (const account of required(page.Accounts, "Accounts"))
                parents.set(account.Id ?? "", parentId);
        }
    };
    await Promise.all([...tree.keys()].map(list));
    return parents;
}

/** The last root or unit named in the account's path: `o-.../r-.../ou-.../ou-.../111122223333/`. */
function parentOf(account: ListedAccount): string {
    return account.paths?.[0]?.split("/").findLast((part) => /^(ou|r)-/.test(part)) ?? "";
}
