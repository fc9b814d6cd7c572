/** Which accounts there are to declare, or one sentence about why that cannot be known. */
import * as pulumi from "@pulumi/pulumi";
import {
    accountTags,
    memberAccountsOfThisRun,
    preflight,
    refuseForeignStack,
    standingOf,
    thisRun,
    type Caller,
    type MemberAccount,
    type MemberAccounts,
} from "pulumi-aws-root-credentials";
import { orEndProgram } from "./errors";
import { warn } from "./log";
import { Progress } from "./progress";
import { AccountSelection, type Scope, type SelectedAccounts } from "./selection";
import type { Selection } from "./settings/selectors";

/**
 * The organization's accounts; `early` is told of those that are active as soon as they are known. Ends the program where central root access cannot work, where the list is not whole, and
 * where nothing is left to declare: Pulumi would delete, and so restore, every account of the stack.
 */
export async function accountsInScope(
    selection: Selection,
    caller: () => Promise<Caller> = preflight,
    early?: (accounts: MemberAccount[]) => void,
): Promise<Scope> {
    let anyArrived = false;
    let organizationId = "";
    const arrival = (active: MemberAccount[]) => {
        anyArrived ||= active.length > 0;
        early?.(active);
    };
    const ask = async () => {
        const usable = await caller();
        refuseForeignStack(usable);
        ({ organizationId } = usable);
        const progress = new Progress((listed) => `${listed} accounts listed so far`);
        const follower = { progress: (listed: number) => progress.at(listed), ...(early && { arrival }) };
        return memberAccountsOfThisRun(usable, follower);
    };
    const accounts = await orEndProgram(ask, () => anyArrived);
    await refuseIncompleteList(accounts);
    for (const { id } of accounts.skipped) thisRun.isGone(id);
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
 * Every account that the refresh has just found to be a member must be in the list. One that is not would no longer be
 * declared, and Pulumi would allow its recovery. Of those that the refresh could not confirm, AWS is asked.
 */
async function refuseIncompleteList({ active, skipped }: MemberAccounts): Promise<void> {
    const listed = new Set([...active, ...skipped].map(({ id }) => id));
    const missing = thisRun.accountsRead().filter(({ id }) => !listed.has(id));
    const members = await Promise.all(
        missing.map(async ({ id, confirmed }) => confirmed || (await standingOf(id)).is === "active"),
    );
    const unlisted = missing.filter((_, index) => members[index]).map(({ id }) => id);
    if (unlisted.length === 0) return;
    throw new pulumi.RunError(
        `organizations:ListAccounts did not list ${unlisted.join(", ")}, which this run has just seen as active members of the organization. ` +
            "A list with gaps is not used, since Pulumi would allow recovery of what is missing from it. Nothing was changed; run again.",
    );
}

function noneFound({ skipped }: MemberAccounts): string {
    const listed = skipped.map(({ id, name, reason }) => `${id} ${name} (${reason})`).join(", ");
    return (
        `no active member account was found in the organization${listed ? ` beside ${listed}` : ""}. ` +
        "The program does not go on: Pulumi would take every account of the stack for removed and allow its recovery. " +
        "To do that on purpose, use pulumi destroy."
    );
}

function noneSelected({ excluded }: SelectedAccounts): string {
    return (
        `include and exclude leave no account in scope, of ${excluded.length} active member accounts. ` +
        "The program does not go on: Pulumi would take every account of the stack for removed and allow its recovery. " +
        "To do that on purpose, use pulumi destroy; else see pulumi config."
    );
}
