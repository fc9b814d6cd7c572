/** Changes one policy from the observed text to the declared state, and reports what was changed. */
import type { Caller } from "../organization/preflight";
import { changePolicy } from "../resource-policies/change";
import {
    isAsDeclared,
    resourceLabel,
    type PolicyInputs,
    type PolicyOutputs,
} from "../resource-policies/declaration";
import { historyOf, withOwnChange, withSeenPolicies } from "../resource-policies/history";
import { analyzedResourceOf, type PolicyKind } from "../resource-policies/kind";
import { planFor } from "../resource-policies/plan";
import { textOrNone } from "../resource-policies/policy-text";
import { policyOutputsOf } from "./policy-observation";
import { PartialFailure } from "./provider-method";

/** @param isSaved the stack's state holds the observed policy. No other policy may be replaced. */
export async function reconcilePolicy(
    kind: PolicyKind,
    declared: PolicyInputs,
    observed: PolicyOutputs,
    isSaved: boolean,
    caller: Caller,
): Promise<PolicyOutputs> {
    const { locatedIn: region, organizationId } = observed;
    const label = resourceLabel(kind, declared);
    const failure = (outputs: PolicyOutputs, reason: string) =>
        new PartialFailure(kind.id(declared), outputs, [reason]);

    const current = textOrNone(observed.currentPolicy);
    const plan = planFor(declared, current, analyzedResourceOf(kind, declared, region, organizationId));
    if (plan.is === "nothing" && isAsDeclared(observed, declared)) return observed;
    if (plan.is !== "change") {
        throw failure(
            observed,
            whyNothingWasChanged(label, observed, plan.is === "undecided" ? plan.because : ""),
        );
    }
    if (!isSaved) {
        // This failure stores the observed policy, so the next run may replace it.
        throw failure(
            observed,
            `the policy of ${label} is not the one that was saved (it was changed meanwhile); nothing was changed. Run again: the new one is saved now.`,
        );
    }
    refuseWithoutCheckpoints(label);

    const change = { from: current, to: plan.text, summary: plan.done };
    const { policy, others, lastChange } = await changePolicy(kind, declared, region, caller, change);
    const past = withOwnChange(historyOf(observed), current ?? "", plan.text ?? "", lastChange);
    const changed = {
        ...policyOutputsOf(kind, declared, { is: "seen", policy, region }, organizationId),
        ...withSeenPolicies(past, others),
    };
    if (others.length > 0) {
        throw failure(
            changed,
            `${label}: AWS agreed (${plan.done}), and then showed a policy that is neither the old one nor the one written. ` +
                "Somebody else has written at the same moment, and one of the two writes is lost. Their policy is in the stack's state (earlier): " +
                "compare it with the current policy, and write again what is missing. CloudTrail tells who it was (docs/unlock.md).",
        );
    }
    if (isAsDeclared(changed, declared)) return changed;
    throw failure(
        changed,
        `${label}: AWS agreed (${plan.done}), but now shows a policy that is not as declared: somebody else has written too, or AWS stores the same policy in another form. Run again.`,
    );
}

function whyNothingWasChanged(label: string, observed: PolicyOutputs, because: string): string {
    if (observed.auditErrorDetail !== "") return `${label}: ${observed.auditErrorDetail}`;
    const locks = observed.lockedBy.map((each) => `it is locked by ${each}`);
    return `${label}: ${[because, ...locks].filter(Boolean).join("; ")}. Nothing was changed there.`;
}

/** Without checkpoints, the engine writes the state only when it ends. */
function refuseWithoutCheckpoints(label: string): void {
    const { PULUMI_SKIP_CHECKPOINTS: skips = "", ROOT_CREDENTIALS_RECORD_FILE: record = "" } = process.env;
    if (!/^(1|true)$/i.test(skips) || record !== "") return;
    throw new Error(
        `the policy of ${label} was not changed: PULUMI_SKIP_CHECKPOINTS is ${skips}, so Pulumi keeps the replaced policy in memory, and a killed run would lose it. ` +
            "Unset it, or set ROOT_CREDENTIALS_RECORD_FILE to a file in a place that outlives the run: the record of writes holds the old policy.",
    );
}
