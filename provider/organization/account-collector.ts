/** Collects the accounts that the two ways of listing find, and reports each account once. */
import type { Account } from "@aws-sdk/client-organizations";
import type { AwsFailure } from "../aws/errors/diagnose";
import { listedAccount, type ListedAccount, type Place, type PlacedAccount } from "./listed-account";
import type { OrganizationalUnit, UnitTree } from "./organizational-units";

export interface OrganizationListing {
    /** Sorted by id. */
    accounts: PlacedAccount[];
    /** The root, whose path is empty, and all units below it. */
    units: OrganizationalUnit[];
    /** Why the units are unknown, if they are. */
    unitsUnknown?: AwsFailure;
}

export interface ListingListener {
    /** Called once for each account, as soon as its place is known. */
    arrival: (accounts: PlacedAccount[]) => void;
    /** Called after each page with the number of accounts listed so far. */
    progress: (listed: number) => void;
}

export class AccountCollector {
    readonly #accounts = new Map<string, ListedAccount>();
    /** The id of each account's parent, which is a unit or the root. */
    readonly #parents = new Map<string, string>();
    /** Ids of the accounts that `arrival` was not called for yet. */
    readonly #unreported = new Set<string>();

    /** @param stopped once it is aborted, the collector ignores further pages */
    constructor(
        private readonly tree: UnitTree,
        private readonly listener: ListingListener,
        private readonly stopped: AbortSignal,
    ) {}

    addPage(accounts: [string, Account][], parentOf: (account: Account) => string | undefined): void {
        if (this.stopped.aborted) return;
        for (const [, account] of accounts) {
            const listed = listedAccount(account);
            const parentId = parentOf(account);
            if (parentId !== undefined) this.#parents.set(listed.id, parentId);
            if (!this.#accounts.has(listed.id)) this.#unreported.add(listed.id);
            this.#accounts.set(listed.id, listed);
        }
        this.listener.progress(this.#accounts.size);
        this.emitPlaced();
    }

    /** Reports the accounts whose place is known by now. */
    emitPlaced(): void {
        this.#emit([...this.#unreported].filter((id) => this.tree.units.has(this.#parents.get(id) ?? "")));
    }

    parentIds(): Set<string> {
        return new Set(this.#parents.values());
    }

    /** The number of accounts that AWS has listed without a path. */
    withoutParent(): number {
        return this.#accounts.size - this.#parents.size;
    }

    /** Reports the accounts whose place is still unknown too. */
    finish(): OrganizationListing {
        this.#emit([...this.#unreported]);
        const ids = [...this.#accounts.keys()].sort();
        const units = [...this.tree.units.values()].map(({ id, path }) => ({ id, path }));
        return { accounts: ids.flatMap((id) => this.#placed(id)), units };
    }

    finishWithoutUnits(): OrganizationListing {
        const { accounts } = this.finish();
        return { accounts: accounts.map((account) => ({ ...account, ...UNKNOWN_PLACE })), units: [] };
    }

    #emit(ids: string[]): void {
        if (this.stopped.aborted) return;
        for (const id of ids) this.#unreported.delete(id);
        if (ids.length > 0) this.listener.arrival(ids.flatMap((id) => this.#placed(id)));
    }

    #placed(id: string): PlacedAccount[] {
        const account = this.#accounts.get(id);
        const unit = this.tree.units.get(this.#parents.get(id) ?? "");
        const place = unit ? { organizationalUnit: unit.path, within: unit.idsFromRoot } : UNKNOWN_PLACE;
        return account ? [{ ...account, ...place }] : [];
    }
}

/** A place may be unknown, because units and accounts are listed at different moments and may be moved in between. */
const UNKNOWN_PLACE: Place = { organizationalUnit: "", within: [] };
