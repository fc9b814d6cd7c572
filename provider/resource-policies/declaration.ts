/**
 * What Pulumi stores about one bucket's or queue's policy: what the program declares, what is desired and seen, and what
 * stood there before anything was written.
 *
 * The desired state is spelled out as inputs (`lockedBy: []`), so that the engine's own diff shows what locks.
 */
import { accountLabel as calledAccount } from "../credentials/describe";
import type { LockableKind } from "./kind";
import type { PolicyTarget } from "./target";

/** How everybody is let in again: by taking out the statements that lock, or the whole policy. */
export type UnlockMode = "remove-lock" | "delete";

/** What deleting the resource does: leaves the policy as it is, or puts back the one that was replaced, lock and all. */
export type OnPolicyDelete = "retain" | "restore-policy";

/** What a program declares. */
export interface PolicyConfiguration extends PolicyTarget {
    mode?: UnlockMode;
    /** JSON text. */
    policy?: string;
    keep?: string[];
    remove?: string[];
    onDelete: OnPolicyDelete;
    reason?: string;
    /** What `PolicyBackup` has saved, empty where there was no policy. */
    before?: string;
}

/** The compared part: what was seen. */
export interface PolicyState {
    /** Each statement that shuts everybody out, in words; `["unknown"]` where nobody could look. */
    lockedBy: string[];
    /** With `mode: "delete"` and with `policy` only. */
    policyIs?: "absent" | "present" | "as declared" | "another one" | "unknown";
    auditError: string;
}

/** The last change that was made here. */
export interface LastPolicyChange {
    at: string;
    /** In words: `removed statement "DenyAll"`. */
    change: string;
    session: string;
    by: string;
}

export type PolicyInputs = PolicyConfiguration & PolicyState;

/** What Pulumi stores. */
export interface PolicyOutputs extends PolicyInputs, PolicyHistory {
    auditErrorDetail: string;
    /** As it was last seen; empty where there is none. */
    currentPolicy: string;
    /** The region that the bucket or queue is in. */
    locatedIn: string;
    organizationId: string;
    __observedInRun: string;
}

/** What is known of the past of one policy. */
export interface PolicyHistory {
    /**
     * What this stack has replaced, byte for byte, and what it has put in its place; empty for none. Only what it has seen itself:
     * a run that was killed does not know whether it has, and then neither is here.
     */
    savedPolicy?: string;
    writtenPolicy?: string;
    lastChange?: LastPolicyChange;
    /** Every text that was there and is not any more, whoever has replaced it; the latest, the oldest of them first. */
    earlier?: string[];
}

/** What is desired, spelled out. */
export function desired({ mode, policy }: PolicyConfiguration): PolicyState {
    const nothingLocks = { lockedBy: [], auditError: "" };
    if (policy !== undefined) return { ...nothingLocks, policyIs: "as declared" };
    return mode === "delete" ? { ...nothingLocks, policyIs: "absent" } : nothingLocks;
}

/** Nobody could look. */
export function unseen(declared: PolicyConfiguration, cause: string): PolicyState {
    const { policyIs } = desired(declared);
    return { lockedBy: ["unknown"], ...(policyIs && { policyIs: "unknown" }), auditError: cause };
}

/** Whether everything that makes a difference is as desired. */
export function isAsDeclared(seen: PolicyState, declared: PolicyConfiguration): boolean {
    const wanted = desired(declared);
    return seen.lockedBy.length === 0 && seen.auditError === "" && seen.policyIs === wanted.policyIs;
}

/** The program's own part of the inputs: whatever `read` does not echo would look removed from the program. */
export function configuration(from: PolicyConfiguration): PolicyConfiguration {
    const given = OPTIONAL.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]] as const]));
    const optional = Object.fromEntries(given) as Partial<PolicyConfiguration>;
    return { ...optional, accountId: from.accountId, onDelete: from.onDelete ?? "retain" };
}

const OPTIONAL = [
    "accountName",
    "bucket",
    "queueUrl",
    "region",
    "mode",
    "policy",
    "keep",
    "remove",
    "reason",
    "before",
] as const;

/** `bucket payments-logs of account 111122223333 (payments)`. */
export function called(kind: LockableKind, target: PolicyTarget): string {
    return `${kind.called(target)} of ${calledAccount(target)}`;
}
