/**
 * Accounts that leave the program, and what Pulumi does with them.
 *
 * The provider guards each restore by itself. This module applies the same rules to all accounts at once. So a
 * preview shows the result, and a run that the provider would refuse stops early.
 */
import * as pulumi from "@pulumi/pulumi";
import { accountsOfRun, tooManyGone, type MemberAccount, type OnDelete } from "pulumi-aws-root-credentials";
import { warn } from "./log";
import type { Scope } from "./selection";
import type { SharedArguments } from "./settings";
import type { SiblingStacks } from "./sibling-stacks";
import { count } from "./words";

export interface RemovedAccount {
    id: string;
    name: string;
    organizationalUnit: string;
    /** Pulumi deletes with the value of the last `up`. */
    onDelete: OnDelete;
    /** Id, name, unit, and why the account is no longer declared. */
    description: string;
}

/** Ends the program if the refresh found more accounts gone from the organization than one run may remove. */
export function refuseTooManyGone({ maxRemovals }: SharedArguments): void {
    const reason = tooManyGone(maxRemovals);
    if (reason) throw new pulumi.RunError(reason);
}

/** Ends the program if too many accounts would be opened, or if `onDelete` changes in the same run. Otherwise warns. */
export function checkRemovedAccounts(
    scope: Scope,
    sharedArguments: SharedArguments,
    siblings: SiblingStacks,
): void {
    const removed = removedAccounts(scope);
    if (removed.length === 0) return;
    const opened = removed.filter(({ onDelete }) => onDelete === "allow-recovery");
    const kept = removed.filter(({ onDelete }) => onDelete === "retain");
    refuseChangedRule(removed, sharedArguments);
    refuseOpeningForSibling(opened, siblings);
    refuseTooMany(opened, sharedArguments.maxRemovals ?? accountsOfRun().maxRemovals());
    if (!pulumi.runtime.isDryRun()) return;
    if (opened.length > 0) {
        warn(
            `${count(opened.length, "account")} would leave the program, and pulumi up would allow their password recovery again:\n${listed(opened)}`,
        );
    }
    if (kept.length > 0) {
        warn(
            `${count(kept.length, "account")} would leave the program (onDelete: retain): no run inspects or changes ${kept.length === 1 ? "it" : "them"} any more:\n${listed(kept)}`,
        );
    }
}

/** Accounts that this run's refresh found to be members and that are not in scope. */
export function removedAccounts({ active, excluded, skipped }: Scope): RemovedAccount[] {
    const inScope = new Set(active.map(({ id }) => id));
    const rules = new Map(excluded.map(({ id, rule }) => [id, rule]));
    const known = new Map([...excluded, ...skipped].map((account) => [account.id, account]));
    return accountsOfRun()
        .inspected()
        .filter(({ id }) => !inScope.has(id))
        .map(({ id, onDelete, accountName, organizationalUnit }) => ({
            id,
            name: known.get(id)?.name ?? (accountName || id),
            organizationalUnit: known.get(id)?.organizationalUnit ?? organizationalUnit ?? "",
            onDelete,
            description: describe(id, known.get(id), rules.get(id)),
        }))
        .sort((a, b) => a.id.localeCompare(b.id));
}

/** A delete uses the value of the last `up`, so an operator who changes both at once would get the old behaviour. */
function refuseChangedRule(removed: RemovedAccount[], { onDelete }: SharedArguments): void {
    const changed = removed.filter((account) => account.onDelete !== onDelete);
    if (changed.length === 0) return;
    throw new pulumi.RunError(
        `${count(changed.length, "account")} would leave the program in the run that changes onDelete to ${onDelete}, and Pulumi would still delete ` +
            `${changed.length === 1 ? "it" : "them"} with the value of the last up (${changed[0]?.onDelete}):\n${listed(changed)}\n` +
            "Nothing was changed. Do it in two steps: change onDelete and run up, then drop the accounts and run up.",
    );
}

/** An account that another stack declares is still declared, so it must not be opened. */
function refuseOpeningForSibling(opened: RemovedAccount[], siblings: SiblingStacks): void {
    const moved = opened.flatMap(({ id, description }) => {
        const declarer = siblings.declarerOf(id);
        return declarer === undefined ? [] : [`  ${description}; declared by ${declarer}`];
    });
    if (moved.length === 0) return;
    throw new pulumi.RunError(
        `${count(moved.length, "account")} would leave the program and be opened again, while another stack declares ${moved.length === 1 ? "it" : "them"}:\n${moved.join("\n")}\n` +
            "Nothing was changed. Keep the accounts here and run up with onDelete: retain first, then drop them (docs/stacks.md).",
    );
}

function refuseTooMany(opened: RemovedAccount[], most: number): void {
    if (opened.length <= most) return;
    throw new pulumi.RunError(
        `${count(opened.length, "account")} would leave the program, and pulumi up would allow password recovery in all of them, but maxRemovals is ${most}:\n` +
            `${listed(opened)}\n` +
            "Nothing was changed. If they should leave, raise the setting for one run " +
            `(pulumi config set maxRemovals ${opened.length}), or have them left as they are (pulumi config set onDelete retain, and up, before they leave); ` +
            "otherwise check include and exclude (pulumi config).",
    );
}

function describe(id: string, account: MemberAccount | undefined, rule: string | undefined): string {
    const unit = account?.organizationalUnit ? ` (${account.organizationalUnit})` : "";
    return `${id}${account ? ` ${account.name}${unit}` : ""}${rule === undefined ? "" : `: ${rule}`}`;
}

function listed(removed: RemovedAccount[]): string {
    return removed.map((account) => `  ${account.description}`).join("\n");
}
