import type { Principal } from "../state/principals";
import type { RcpSeed, ScpSeed } from "../state/seed";

/** A service control policy as attached to an account. */
export interface ServiceControlPolicy extends ScpSeed {
    readonly policyId: string;
    readonly arn: string;
}

/** A resource control policy as attached to an account. */
export interface ResourceControlPolicy extends RcpSeed {
    readonly policyId: string;
    readonly arn: string;
}

/** The first policy that denies this action to this principal. */
export function denyingPolicy<Policy extends ServiceControlPolicy | ResourceControlPolicy>(
    policies: readonly Policy[],
    principal: Principal,
    action: string,
): Policy | undefined {
    return policies.find(
        (policy) =>
            appliesTo(policy, principal) && policy.actions.some((pattern) => matchesAction(pattern, action)),
    );
}

/** IAM's wildcards: `*` is any run of characters, and case does not matter. */
export function matchesAction(pattern: string, action: string): boolean {
    if (!pattern.includes("*")) return pattern.toLowerCase() === action.toLowerCase();
    const expression = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
    return new RegExp(`^${expression}$`, "i").test(action);
}

function appliesTo(policy: Partial<ScpSeed>, { kind }: Principal): boolean {
    if (policy.exemptAssumedRoot && kind === "rootSession") return false;
    return policy.appliesTo !== "root" || kind === "root" || kind === "rootSession";
}
