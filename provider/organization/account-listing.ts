/**
 * Lists all accounts of the organization with their units, as fast as AWS's limits allow.
 *
 * `ListAccounts` returns pages of twenty accounts, one page after the other. At AWS's latency a page takes 0.75 s, although the
 * limit would allow eight pages a second. So if pages are slow, the accounts of all units are listed side by side as well.
 * The first complete listing is used, and the other one is dropped.
 * docs/decisions/0014-two-ways-to-list-accounts.md
 */
import {
    paginateListAccounts,
    paginateListAccountsForParent,
    type Account,
} from "@aws-sdk/client-organizations";
import { AsyncLocalStorage } from "node:async_hooks";
import { setMaxListeners } from "node:events";
import { organizations } from "../aws/clients";
import { wholeListing } from "../aws/responses";
import { ImplausibleAnswer } from "../aws/errors/error-classes";
import { AccountCollector, type ListingListener, type OrganizationListing } from "./account-collector";
import { UnitTree } from "./organizational-units";
import { timeouts } from "../process/timeouts";
import { withAbortSignal } from "../process/deadline";
import { diagnose, type AwsFailure } from "../aws/errors/diagnose";

export interface ListingOptions {
    /**
     * Lists the accounts of all units a second time, so that an account that moves during the listing is not missed. An audit needs
     * this, because it has no stack that knows the accounts.
     */
    walkTwice?: boolean;
}

/**
 * Rejects if the list of accounts is incomplete. A failure with the units only makes the units unknown.
 *
 * @param stop ends the listing early; it is also aborted when the listing ends, and then the listener is not called any more
 */
export async function listAccounts(
    { arrival, progress }: ListingListener,
    options: ListingOptions = {},
    stop = new AbortController(),
): Promise<OrganizationListing> {
    setMaxListeners(0, stop.signal); // One for each queued call.
    // The listener's own calls are not part of the listing, and must not end with it.
    const listener = { arrival: AsyncLocalStorage.bind(arrival), progress: AsyncLocalStorage.bind(progress) };
    try {
        return await withAbortSignal(stop.signal, () => raceListings(listener, options, stop.signal));
    } finally {
        stop.abort(new Error("the listing has ended"));
    }
}

async function raceListings(
    listener: ListingListener,
    options: ListingOptions,
    stopped: AbortSignal,
): Promise<OrganizationListing> {
    const tree = new UnitTree();
    const collector = new AccountCollector(tree, listener, stopped);
    let startByUnit = () => {};
    const wanted = new Promise<void>((resolve) => (startByUnit = resolve));
    const units = tree.forEach(() => Promise.resolve(collector.emitPlaced()));
    const inPages = listInPages(collector, startByUnit);
    const byUnit = wanted.then(() => listByUnit(tree, collector, options));
    // A failure counts only if the result is awaited below.
    for (const each of [units, inPages, byUnit]) each.catch(() => {});

    await Promise.race([inPages, byUnit.catch(() => inPages)]);
    const unitsUnknown = await failureOf(async () => {
        await units;
        if (collector.withoutParent() === 0) return;
        startByUnit();
        await byUnit;
    });
    return unitsUnknown ? { ...collector.finishWithoutUnits(), unitsUnknown } : collector.finish();
}

async function failureOf(findUnits: () => Promise<void>): Promise<AwsFailure | undefined> {
    try {
        await findUnits();
        return undefined;
    } catch (error) {
        return diagnose(error, { accountId: "", action: "listing the organizational units" });
    }
}

async function listInPages(collector: AccountCollector, onSlowPage: () => void): Promise<void> {
    const pages = paginateListAccounts({ client: organizations("ListAccounts") }, {});
    let askedAt = performance.now();
    for await (const { members, isLast } of wholeListing(pages, "Accounts", "Id")) {
        const isSlow = performance.now() - askedAt > timeouts.slowPage;
        collector.addPage(members, parentInPath);
        if (!isLast && isSlow) onSlowPage();
        askedAt = performance.now();
    }
}

/** Starts with the units that are known from accounts' paths, before the walk through the tree reaches them. */
async function listByUnit(
    tree: UnitTree,
    collector: AccountCollector,
    { walkTwice }: ListingOptions,
): Promise<void> {
    const lists = new Map<string, Promise<void>>();
    const list = (unitId: string) => {
        const started = lists.get(unitId) ?? listUnit(unitId, collector);
        lists.set(unitId, started);
        return started;
    };
    for (const unitId of collector.parentIds()) list(unitId).catch(() => {});
    await tree.forEach(({ id }) => list(id));
    // An account may have moved from a unit that was not listed yet to one that was.
    if (walkTwice) await new UnitTree().forEach(({ id }) => listUnit(id, collector));
    const unseen = [...collector.parentIds()].find((id) => !tree.units.has(id));
    if (unseen !== undefined)
        throw new ImplausibleAnswer(`an account is in the unit ${unseen}, which AWS does not list`);
}

async function listUnit(unitId: string, collector: AccountCollector): Promise<void> {
    const client = organizations("ListAccountsForParent");
    const pages = paginateListAccountsForParent({ client }, { ParentId: unitId });
    for await (const { members } of wholeListing(pages, "Accounts", "Id"))
        collector.addPage(members, () => unitId);
}

/** The last root or unit in the account's path: `o-.../r-.../ou-.../ou-.../111122223333/`. */
function parentInPath({ Paths: paths = [] }: Account): string | undefined {
    return paths[0]?.split("/").findLast((part) => /^(ou|r)-/.test(part));
}
