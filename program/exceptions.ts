/**
 * Accounts that are open for a while (break-glass): which, until when, and why.
 *
 * The resource itself stops declaring an exception once it has ended; this says so where people read it.
 */
import * as pulumi from "@pulumi/pulumi";
import type { DesiredLoginProfile } from "pulumi-aws-root-credentials";
import { info, warn } from "./log";
import type { ExcludedAccount, Scope } from "./selection";
import type { Exception } from "./settings";

const DAY = 24 * 60 * 60 * 1000;

/** An exception that ends within so many days is warned about. */
const SOON = 7;

export class Exceptions {
    private readonly byAccount: Map<string, Exception>;

    /** Ends the program where an exception that has not ended is of an account that is not in the organization, or not in scope. */
    constructor(
        exceptions: Exception[],
        private readonly scope: Scope,
    ) {
        this.byAccount = new Map(exceptions.map((exception) => [exception.account, exception]));
        const wrong = exceptions.filter(isOpen).flatMap((each) => this.outOfReach(each) ?? []);
        if (wrong.length > 0) throw new pulumi.RunError(wrong.join("\n"));
    }

    /** What is declared of an account beside the terms that hold for all. */
    of(accountId: string): { loginProfile?: DesiredLoginProfile; until?: string; reason?: string } {
        const exception = this.byAccount.get(accountId);
        if (!exception || !isOpen(exception)) return {};
        const { until, reason } = exception;
        return { loginProfile: "present", until, reason };
    }

    /** The accounts whose exception is open. */
    openAccounts(): string[] {
        return this.scope.active.flatMap(({ id }) => (this.of(id).loginProfile ? [id] : []));
    }

    /** Lists all that are open, warns of those that end soon, and tells which have ended. For previews. */
    report(): void {
        const listed = [...this.byAccount.values()].sort((a, b) => Date.parse(a.until) - Date.parse(b.until));
        for (const exception of listed) {
            if (!isOpen(exception)) warn(this.ended(exception));
            else if (daysLeft(exception) < SOON) warn(this.open(exception));
            else info(this.open(exception));
        }
    }

    private open(exception: Exception): string {
        const { until, reason } = exception;
        const skipped = this.scope.skipped.find(({ id }) => id === exception.account);
        const then = daysLeft(exception) < SOON ? "; what was set up since is removed after that" : "";
        const note = skipped ? `; nothing is done there, since it is skipped (${skipped.reason})` : then;
        return `open exception: ${this.called(exception)} until ${until} (${timeLeft(exception)} left): ${reason}${note}`;
    }

    private ended(exception: Exception): string {
        const rule = this.active(exception)
            ? "the account is to hold no root credentials again"
            : this.excluded(exception)
              ? "the account is out of scope"
              : "the account is not an active member any more";
        return (
            `ended exception: ${this.called(exception)} since ${exception.until} (${exception.reason}): ${rule}. ` +
            "Take it out of the setting exceptions."
        );
    }

    private called(exception: Exception): string {
        const name = this.nameOf(exception);
        return name === undefined ? exception.account : `${exception.account} ${name}`;
    }

    private active({ account }: Exception): boolean {
        return this.scope.active.some(({ id }) => id === account);
    }

    private excluded({ account }: Exception): ExcludedAccount | undefined {
        return this.scope.excluded.find(({ id }) => id === account);
    }

    /** Why an exception could not be kept to. */
    private outOfReach(exception: Exception): string | undefined {
        const excluded = this.excluded(exception);
        if (excluded) return notInScope(exception, excluded);
        return this.nameOf(exception) === undefined ? notInOrganization(exception) : undefined;
    }

    private nameOf({ account }: Exception): string | undefined {
        const { active, excluded, skipped } = this.scope;
        return [...active, ...excluded, ...skipped].find(({ id }) => id === account)?.name;
    }
}

function isOpen({ until }: Exception): boolean {
    return Date.parse(until) > Date.now();
}

function daysLeft({ until }: Exception): number {
    return (Date.parse(until) - Date.now()) / DAY;
}

function timeLeft(exception: Exception): string {
    const days = daysLeft(exception);
    const minutes = days * 24 * 60;
    if (minutes < 1) return "less than a minute";
    const [amount, unit] =
        days >= 2 ? [days, "day"] : minutes >= 60 ? [minutes / 60, "hour"] : [minutes, "minute"];
    return `${Math.floor(amount)} ${unit}${Math.floor(amount) === 1 ? "" : "s"}`;
}

function notInScope({ account, until }: Exception, { name, rule }: ExcludedAccount): string {
    return (
        `the setting exceptions holds account ${account} ${name} (until ${until}), which this stack does not declare: ${rule}. ` +
        "Expected an account in scope, since nothing is opened or closed in another. Nothing was changed; see pulumi config"
    );
}

function notInOrganization({ account, until }: Exception): string {
    return (
        `the setting exceptions holds account ${account} (until ${until}), which organizations:ListAccounts does not list: ` +
        "expected an account of this organization. Nothing was changed; see pulumi config"
    );
}
