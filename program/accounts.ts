/** The accounts in scope, or the reason why they cannot be known. */
import * as pulumi from "@pulumi/pulumi";
import {
    accountTags,
    memberAccountsOfThisRun,
    preflight,
    refuseForeignStack,
    membershipOf,
    accountsOfRun,
    type Caller,
    type MemberAccounts,
} from "pulumi-aws-root-credentials";
import { orEndProgram } from "./errors";
import { warn } from "./log";
import { Progress } from "./progress";
import { AccountSelection, type Scope, type SelectedAccounts } from "./selection";
import type { Selection } from "./settings/selectors";

/**
 * Ends the program if central root access cannot work, if the account list may be incomplete, or if no account is in
 * scope. Otherwise Pulumi would delete every missing account from the stack and allow its recovery.
 */
export async function accountsInScope(
    selection: Selection,
    caller: () => Promise<Caller> = preflight,
): Promise<Scope> {
    let organizationId = "";
    const ask = async () => {
        const usable = await caller();
        refuseForeignStack(usable);
        ({ organizationId } = usable);
        const progress = new Progress((listed) => `${listed} accounts listed so far`);
        return memberAccountsOfThisRun(usable, (listed) => progress.at(listed));
    };
    const accounts = await orEndProgram(ask);
    await refuseIncompleteList(accounts);
    for (const { id } of accounts.skipped) accountsOfRun().addGone(id);
    if (accounts.active.length === 0) throw new pulumi.RunError(noneFound(accounts));
    const scope = await selected(accounts, selection);
    if (scope.active.length === 0) throw new pulumi.RunError(noneSelected(scope));
    if (accounts.unitsUnknown) {
        warn(`accounts are shown without their organizational units: ${accounts.unitsUnknown.detail}`);
    }
    return { ...scope, organizationId };
}

async function selected(accounts: MemberAccounts, selection: Selection): Promise<SelectedAccounts> {
    const chosen = new AccountSelection(accounts, selection);
    const tagged = chosen.accountsThatNeedTags();
    const progress = new Progress((asked) => `the tags of ${asked} of ${tagged.length} accounts read so far`);
    return chosen.select(await orEndProgram(() => accountTags(tagged, (asked) => progress.at(asked))));
}

/**
 * Every account that the refresh found to be a member must be in the list, because Pulumi would allow recovery of a
 * missing one. If the refresh could not confirm a membership, this asks AWS.
 */
async function refuseIncompleteList({ active, skipped }: MemberAccounts): Promise<void> {
    const listed = new Set([...active, ...skipped].map(({ id }) => id));
    const missing = accountsOfRun()
        .inspected()
        .filter(({ id }) => !listed.has(id));
    const members = await Promise.all(
        missing.map(async ({ id, confirmed }) => confirmed || (await membershipOf(id)).is === "active"),
    );
    const unlisted = missing.filter((_, index) => members[index]).map(({ id }) => id);
    if (unlisted.length === 0) return;
    throw new pulumi.RunError(
        `organizations:ListAccounts did not list ${unlisted.join(", ")}, which this run has found to be active members of the organization. ` +
            "An incomplete list is not used, because Pulumi would allow recovery of the missing accounts. Nothing was changed; run again.",
    );
}

function noneFound({ skipped }: MemberAccounts): string {
    const listed = skipped.map(({ id, name, reason }) => `${id} ${name} (${reason})`).join(", ");
    return (
        `no active member account was found in the organization${listed ? `, only ${listed}` : ""}. ` +
        "The program stops, because Pulumi would otherwise remove every account from the stack and allow its recovery. " +
        "To do that on purpose, use pulumi destroy."
    );
}

function noneSelected({ excluded }: SelectedAccounts): string {
    return (
        `include and exclude leave none of ${excluded.length} active member accounts in scope. ` +
        "The program stops, because Pulumi would otherwise remove every account from the stack and allow its recovery. " +
        "To do that on purpose, use pulumi destroy; otherwise see pulumi config."
    );
}
