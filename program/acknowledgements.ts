/** Accounts that the setting `acknowledged` allows to be unreadable until a time. */
import type { AccountInReport, Acknowledgement, Report } from "pulumi-aws-root-credentials";
import { endsSoon, TemporaryEntries, describeEnd } from "./temporary-entries";
import { warn } from "./log";
import type { Scope } from "./selection";
import type { TemporaryEntry } from "./settings/temporary-entry";

const TAKE_OUT = "Take it out of the setting acknowledged.";

export class Acknowledgements {
    private readonly entries: TemporaryEntries;

    /** Ends the program if an account is not in the organization or is out of scope. */
    constructor(entries: TemporaryEntry[], scope: Scope) {
        this.entries = new TemporaryEntries(
            "acknowledged",
            entries,
            scope,
            "this stack inspects no other account",
        );
    }

    /** The arguments of one account beside the shared ones. */
    of(accountId: string): { acknowledged?: Acknowledgement } {
        const entry = this.entries.openEntryOf(accountId);
        return entry ? { acknowledged: { until: entry.until, reason: entry.reason } } : {};
    }

    /** Warns of entries that end soon or are no longer needed. The tree of a preview lists all entries. */
    report({ accounts }: Report): void {
        const results = new Map(accounts.map((account) => [account.id, account]));
        for (const entry of this.entries.inOrderOfEnd()) {
            const subject = `acknowledged account ${this.entries.idAndName(entry)}`;
            const skipped = this.entries.reasonToSkip(entry);
            if (skipped !== undefined)
                warn(`${subject} is skipped (${skipped}), so no run inspects it. ${TAKE_OUT}`);
            else if (isInspected(results.get(entry.account)))
                warn(`${subject} can be inspected again. ${TAKE_OUT}`);
            else if (endsSoon(entry))
                warn(
                    `${subject} ${describeEnd(entry)}. Prolong or remove the entry before then: after its end, previews and updates of this stack stop.`,
                );
        }
    }
}

function isInspected(result: AccountInReport | undefined): boolean {
    return result !== undefined && result.mark !== "not inspected" && result.unreadable === undefined;
}
