/** The accounts of this run: which ones were inspected, which ones the program still declares, and which ones are gone. */
import { COMPARED_SETTINGS, type ComparedSettings, type OnDelete } from "../credentials/settings";
import { oncePerRun } from "../process/once-per-run";
import { Registry, storeOfRun } from "./store";

type AccountEvent =
    | ({ is: "read"; accountId: string } & InspectedAccount)
    | ({ is: "gone"; accountId: string; refreshed: boolean } & GoneAccount)
    | { is: "declared"; accountId: string; onDelete?: OnDelete; maxRemovals?: number }
    | { is: "organization"; organizationId: string };

/** The result of inspecting an account, and the settings that the last `up` declared for it. */
export interface InspectedAccount extends ComparedSettings {
    /** The effect of a delete on the account. */
    onDelete: OnDelete;
    /** AWS has confirmed it as an active member. */
    confirmed: boolean;
    /** All kinds were inspected, and no credential was found. */
    clean: boolean;
    /** The account's name and unit, as the stack stores them. */
    accountName?: string;
    organizationalUnit?: string;
}

/** An account that is no active member any more. */
export interface GoneAccount {
    /** Follows the account's id in a message: `is suspended`. */
    because?: string;
    accountName?: string;
    organizationalUnit?: string;
    /** An earlier run has kept it in the state, because too many accounts were gone at once. */
    keptBefore?: boolean;
    maxRemovals?: number;
}

export class AccountRegistry extends Registry<AccountEvent> {
    readonly #inspected = new Map<string, InspectedAccount>();
    readonly #gone = new Map<string, GoneAccount>();
    /** The effect of a delete on the account, if the program has declared it. */
    readonly #declared = new Map<string, OnDelete | undefined>();
    readonly #organizations = new Set<string>();
    #maxRemovals: number | undefined;

    protected override apply(event: AccountEvent): void {
        switch (event.is) {
            case "read":
                this.#inspected.set(event.accountId, event);
                this.#gone.delete(event.accountId);
                break;
            case "gone":
                this.#inspected.delete(event.accountId);
                if (event.refreshed) this.#gone.set(event.accountId, event);
                break;
            case "declared":
                this.#declared.set(event.accountId, event.onDelete ?? this.#declared.get(event.accountId));
                if (event.maxRemovals !== undefined)
                    this.#maxRemovals = Math.max(event.maxRemovals, this.#maxRemovals ?? 0);
                break;
            case "organization":
                this.#organizations.add(event.organizationId);
                break;
        }
    }

    addInspected(accountId: string, account: InspectedAccount): void {
        this.append({ is: "read", accountId, ...account });
    }

    isInspected(accountId: string): boolean {
        return this.catchUp().#inspected.has(accountId);
    }

    isAnyInspected(): boolean {
        return this.catchUp().#inspected.size > 0;
    }

    /** Accounts that this run has inspected and not found gone. */
    inspected(): ({ id: string } & InspectedAccount)[] {
        return [...this.catchUp().#inspected].map(([id, account]) => ({ ...account, id }));
    }

    inspectedAccount(accountId: string): InspectedAccount | undefined {
        return this.catchUp().#inspected.get(accountId);
    }

    /** This run has found the account clean, and the program declares it as before. So no work is left. */
    needsNoChange(accountId: string, settings: ComparedSettings): boolean {
        const account = this.inspectedAccount(accountId);
        if (!account?.clean || settings.until !== undefined) return false;
        return COMPARED_SETTINGS.every((setting) => account[setting] === settings[setting]);
    }

    /** Accounts that AWS has confirmed as active members in this run. */
    confirmedMembers(): string[] {
        return this.inspected().flatMap(({ id, confirmed }) => (confirmed ? [id] : []));
    }

    /**
     * The account is no active member any more. It cannot be restored, so it does not count as removed from the program.
     *
     * @param refreshed Pulumi's refresh has found it so, and not only the list of accounts
     */
    addGone(
        accountId: string,
        { refreshed = false, ...account }: { refreshed?: boolean } & GoneAccount = {},
    ): void {
        this.append({ is: "gone", accountId, refreshed, ...account });
    }

    /** Accounts of the stack that the refresh has found gone. */
    gone(): ({ id: string } & GoneAccount)[] {
        return [...this.catchUp().#gone].map(([id, account]) => ({ ...account, id }));
    }

    isGone(accountId: string): boolean {
        return this.catchUp().#gone.has(accountId);
    }

    addDeclared(accountId: string, settings: { onDelete?: OnDelete; maxRemovals?: number } = {}): void {
        this.append({ is: "declared", accountId, ...settings });
    }

    isDeclared(accountId: string): boolean {
        return this.catchUp().#declared.has(accountId);
    }

    declaredCount(): number {
        return this.catchUp().#declared.size;
    }

    /** This run gives another `onDelete` to an account that had this one. So the setting itself changes. */
    changesFrom(onDelete: OnDelete): boolean {
        return [...this.catchUp().#inspected].some(([id, before]) => {
            const now = this.#declared.get(id);
            return before.onDelete === onDelete && now !== undefined && now !== onDelete;
        });
    }

    /** Accounts that would be restored, because the program no longer declares them. */
    removedFromProgram(): string[] {
        return [...this.catchUp().#inspected].flatMap(([id, { onDelete }]) =>
            onDelete === "retain" || this.#declared.has(id) ? [] : [id],
        );
    }

    /** The largest value that the program has declared in this run. */
    declaredMaxRemovals(): number | undefined {
        return this.catchUp().#maxRemovals;
    }

    /** How many accounts may have their recovery allowed in this run because they left the program. */
    maxRemovals(): number {
        const inspected = this.catchUp().#inspected.size;
        return this.#maxRemovals ?? Math.min(50, Math.max(5, Math.ceil(inspected / 10)));
    }

    /** The stack has accounts of this organization. It may be another one than the caller's. */
    addOrganization(organizationId: string): void {
        if (!this.catchUp().#organizations.has(organizationId))
            this.append({ is: "organization", organizationId });
    }

    /** The organizations of the stack's accounts, as the refresh has found them in the state. */
    organizations(): string[] {
        return [...this.catchUp().#organizations];
    }
}

export const accountsOfRun = oncePerRun(() => new AccountRegistry(storeOfRun()));
