/**
 * The organization's accounts, listed while a refresh still looks into those of the stack.
 *
 * AWS's rates let nobody list ten thousand accounts in less than a minute, and the program, which needs the list, starts only
 * after the refresh. So the provider's process begins when it sees that the stack is large, and the program, in a process of
 * its own, waits for that list in place of making another. docs/decisions/0015-listing-during-the-refresh.md
 */
import { isProviderProcess } from "./engine";
import { oncePerRun } from "../process/once-per-run";
import {
    memberAccounts,
    type AccountListener,
    type MemberAccount,
    type MemberAccounts,
} from "../organization/member-accounts";
import { timeouts } from "../process/timeouts";
import type { Caller } from "../organization/preflight";
import { thisRun } from "./this-run";

/** Reads after which the stack counts as large. Below, the few pages are not worth a second process. */
const LARGE = 100;

/** How often the program asks whether the list is there; and how long it waits for a sign of its coming. Milliseconds. */
const ASKED_EVERY = 50;
const SILENCE = 60_000;

const counter = oncePerRun(() => ({ reads: 0 }));

/** An account is being read, by this caller. Never throws: nothing but time depends on it. */
export function listMeanwhile(caller: Caller): void {
    if (!isProviderProcess() || ++counter().reads !== LARGE) return;
    void listForTheProgram(caller);
}

async function listForTheProgram({ organizationId, accountId }: Caller): Promise<void> {
    const by = process.pid;
    const caller = { organizationId, callerAccountId: accountId };
    try {
        if (thisRun.listing()) return; // another process of the run is at it
        thisRun.isListing({ by, listed: 0 });
        const accounts = await memberAccounts({
            progress: (listed) => thisRun.isListing({ by, listed }),
            arrival: (active) => thisRun.haveArrived({ ...caller, accounts: active }),
        });
        thisRun.hasListed({ by, ...caller, accounts });
    } catch {
        // Whoever needs the list asks for it again, and tells what is wrong. If not even this can be told, they wait no longer than for SILENCE.
        attempt(() => thisRun.isListing({ by, ended: "failed" }));
    }
}

/** The list that this run has begun already, or one of its own. */
export async function memberAccountsOfThisRun(
    caller: Caller,
    { progress, arrival = () => {} }: AccountListener,
): Promise<MemberAccounts> {
    await thisRun.isReady();
    const follower = { ...(progress && { progress }), arrival: oncePerAccount(arrival) };
    const accounts = (await listedMeanwhile(caller, follower)) ?? (await memberAccounts(follower));
    return withoutGone(accounts);
}

/** A listing that came to nothing may have shown accounts before that, which the next one shows again. */
function oncePerAccount(arrival: (active: MemberAccount[]) => void): (active: MemberAccount[]) => void {
    const told = new Set<string>();
    return (active) => {
        const fresh = active.filter(({ id }) => !told.has(id));
        for (const { id } of fresh) told.add(id);
        if (fresh.length > 0) arrival(fresh);
    };
}

/** Undefined where nobody has begun, or nothing came of it. */
async function listedMeanwhile(
    caller: Caller,
    { progress = () => {}, arrival = () => {} }: AccountListener,
): Promise<MemberAccounts | undefined> {
    let heard = { listed: -1, at: Date.now() };
    for (;;) {
        const begun = thisRun.listing();
        if (!begun || begun.ended === "failed" || !isAlive(begun.by)) return undefined;
        arrival(arrivedMeanwhile(caller));
        if (begun.ended === "whole") break;
        const { listed = 0 } = begun;
        if (listed !== heard.listed) heard = { listed, at: Date.now() };
        else if (Date.now() - heard.at > SILENCE) return undefined;
        progress(listed);
        await timeouts.pause(ASKED_EVERY);
    }
    const accounts = attempt(() => ofSameCaller(caller));
    if (accounts) {
        progress(accounts.active.length + accounts.skipped.length);
        arrival(accounts.active);
    }
    return accounts;
}

function arrivedMeanwhile(caller: Caller): MemberAccount[] {
    return thisRun
        .takeArrived()
        .flatMap((listed) => (isOf(caller, listed) ? listed.accounts.map(withTime) : []));
}

function ofSameCaller(caller: Caller): MemberAccounts | undefined {
    const listed = thisRun.takeAccountsListed();
    return isOf(caller, listed) ? withTimes(listed.accounts) : undefined;
}

function isOf(
    { organizationId, accountId }: Caller,
    by: { organizationId: string; callerAccountId: string },
): boolean {
    return organizationId !== "" && by.organizationId === organizationId && by.callerAccountId === accountId;
}

/** What the refresh has seen of an account since it was listed counts more. */
function withoutGone({ active, skipped, ...rest }: MemberAccounts): MemberAccounts {
    const gone = active.filter(({ id }) => thisRun.hasFoundGone(id));
    if (gone.length === 0) return { active, skipped, ...rest };
    return {
        ...rest,
        active: active.filter((account) => !gone.includes(account)),
        skipped: [...skipped, ...gone.map((account) => ({ ...account, reason: "gone since it was listed" }))],
    };
}

/** JSON has no times. */
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
