/**
 * The inputs and outputs that Pulumi stores about one policy: the declaration, the findings and the policy's past.
 *
 * The inputs include the desired state (`lockedBy: []`), so that the engine's own diff shows what locks.
 */
import { accountLabel } from "../credentials/describe";
import type { PolicyKind } from "./kind";
import type { PolicyTarget } from "./target";

/** How a policy is unlocked: by removing the statements that lock, or by deleting the whole policy. */
export type UnlockMode = "remove-lock" | "delete";

/** Whether deleting the resource leaves the policy as it is, or puts back the replaced policy, including its lock. */
export type OnPolicyDelete = "retain" | "restore-policy";

/** The program's declaration. */
export interface PolicyConfiguration extends PolicyTarget {
    mode?: UnlockMode;
    /** JSON text. */
    policy?: string;
    keep?: string[];
    remove?: string[];
    onDelete: OnPolicyDelete;
    reason?: string;
    /** The policy that `PolicyBackup` has saved. Empty if there was none. */
    before?: string;
}

/** The findings, which are compared with the desired state. */
export interface PolicyState {
    /** Each statement that locks everybody out, in words. `["unknown"]` if the policy could not be read. */
    lockedBy: string[];
    /** Only with `mode: "delete"` or `policy`. */
    policyIs?: "absent" | "present" | "as declared" | "another one" | "unknown";
    auditError: string;
}

/** The last change by this stack. */
export interface LastPolicyChange {
    at: string;
    /** `removed statement "DenyAll"`. */
    change: string;
    session: string;
    by: string;
}

export type PolicyInputs = PolicyConfiguration & PolicyState;

/** The outputs in the stack's state. */
export interface PolicyOutputs extends PolicyInputs, PolicyHistory {
    auditErrorDetail: string;
    /** The policy as last read. Empty if there is none. */
    currentPolicy: string;
    /** The region of the bucket or queue. */
    locatedIn: string;
    organizationId: string;
    __observedInRun: string;
}

/** The past of one policy. */
export interface PolicyHistory {
    /**
     * The policy that this stack has replaced, byte for byte, and the policy that it has written. Empty for no policy. A
     * killed run stores neither, because it cannot store whether it has written.
     */
    savedPolicy?: string;
    writtenPolicy?: string;
    lastChange?: LastPolicyChange;
    /** The most recent policies that anybody has replaced, oldest first. */
    earlier?: string[];
}

export function desiredPolicyState({ mode, policy }: PolicyConfiguration): PolicyState {
    const nothingLocks = { lockedBy: [], auditError: "" };
    if (policy !== undefined) return { ...nothingLocks, policyIs: "as declared" };
    return mode === "delete" ? { ...nothingLocks, policyIs: "absent" } : nothingLocks;
}

/** The policy could not be read. */
export function unknownPolicyState(declared: PolicyConfiguration, cause: string): PolicyState {
    const { policyIs } = desiredPolicyState(declared);
    return { lockedBy: ["unknown"], ...(policyIs && { policyIs: "unknown" }), auditError: cause };
}

/** Whether the findings equal the desired state. */
export function isAsDeclared(seen: PolicyState, declared: PolicyConfiguration): boolean {
    const wanted = desiredPolicyState(declared);
    return seen.lockedBy.length === 0 && seen.auditError === "" && seen.policyIs === wanted.policyIs;
}

/** The declaration within the inputs. `read` must return it, because the engine takes missing inputs for removed ones. */
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
export function resourceLabel(kind: PolicyKind, target: PolicyTarget): string {
    return `${kind.label(target)} of ${accountLabel(target)}`;
}
