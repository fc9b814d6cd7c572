/** Observes a policy for the refresh, and builds the outputs that Pulumi stores of an observation. */
import { diagnose } from "../aws/errors/diagnose";
import { preflight } from "../organization/preflight";
import {
    configuration,
    unknownPolicyState,
    type PolicyConfiguration,
    type PolicyOutputs,
} from "../resource-policies/declaration";
import { policyStateOf } from "../resource-policies/findings";
import { analyzedResourceOf, type PolicyKind } from "../resource-policies/kind";
import { observePolicy, type PolicyObservation } from "../resource-policies/observe";
import { storeOfRun } from "../run/store";
import { foreignOrganizationFailure } from "./foreign-organization";

/** Returns every failure as `unknown`, so that the refresh goes on. */
export async function observeForRefresh(
    kind: PolicyKind,
    props: PolicyOutputs,
): Promise<{ observation: PolicyObservation; organizationId: string }> {
    const { accountId, organizationId, locatedIn } = props;
    try {
        const caller = await preflight("RootSessions");
        const foreign = foreignOrganizationFailure(props, caller);
        if (foreign) return { observation: { is: "unknown", failure: foreign }, organizationId };
        const observation = await observePolicy(kind, props, locatedIn);
        return { observation, organizationId: organizationId || caller.organizationId };
    } catch (error) {
        const failure = diagnose(error, { accountId, action: "preflight" });
        return { observation: { is: "unknown", failure }, organizationId };
    }
}

export function policyOutputsOf(
    kind: PolicyKind,
    declared: PolicyConfiguration & Partial<PolicyOutputs>,
    observation: Exclude<PolicyObservation, { is: "gone" }>,
    organizationId: string,
): PolicyOutputs {
    const run = { organizationId, __observedInRun: storeOfRun().id };
    if (observation.is === "unknown") {
        const { cause, detail } = observation.failure;
        const { currentPolicy = "", locatedIn = "" } = declared;
        const state = { ...unknownPolicyState(declared, cause), auditErrorDetail: detail };
        return { ...configuration(declared), ...state, currentPolicy, locatedIn, ...run };
    }
    const { policy, region } = observation;
    const state = policyStateOf(declared, policy, analyzedResourceOf(kind, declared, region, organizationId));
    return { ...configuration(declared), ...state, currentPolicy: policy ?? "", locatedIn: region, ...run };
}
