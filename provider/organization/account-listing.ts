/**
 * Every account of the organization and the unit it stands in, as fast as AWS's rates let one list them.
 *
 * `ListAccounts` gives twenty accounts for each call, one page after the other: at AWS's latency that is a page in 0.75 s, where
 * its rate would allow eight in a second. So where pages are slow, the units are asked for their accounts as well, side by side;
 * whichever has seen everything first is the listing, and the other is dropped.
 * docs/decisions/0014-two-ways-to-list-accounts.md
 */
import {
    paginateListAccounts,
    paginateListAccountsForParent,
    type Account,
} from "@aws-sdk/client-organizations";
import { organizations } from "../aws/clients";
import { required, wholeListing } from "../aws/responses";
import { IncompleteAnswer } from "../aws/errors/error-classes";
import { UnitTree, type OrganizationalUnit } from "./organizational-units";
import { timeouts } from "../process/timeouts";
import { withAbortSignal } from "../process/deadline";
import { printable } from "../process/printable";
import { diagnose, type AwsFailure } from "../aws/errors/diagnose";
import { AsyncLocalStorage } from "node:async_hooks";
import { setMaxListeners } from "node:events";

/** One account as Organizations lists it, with the fields checked that everything else stands on. */
export interface ListedAccount {
    id: string;
    name: string;
    state: string;
    joinedMethod?: string;
    joined?: Date;
}

/** Where an account stands. */
interface Place {
    /** Names of the units from the root down, `Workloads/Prod`; empty for an account right under the root. */
    organizationalUnit: string;
    /** Ids of the root and of the units that it stands in, from the root down; empty where the units are not known. */
    within: string[];
}

export type PlacedAccount = ListedAccount & Place;

export interface OrganizationListing {
    /** In the order of their ids. */
    accounts: PlacedAccount[];
    /** The root, whose path is empty, and every unit below it. */
    units: OrganizationalUnit[];
    /** Why the units are not known, if they are not. */
    unitsUnknown?: AwsFailure;
}

export interface ListingOptions {
    /**
     * The units are walked a second time, so that an account which moves meanwhile is not missed. Where no stack knows the
     * accounts, nothing else would notice.
     */
    walkTwice?: boolean;
}

export interface ListingListener {
    /** Told of accounts once each, as soon as their places are known too. */
    arrival: (accounts: PlacedAccount[]) => void;
    /** Told after each page how many accounts have been listed so far. */
    progress: (listed: number) => void;
}

/**
 * Rejects where the list of accounts is not whole. What goes wrong with the units costs their names and nothing else.
 *
 * @param over ends the listing from outside; it is over in any case once this has settled, and nobody is told anything any more
 */
export async function listAccounts(
    { arrival, progress }: ListingListener,
    terms: ListingOptions = {},
    over = new AbortController(),
): Promise<OrganizationListing> {
    setMaxListeners(0, over.signal); // as many as calls wait for their turn
    // What followers do is not part of the listing, and goes on when that has ended.
    const follower = { arrival: AsyncLocalStorage.bind(arrival), progress: AsyncLocalStorage.bind(progress) };
    try {
        return await withAbortSignal(over.signal, () => raceListings(follower, terms, over.signal));
    } finally {
        over.abort(new Error("the listing has ended"));
    }
}

async function raceListings(
    follower: ListingListener,
    terms: ListingOptions,
    over: AbortSignal,
): Promise<OrganizationListing> {
    const tree = new UnitTree();
    const roll = new AccountCollector(tree, follower, over);
    let askUnits = () => {};
    const wanted = new Promise<void>((resolve) => (askUnits = resolve));
    const units = tree.forEach(() => Promise.resolve(roll.emitPlaced()));
    const inAll = listInAll(roll, askUnits);
    const byUnit = wanted.then(() => listEachUnit(tree, roll, terms));
    // What fails here fails for whoever waits for it below, if anybody still does.
    for (const each of [units, inAll, byUnit]) each.catch(() => {});

    await Promise.race([inAll, byUnit.catch(() => inAll)]);
    const unitsUnknown = await reasonForUnknown(async () => {
        await units;
        if (roll.withoutParent() === 0) return;
        askUnits();
        await byUnit;
    });
    return unitsUnknown ? { ...roll.finishWithoutUnits(), unitsUnknown } : roll.finish();
}

async function reasonForUnknown(knowUnits: () => Promise<void>): Promise<AwsFailure | undefined> {
    try {
        await knowUnits();
        return undefined;
    } catch (error) {
        return diagnose(error, { accountId: "", action: "listing the organizational units" });
    }
}

async function listInAll(roll: AccountCollector, isSlow: () => void): Promise<void> {
    const pages = paginateListAccounts({ client: organizations("ListAccounts") }, {});
    let asked = performance.now();
    for await (const { members, isLast } of wholeListing(pages, "Accounts", "Id")) {
        const slow = performance.now() - asked > timeouts.slowPage;
        roll.page(members, unitInPath);
        if (!isLast && slow) isSlow();
        asked = performance.now();
    }
}

/** Fulfilled once every unit has told its accounts. Those that are known from an account's path begin before the tree gets there. */
async function listEachUnit(
    tree: UnitTree,
    roll: AccountCollector,
    { walkTwice }: ListingOptions,
): Promise<void> {
    const lists = new Map<string, Promise<void>>();
    const list = (unitId: string) => {
        const begun = lists.get(unitId) ?? listUnit(unitId, roll);
        lists.set(unitId, begun);
        return begun;
    };
    for (const unitId of roll.unitsMentioned()) list(unitId).catch(() => {});
    await tree.forEach(({ id }) => list(id));
    // An account may have moved from a unit that had not answered yet to one that had.
    if (walkTwice) await new UnitTree().forEach(({ id }) => listUnit(id, roll));
    const unseen = [...roll.unitsMentioned()].find((id) => !tree.units.has(id));
    if (unseen !== undefined) throw new IncompleteAnswer(`the unit ${unseen}, in which an account stands`);
}

async function listUnit(unitId: string, roll: AccountCollector): Promise<void> {
    const client = organizations("ListAccountsForParent");
    const pages = paginateListAccountsForParent({ client }, { ParentId: unitId });
    for await (const { members } of wholeListing(pages, "Accounts", "Id")) roll.page(members, () => unitId);
}

/** The accounts seen so far, whichever way, and who has been told of them. */
class AccountCollector {
    readonly #accounts = new Map<string, ListedAccount>();
    readonly #parents = new Map<string, string>();
    /** Ids of those that nobody has been told of. */
    readonly #waiting = new Set<string>();

    constructor(
        private readonly tree: UnitTree,
        private readonly follower: ListingListener,
        private readonly over: AbortSignal,
    ) {}

    page(accounts: [string, Account][], unitOf: (account: Account) => string | undefined): void {
        if (this.over.aborted) return; // a page of the way that was too slow, or nobody waits for any more
        for (const [, account] of accounts) {
            const listed = listedAccount(account);
            const unitId = unitOf(account);
            if (unitId !== undefined) this.#parents.set(listed.id, unitId);
            if (!this.#accounts.has(listed.id)) this.#waiting.add(listed.id);
            this.#accounts.set(listed.id, listed);
        }
        this.follower.progress(this.#accounts.size);
        this.emitPlaced();
    }

    /** Tells of those whose place is known by now. */
    emitPlaced(): void {
        this.#tellOf([...this.#waiting].filter((id) => this.tree.units.has(this.#parents.get(id) ?? "")));
    }

    /** Ids of the units that accounts seen so far stand in. */
    unitsMentioned(): Set<string> {
        return new Set(this.#parents.values());
    }

    /** How many accounts AWS has listed without a path. */
    withoutParent(): number {
        return this.#accounts.size - this.#parents.size;
    }

    /** Everybody, in the order of their ids; those without a place are told of now. */
    finish(): OrganizationListing {
        this.#tellOf([...this.#waiting]);
        const ids = [...this.#accounts.keys()].sort();
        const units = [...this.tree.units.values()].map(({ id, path }) => ({ id, path }));
        return { accounts: ids.flatMap((id) => this.#placed(id)), units };
    }

    finishWithoutUnits(): OrganizationListing {
        const { accounts } = this.finish();
        return { accounts: accounts.map((account) => ({ ...account, ...UNKNOWN_PLACE })), units: [] };
    }

    #tellOf(ids: string[]): void {
        if (this.over.aborted) return;
        for (const id of ids) this.#waiting.delete(id);
        if (ids.length > 0) this.follower.arrival(ids.flatMap((id) => this.#placed(id)));
    }

    #placed(id: string): PlacedAccount[] {
        const account = this.#accounts.get(id);
        const unit = this.tree.units.get(this.#parents.get(id) ?? "");
        const place = unit ? { organizationalUnit: unit.path, within: unit.idsFromRoot } : UNKNOWN_PLACE;
        return account ? [{ ...account, ...place }] : [];
    }
}

/** Not known: units and accounts are listed at different moments, and somebody may be moving them. */
const UNKNOWN_PLACE: Place = { organizationalUnit: "", within: [] };

/** `Status` was announced to retire in favour of `State`; an account with neither cannot be judged. */
export function listedAccount(account: Account): ListedAccount {
    const id = required(account.Id, "Account.Id");
    const state = required(account.State ?? account.Status, `the state of account ${id}`);
    return {
        id,
        name: printable(account.Name ?? id),
        state: printable(state),
        ...(account.JoinedMethod && { joinedMethod: account.JoinedMethod }),
        ...(account.JoinedTimestamp && { joined: account.JoinedTimestamp }),
    };
}

/** The last root or unit named in the account's path: `o-.../r-.../ou-.../ou-.../111122223333/`. */
function unitInPath({ Paths: paths = [] }: Account): string | undefined {
    return paths[0]?.split("/").findLast((part) => /^(ou|r)-/.test(part));
}
