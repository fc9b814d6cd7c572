/** Describes in a preview what locks a policy and what `pulumi up` will change. */
import { preflight } from "../organization/preflight";
import { resourceLabel, type PolicyConfiguration, type PolicyOutputs } from "./declaration";
import { describePolicy, policyStateOf } from "./findings";
import { analyzedResourceOf } from "./kind";
import { kindOf } from "./kinds";
import { observePolicy } from "./observe";
import { planFor } from "./plan";
import { textOrNone } from "./policy-text";
import { normalized, type GivenConfiguration } from "./validate";

/**
 * - `locked`: the policy locks everybody out.
 * - `as declared`: nothing is to be changed.
 * - `differs`: the policy locks nobody, but is to be deleted or replaced.
 */
export type PolicyFinding = "locked" | "as declared" | "differs" | "undecided" | "unknown";

export interface PolicyPreview {
    finding: PolicyFinding;
    /** `bucket payments-logs of account 111122223333: ...` */
    text: string;
}

/** Reads the policy from AWS. Throws `AwsCallFailed` if no policy can be read. */
export async function previewOfPolicy(given: GivenConfiguration): Promise<PolicyPreview> {
    const declared = normalized(given);
    const kind = kindOf(declared);
    const { organizationId } = await preflight("RootSessions");
    const observation = await observePolicy(kind, declared);
    if (observation.is === "gone")
        return { finding: "unknown", text: `${observation.because}: pulumi up will fail for it` };
    if (observation.is === "unknown") return unreadable(declared, observation.failure.detail);
    return previewFrom(declared, observation.policy, observation.region, organizationId);
}

/** Uses the policy that this run's refresh has stored. */
export function previewOfOutputs(given: GivenConfiguration, seen: PolicyOutputs): PolicyPreview {
    const declared = normalized(given);
    if (seen.lockedBy[0] === "unknown") return unreadable(declared, seen.auditErrorDetail);
    return previewFrom(declared, textOrNone(seen.currentPolicy), seen.locatedIn, seen.organizationId);
}

function unreadable(declared: PolicyConfiguration, detail: string): PolicyPreview {
    const label = resourceLabel(kindOf(declared), declared);
    return { finding: "unknown", text: `${label} could not be read: ${detail}` };
}

function previewFrom(
    declared: PolicyConfiguration,
    policy: string | undefined,
    region: string,
    organizationId: string,
): PolicyPreview {
    const kind = kindOf(declared);
    const owner = analyzedResourceOf(kind, declared, region, organizationId);
    const plan = planFor(declared, policy, owner);
    const { auditErrorDetail } = policyStateOf(declared, policy, owner);
    const label = resourceLabel(kind, declared);
    const { words, isLocked } = describePolicy(declared, policy, owner);
    if (plan.is === "undecided")
        return { finding: "undecided", text: `${label}: ${auditErrorDetail || plan.because}` };
    if (plan.is === "nothing")
        return { finding: "as declared", text: `${label} ${words}; pulumi up changes nothing` };
    const kept = plan.keeps > 0 ? ` and keeps ${others(plan.keeps)}` : "";
    const text = `${label} ${words}; pulumi up ${plan.will}${kept}`;
    return { finding: isLocked ? "locked" : "differs", text };
}

function others(count: number): string {
    return count === 1 ? "the other statement" : `the other ${count} statements`;
}
