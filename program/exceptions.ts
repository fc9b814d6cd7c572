/**
 * Accounts that are open for a while (break-glass): which, until when, and why.
 *
 * The resource itself stops declaring an exception once it has ended; this says so where people read it.
 */
import type { DesiredLoginProfile } from "pulumi-aws-root-credentials";
import { endsSoon, isOpen, ListedAccounts, untilWhen } from "./listed-accounts";
import { warn } from "./log";
import type { Scope } from "./selection";
import type { Exception } from "./settings";

export class Exceptions {
    private readonly listed: ListedAccounts;

    /** Ends the program where an exception that has not ended is of an account that is not in the organization, or not in scope. */
    constructor(
        exceptions: Exception[],
        private readonly scope: Scope,
    ) {
        this.listed = new ListedAccounts(
            "exceptions",
            exceptions,
            scope,
            "nothing is opened or closed in another",
        );
    }

    /** The arguments of one account beside the terms of all accounts. */
    of(accountId: string): { loginProfile?: DesiredLoginProfile; until?: string; reason?: string } {
        const exception = this.listed.openEntryOf(accountId);
        if (!exception) return {};
        const { until, reason } = exception;
        return { loginProfile: "present", until, reason };
    }

    /** The accounts whose exception is open. */
    openAccounts(): string[] {
        return this.scope.active.flatMap(({ id }) => (this.of(id).loginProfile ? [id] : []));
    }

    /** Warns of exceptions that have ended, that end soon, or that have no effect. For previews, whose tree lists all open ones. */
    report(): void {
        for (const exception of this.listed.inOrder()) {
            if (!isOpen(exception)) warn(this.ended(exception));
            else if (endsSoon(exception) || this.listed.reasonToSkip(exception)) warn(this.open(exception));
        }
    }

    private open(exception: Exception): string {
        const skipped = this.listed.reasonToSkip(exception);
        const then = endsSoon(exception) ? "; what was set up since is removed after that" : "";
        const note =
            skipped === undefined ? then : `; nothing is done there, since it is skipped (${skipped})`;
        return `open exception: ${this.listed.called(exception)} ${untilWhen(exception)}${note}`;
    }

    private ended(exception: Exception): string {
        const rule = this.listed.isActive(exception)
            ? "the account is to hold no root credentials again"
            : this.listed.excluded(exception)
              ? "the account is out of scope"
              : "the account is not an active member any more";
        return (
            `ended exception: ${this.listed.called(exception)} since ${exception.until} (${exception.reason}): ${rule}. ` +
            "Take it out of the setting exceptions."
        );
    }
}
