/**
 * The organization's accounts, listed by the provider's process during the refresh.
 *
 * Because of AWS's rate limits, a list of ten thousand accounts takes a minute. The program needs the list and starts after
 * the refresh. So the provider's process lists the accounts of a large stack in the meantime, and the program takes its
 * list. docs/decisions/0015-listing-during-the-refresh.md
 */
import { memberAccounts, type MemberAccount, type MemberAccounts } from "../organization/member-accounts";
import type { Caller } from "../organization/preflight";
import { oncePerRun } from "../process/once-per-run";
import { timeouts } from "../process/timeouts";
import { accountsOfRun } from "./accounts";
import { isProviderProcess } from "./engine";
import { Registry, storeOfRun } from "./store";

/** From this number of reads on, the stack is large. The list of a smaller stack has few pages, so the program makes it. */
const LARGE = 100;

/** Between two checks of the program for the list. Milliseconds. */
const PAUSE = 50;

/** After this time without a new page, the program makes its own list. Milliseconds. */
const SILENCE = 60_000;

/** The name of the list's file beside the journal. */
const ACCOUNTS = "accounts";

/** The progress of the list. */
export interface ListingState {
    /** The id of the process that makes the list. */
    by: number;
    listed?: number;
    /** The outcome, once the listing has ended. */
    ended?: "whole" | "failed";
}

/** A list, and the caller that AWS has returned it to. */
export interface SharedList {
    organizationId: string;
    callerAccountId: string;
    accounts: MemberAccounts;
}

type ListingEvent = { is: "listing" } & ListingState;

export class ListingRegistry extends Registry<ListingEvent> {
    #state: ListingState | undefined;

    protected override apply(event: ListingEvent): void {
        // A page may be answered after the end.
        if (event.is === "listing" && !this.#state?.ended) this.#state = event;
    }

    report(state: ListingState): void {
        this.append({ is: "listing", ...state });
    }

    state(): ListingState | undefined {
        return this.catchUp().#state;
    }

    give(by: number, list: SharedList): void {
        this.store.attach(ACCOUNTS, list);
        this.report({ by, ended: "whole" });
    }

    /** Call this once, after the list is complete. */
    take(): SharedList {
        return this.store.take(ACCOUNTS) as SharedList;
    }
}

export const listingOfRun = oncePerRun(() => new ListingRegistry(storeOfRun()));

const counter = oncePerRun(() => ({ reads: 0 }));

/** Counts a read by this caller, and starts the listing of a large stack. Never throws, because the list only saves time. */
export function listDuringRefresh(caller: Caller): void {
    if (!isProviderProcess() || ++counter().reads !== LARGE) return;
    void listForTheProgram(caller);
}

async function listForTheProgram({ organizationId, accountId: callerAccountId }: Caller): Promise<void> {
    const by = process.pid;
    try {
        const listing = listingOfRun();
        if (listing.state()) return; // another process of the run makes the list
        listing.report({ by, listed: 0 });
        const accounts = await memberAccounts({ progress: (listed) => listing.report({ by, listed }) });
        listing.give(by, { organizationId, callerAccountId, accounts });
    } catch {
        // The program then makes its own list and reports the error.
        attempt(() => listingOfRun().report({ by, ended: "failed" }));
    }
}

/**
 * The list that the provider's process makes, or a new one.
 *
 * @param progress called with the number of accounts that have been listed so far
 */
export async function memberAccountsOfThisRun(
    caller: Caller,
    progress: (listed: number) => void = () => {},
): Promise<MemberAccounts> {
    await storeOfRun().isReady;
    const accounts = (await waitForList(caller, progress)) ?? (await memberAccounts({ progress }));
    return withoutGone(accounts);
}

/** Undefined if no process makes a list, or its list cannot be used. */
async function waitForList(
    caller: Caller,
    progress: (listed: number) => void,
): Promise<MemberAccounts | undefined> {
    let last = { listed: -1, at: Date.now() };
    for (;;) {
        const state = listingOfRun().state();
        if (!state || state.ended === "failed" || !isAlive(state.by)) return undefined;
        if (state.ended === "whole") break;
        const { listed = 0 } = state;
        if (listed !== last.listed) last = { listed, at: Date.now() };
        else if (Date.now() - last.at > SILENCE) return undefined;
        progress(listed);
        await timeouts.pause(PAUSE);
    }
    return attempt(() => takeIfSameCaller(caller));
}

function takeIfSameCaller({ organizationId, accountId }: Caller): MemberAccounts | undefined {
    const list = listingOfRun().take();
    const isSame = list.organizationId === organizationId && list.callerAccountId === accountId;
    return organizationId !== "" && isSame ? withTimes(list.accounts) : undefined;
}

/** An account that the refresh has found gone is gone, even if the list is older. */
function withoutGone({ active, skipped, ...rest }: MemberAccounts): MemberAccounts {
    const gone = active.filter(({ id }) => accountsOfRun().isGone(id));
    if (gone.length === 0) return { active, skipped, ...rest };
    return {
        ...rest,
        active: active.filter((account) => !gone.includes(account)),
        skipped: [...skipped, ...gone.map((account) => ({ ...account, reason: "gone since it was listed" }))],
    };
}

/** JSON has no dates, so the joining times come back as texts. */
function withTimes({ active, skipped, ...rest }: MemberAccounts): MemberAccounts {
    return { ...rest, active: active.map(withTime), skipped: skipped.map(withTime) };
}

function withTime<Account extends MemberAccount>(account: Account): Account {
    return account.joined ? { ...account, joined: new Date(account.joined) } : account;
}

function attempt<T>(work: () => T): T | undefined {
    try {
        return work();
    } catch {
        return undefined;
    }
}

function isAlive(pid: number): boolean {
    try {
        return process.kill(pid, 0);
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
}
