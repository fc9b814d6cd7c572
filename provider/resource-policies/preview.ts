/** What a preview tells of one policy: what locks, and what `pulumi up` will do about it. */
import { preflight } from "../organization/preflight";
import { called, type PolicyConfiguration, type PolicyOutputs } from "./declaration";
import { described, stateOf } from "./findings";
import { kindOf } from "./kinds";
import { lookAtPolicy } from "./observe";
import { textOrNone } from "./policy-text";
import { ownerOf } from "./owner";
import { planFor } from "./plan";
import { normalized, type GivenConfiguration } from "./validate";

/** `locked`: it shuts everybody out. `as declared`: nothing is to be done, as far as is known or decided. `differs`: it is to be deleted or replaced all the same. */
export type PolicyFinding = "locked" | "as declared" | "differs" | "undecided" | "unknown";

export interface PolicyPreview {
    finding: PolicyFinding;
    /** `bucket payments-logs of account 111122223333: ...` */
    text: string;
}

/** Looks live. Throws `AwsCallFailed` where no policy can be looked at. */
export async function previewOfPolicy(given: GivenConfiguration): Promise<PolicyPreview> {
    const declared = normalized(given);
    const kind = kindOf(declared);
    const { organizationId } = await preflight("RootSessions");
    const look = await lookAtPolicy(kind, declared);
    if (look.is === "gone")
        return { finding: "unknown", text: `${look.because}: pulumi up will fail for it` };
    if (look.is === "unknown")
        return {
            finding: "unknown",
            text: `${called(kind, declared)} could not be looked at: ${look.failure.detail}`,
        };
    return foretold(declared, look.policy, look.region, organizationId);
}

/** From what this run's refresh has stored. */
export function previewOfOutputs(given: GivenConfiguration, seen: PolicyOutputs): PolicyPreview {
    const declared = normalized(given);
    if (seen.lockedBy[0] === "unknown") {
        const text = `${called(kindOf(declared), declared)} could not be looked at: ${seen.auditErrorDetail}`;
        return { finding: "unknown", text };
    }
    return foretold(declared, textOrNone(seen.currentPolicy), seen.locatedIn, seen.organizationId);
}

function foretold(
    declared: PolicyConfiguration,
    policy: string | undefined,
    region: string,
    organizationId: string,
): PolicyPreview {
    const kind = kindOf(declared);
    const owner = ownerOf(kind, declared, region, organizationId);
    const plan = planFor(declared, policy, owner);
    const { auditErrorDetail } = stateOf(declared, policy, owner);
    const what = called(kind, declared);
    const { words, isLocked } = described(declared, policy, owner);
    if (plan.is === "undecided")
        return { finding: "undecided", text: `${what}: ${auditErrorDetail || plan.because}` };
    if (plan.is === "nothing")
        return { finding: "as declared", text: `${what} ${words}; pulumi up changes nothing` };
    const kept = plan.keeps > 0 ? ` and keeps ${statements(plan.keeps)}` : "";
    const text = `${what} ${words}; pulumi up ${plan.will}${kept}`;
    return { finding: isLocked ? "locked" : "differs", text };
}

function statements(count: number): string {
    return count === 1 ? "the other statement" : `the other ${count} statements`;
}
