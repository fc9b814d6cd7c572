/** Accounts that cannot be inspected for a cause of their own, which the settings acknowledge until a day. */
import type { AccountInReport, Acknowledgement, Report } from "pulumi-aws-root-credentials";
import { endsSoon, ListedAccounts, untilWhen } from "./listed-accounts";
import { warn } from "./log";
import type { Scope } from "./selection";
import type { Exception } from "./settings";

const TAKE_OUT = "Take it out of the setting acknowledged.";

export class Acknowledgements {
    private readonly listed: ListedAccounts;

    /** Ends the program if an account is not in the organization, or not in scope. */
    constructor(entries: Exception[], scope: Scope) {
        this.listed = new ListedAccounts("acknowledged", entries, scope, "this stack inspects no other");
    }

    /** The arguments of one account beside the terms of all accounts. */
    of(accountId: string): { acknowledged?: Acknowledgement } {
        const entry = this.listed.openEntryOf(accountId);
        return entry ? { acknowledged: { until: entry.until, reason: entry.reason } } : {};
    }

    /** Warns of those that end soon, and of those that are not needed any more. For previews, whose tree lists all of them. */
    report({ accounts }: Report): void {
        const results = new Map(accounts.map((account) => [account.id, account]));
        for (const entry of this.listed.inOrder()) {
            const called = `acknowledged account ${this.listed.called(entry)}`;
            const skipped = this.listed.reasonToSkip(entry);
            if (skipped !== undefined)
                warn(`${called} is skipped (${skipped}), and no run inspects it. ${TAKE_OUT}`);
            else if (isInspected(results.get(entry.account)))
                warn(`${called} can be inspected again. ${TAKE_OUT}`);
            else if (endsSoon(entry))
                warn(
                    `${called} ${untilWhen(entry)}. Prolong or remove the entry before then: after its end, previews and updates of this stack stop.`,
                );
        }
    }
}

function isInspected(result: AccountInReport | undefined): boolean {
    return result !== undefined && result.mark !== "not inspected" && result.unreadable === undefined;
}
