/**
 * The organization's accounts, listed while a refresh still looks into those of the stack.
 *
 * AWS's rates let nobody list ten thousand accounts in less than a minute, and the program, which needs the list, starts only
 * after the refresh. So the provider's process begins when it sees that the stack is large, and the program, in a process of
 * its own, waits for that list in place of making another. docs/decisions/0015-listing-during-the-refresh.md
 */
import { isProviderProcess } from "./engine";
import { oncePerRun } from "./once-per-run";
import {
    memberAccounts,
    type ListingFollower,
    type MemberAccount,
    type MemberAccounts,
} from "./organization";
import { pace } from "./pace";
import type { Caller } from "./preflight";
import { thisRun } from "./this-run";

/** Reads after which the stack counts as large. Below, the few pages are not worth a second process. */
const LARGE = 100;

/** How often the program asks whether the list is there, in milliseconds. */
const ASKED_EVERY = 50;

const counter = oncePerRun(() => ({ reads: 0 }));

/** An account is being read, by this caller. */
export function listMeanwhile(caller: Caller): void {
    if (!isProviderProcess() || ++counter().reads !== LARGE || thisRun.listing()) return;
    const by = process.pid;
    const tell = (listed: number) => thisRun.isListing({ by, listed });
    tell(0);
    memberAccounts({ progress: tell }).then(
        (accounts) => thisRun.hasListed({ by, organizationId: caller.organizationId, accounts }),
        // Whoever needs the list asks for it again, and tells what is wrong.
        () => thisRun.isListing({ by, failed: true }),
    );
}

/** The list that this run has begun already, or one of its own. */
export async function memberAccountsOfThisRun(
    { organizationId }: Caller,
    follower: ListingFollower,
): Promise<MemberAccounts> {
    for (;;) {
        const begun = thisRun.listing();
        if (!begun || begun.failed || (!begun.whole && !isAlive(begun.by))) return memberAccounts(follower);
        if (begun.whole) {
            const listed = thisRun.accountsListed();
            if (listed.organizationId !== organizationId) return memberAccounts(follower);
            const accounts = withTimes(listed.accounts);
            follower.progress?.(accounts.active.length + accounts.skipped.length);
            follower.arrival?.(accounts.active);
            return accounts;
        }
        follower.progress?.(begun.listed ?? 0);
        await pace.pause(ASKED_EVERY);
    }
}

/** JSON has no times. */
function withTimes({ active, skipped, ...rest }: MemberAccounts): MemberAccounts {
    return { ...rest, active: active.map(withTime), skipped: skipped.map(withTime) };
}

function withTime<Account extends MemberAccount>(account: Account): Account {
    return account.joined ? { ...account, joined: new Date(account.joined) } : account;
}

function isAlive(pid: number): boolean {
    try {
        return process.kill(pid, 0);
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
}
