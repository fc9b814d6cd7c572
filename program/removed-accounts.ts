/**
 * Accounts that leave the declaration: what becomes of them, said before it happens.
 *
 * The provider guards each restore by itself; this says the same of all of them at once, in the preview, and stops a run that
 * the provider would refuse account by account.
 */
import * as pulumi from "@pulumi/pulumi";
import { thisRun, tooManyGone, type MemberAccount, type OnDelete } from "pulumi-aws-root-credentials";
import { warn } from "./log";
import type { Scope } from "./selection";
import type { SharedArguments } from "./settings";
import type { SiblingStacks } from "./sibling-stacks";
import { count } from "./words";

export interface RemovedAccount {
    id: string;
    name: string;
    organizationalUnit: string;
    /** What the last `up` was told to do when the account leaves, which is what Pulumi does now. */
    onDelete: OnDelete;
    /** How people know it: id, name, unit, and why it is not declared any more. */
    description: string;
}

/** Ends the program where the refresh has found more accounts gone than may be at once. */
export function refuseTooManyGone({ maxRemovals }: SharedArguments): void {
    const reason = tooManyGone(maxRemovals);
    if (reason) throw new pulumi.RunError(reason);
}

/** Ends the program where more accounts would be opened than may be, or where `onDelete` changes in the same run; else warns. */
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
    refuseTooMany(opened, sharedArguments.maxRemovals ?? thisRun.maxRemovals());
    if (!pulumi.runtime.isDryRun()) return;
    if (opened.length > 0) {
        warn(
            `${count(opened.length, "account")} would leave the program; pulumi up allows password recovery there again:\n${listed(opened)}`,
        );
    }
    if (kept.length > 0) {
        warn(
            `${count(kept.length, "account")} would leave the program and ${kept.length === 1 ? "is" : "are"} left as found (onDelete: retain); ` +
                `nobody looks there any more:\n${listed(kept)}`,
        );
    }
}

/** Those that this run's refresh has found to be members, and that are not in scope. */
export function removedAccounts({ active, excluded, skipped }: Scope): RemovedAccount[] {
    const inScope = new Set(active.map(({ id }) => id));
    const rules = new Map(excluded.map(({ id, rule }) => [id, rule]));
    const known = new Map([...excluded, ...skipped].map((account) => [account.id, account]));
    return thisRun
        .accountsRead()
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

/** A delete follows the last `up`'s value, not the new one: whoever changes both at once gets what they did not ask for. */
function refuseChangedRule(removed: RemovedAccount[], { onDelete }: SharedArguments): void {
    const changed = removed.filter((account) => account.onDelete !== onDelete);
    if (changed.length === 0) return;
    throw new pulumi.RunError(
        `${count(changed.length, "account")} would leave the program in the run that changes onDelete to ${onDelete}, and Pulumi would still treat ` +
            `${changed.length === 1 ? "it" : "them"} as the last up was told to (${changed[0]?.onDelete}):\n${listed(changed)}\n` +
            "Nothing was changed. Do it in two steps: change onDelete and run up, then drop the accounts and run up.",
    );
}

/** What another stack declares is still declared: it is not opened. */
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
        `${count(opened.length, "account")} would leave the program, and pulumi up would allow password recovery in all of them; maxRemovals is ${most}:\n` +
            `${listed(opened)}\n` +
            "Nothing was changed. If they should leave, raise the setting for one run " +
            `(pulumi config set maxRemovals ${opened.length}), or have them left as they are (pulumi config set onDelete retain, and up, before they leave); ` +
            "if not, look at include and exclude (pulumi config).",
    );
}

function describe(id: string, account: MemberAccount | undefined, rule: string | undefined): string {
    const unit = account?.organizationalUnit ? ` (${account.organizationalUnit})` : "";
    return `${id}${account ? ` ${account.name}${unit}` : ""}${rule === undefined ? "" : `: ${rule}`}`;
}

function listed(removed: RemovedAccount[]): string {
    return removed.map((account) => `  ${account.description}`).join("\n");
}
