/** Checks, order and end of the entries of `exceptions` and `acknowledged`. */
import * as pulumi from "@pulumi/pulumi";
import { findAccount, reasonToSkip, type ExcludedAccount, type Scope } from "./selection";
import { hasEnded, type TemporaryEntry } from "./settings/temporary-entry";
import { count } from "./words";

const DAY = 24 * 60 * 60 * 1000;

/** Previews warn this many days before an entry ends. */
const SOON = 7;

export class TemporaryEntries {
    private readonly byAccount: Map<string, TemporaryEntry>;

    /** @param reason why an account out of scope is a mistake, as a clause */
    constructor(
        private readonly setting: "exceptions" | "acknowledged",
        entries: TemporaryEntry[],
        private readonly scope: Scope,
        private readonly reason: string,
    ) {
        this.byAccount = new Map(entries.map((entry) => [entry.account, entry]));
        const wrong = entries
            .filter((entry) => !hasEnded(entry))
            .flatMap((each) => this.problemWith(each) ?? []);
        if (wrong.length > 0) throw new pulumi.RunError(wrong.join("\n"));
    }

    openEntryOf(accountId: string): TemporaryEntry | undefined {
        const entry = this.byAccount.get(accountId);
        return entry && !hasEnded(entry) ? entry : undefined;
    }

    inOrderOfEnd(): TemporaryEntry[] {
        return [...this.byAccount.values()].sort((a, b) => Date.parse(a.until) - Date.parse(b.until));
    }

    idAndName(entry: TemporaryEntry): string {
        const name = findAccount(this.scope, entry.account)?.name;
        return name === undefined ? entry.account : `${entry.account} ${name}`;
    }

    isActive({ account }: TemporaryEntry): boolean {
        return this.scope.active.some(({ id }) => id === account);
    }

    exclusionOf({ account }: TemporaryEntry): ExcludedAccount | undefined {
        return this.scope.excluded.find(({ id }) => id === account);
    }

    reasonToSkip({ account }: TemporaryEntry): string | undefined {
        return reasonToSkip(this.scope, account);
    }

    private problemWith(entry: TemporaryEntry): string | undefined {
        const { account, until } = entry;
        const excluded = this.exclusionOf(entry);
        if (excluded)
            return (
                `the setting ${this.setting} names account ${account} ${excluded.name} (until ${until}), which this stack does not declare: ${excluded.rule}. ` +
                `Expected an account in scope, because ${this.reason}. Nothing was changed; see pulumi config`
            );
        if (findAccount(this.scope, entry.account)?.name !== undefined) return undefined;
        return (
            `the setting ${this.setting} names account ${account} (until ${until}), which organizations:ListAccounts does not list: ` +
            "expected an account of this organization. Nothing was changed; see pulumi config"
        );
    }
}

export function endsSoon(entry: TemporaryEntry): boolean {
    return daysLeft(entry) < SOON;
}

/** `until 2026-12-01T18:00:00Z (6 days left): TICKET-4711`. */
export function describeEnd(entry: TemporaryEntry): string {
    return `until ${entry.until} (${timeLeft(entry)} left): ${entry.reason}`;
}

function daysLeft({ until }: TemporaryEntry): number {
    return (Date.parse(until) - Date.now()) / DAY;
}

function timeLeft(entry: TemporaryEntry): string {
    const days = daysLeft(entry);
    const minutes = days * 24 * 60;
    if (minutes < 1) return "less than a minute";
    const [amount, unit] =
        days >= 2 ? [days, "day"] : minutes >= 60 ? [minutes / 60, "hour"] : [minutes, "minute"];
    return count(Math.floor(amount), unit);
}
