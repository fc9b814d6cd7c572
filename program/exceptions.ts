/**
 * Accounts that are open for a while (break-glass): which, until when, and why.
 *
 * The resource itself stops declaring an exception once it has ended; this says so where people read it.
 */
import type { DesiredLoginProfile } from "pulumi-aws-root-credentials";
import { describeEnd, endsSoon, TemporaryEntries } from "./temporary-entries";
import { warn } from "./log";
import type { Scope } from "./selection";
import { hasEnded, type TemporaryEntry } from "./settings/temporary-entry";

export class Exceptions {
    private readonly entries: TemporaryEntries;

    /** Ends the program where an exception that has not ended is of an account that is not in the organization, or not in scope. */
    constructor(
        exceptions: TemporaryEntry[],
        private readonly scope: Scope,
    ) {
        this.entries = new TemporaryEntries(
            "exceptions",
            exceptions,
            scope,
            "nothing is opened or closed in another",
        );
    }

    /** The arguments of one account beside the terms of all accounts. */
    of(accountId: string): { loginProfile?: DesiredLoginProfile; until?: string; reason?: string } {
        const exception = this.entries.openEntryOf(accountId);
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
        for (const exception of this.entries.inOrderOfEnd()) {
            if (hasEnded(exception)) warn(this.ended(exception));
            else if (endsSoon(exception) || this.entries.reasonToSkip(exception)) warn(this.open(exception));
        }
    }

    private open(exception: TemporaryEntry): string {
        const skipped = this.entries.reasonToSkip(exception);
        const then = endsSoon(exception) ? "; what was set up since is removed after that" : "";
        const note =
            skipped === undefined ? then : `; nothing is done there, since it is skipped (${skipped})`;
        return `open exception: ${this.entries.idAndName(exception)} ${describeEnd(exception)}${note}`;
    }

    private ended(exception: TemporaryEntry): string {
        const rule = this.entries.isActive(exception)
            ? "the account is to hold no root credentials again"
            : this.entries.exclusionOf(exception)
              ? "the account is out of scope"
              : "the account is not an active member any more";
        return (
            `ended exception: ${this.entries.idAndName(exception)} since ${exception.until} (${exception.reason}): ${rule}. ` +
            "Take it out of the setting exceptions."
        );
    }
}
