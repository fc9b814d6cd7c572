/**
 * Accounts that the setting `exceptions` opens until a time (break-glass).
 *
 * The resource itself closes an account when its exception ends. This module warns people about the end.
 */
import type { DesiredLoginProfile } from "pulumi-aws-root-credentials";
import { describeEnd, endsSoon, TemporaryEntries } from "./temporary-entries";
import { warn } from "./log";
import type { Scope } from "./selection";
import { hasEnded, type TemporaryEntry } from "./settings/temporary-entry";

export class Exceptions {
    private readonly entries: TemporaryEntries;

    /** Ends the program if an open exception names an account that is not in the organization or is out of scope. */
    constructor(
        exceptions: TemporaryEntry[],
        private readonly scope: Scope,
    ) {
        this.entries = new TemporaryEntries(
            "exceptions",
            exceptions,
            scope,
            "this stack opens no other account",
        );
    }

    /** The arguments of one account beside the shared ones. */
    of(accountId: string): { loginProfile?: DesiredLoginProfile; until?: string; reason?: string } {
        const exception = this.entries.openEntryOf(accountId);
        if (!exception) return {};
        const { until, reason } = exception;
        return { loginProfile: "present", until, reason };
    }

    openAccounts(): string[] {
        return this.scope.active.flatMap(({ id }) => (this.of(id).loginProfile ? [id] : []));
    }

    /** Warns of exceptions that have ended, end soon or have no effect. The tree of a preview lists all open ones. */
    report(): void {
        for (const exception of this.entries.inOrderOfEnd()) {
            if (hasEnded(exception)) warn(this.ended(exception));
            else if (endsSoon(exception) || this.entries.reasonToSkip(exception)) warn(this.open(exception));
        }
    }

    private open(exception: TemporaryEntry): string {
        const skipped = this.entries.reasonToSkip(exception);
        const then = endsSoon(exception) ? "; after that, credentials created since are removed" : "";
        const note =
            skipped === undefined ? then : `; it has no effect, because the account is skipped (${skipped})`;
        return `open exception: ${this.entries.idAndName(exception)} ${describeEnd(exception)}${note}`;
    }

    private ended(exception: TemporaryEntry): string {
        const rule = this.entries.isActive(exception)
            ? "the account must hold no root credentials again"
            : this.entries.exclusionOf(exception)
              ? "the account is out of scope"
              : "the account is not an active member any more";
        return (
            `ended exception: ${this.entries.idAndName(exception)} since ${exception.until} (${exception.reason}): ${rule}. ` +
            "Take it out of the setting exceptions."
        );
    }
}
