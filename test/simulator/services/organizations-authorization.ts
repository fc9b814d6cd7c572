import { AwsError } from "../aws-error";
import type { Call } from "../call";
import { authorize } from "../policies/authorization";
import type { PolicyRequest } from "../policies/request-context";
import type { Organization } from "../state/organization";
import { accountArn, rootArn, unitArn } from "./organizations-shapes";

/** Organizations refuses with its own code and status, in the same words as the others. */
export function authorizeAsOrganizations(call: Call, name: string): void {
    const keys = keysOf(call);
    for (const resource of resourcesOf(call)) {
        try {
            authorize(call, `organizations:${name}`, resource, keys);
        } catch (error) {
            if (error instanceof AwsError) throw new AwsError("AccessDeniedException", error.message);
            throw error;
        }
    }
}

/**
 * What the call acts on in the eyes of a policy (Service Authorization Reference). A statement has to allow the action on each:
 * to attach a policy, on the policy and on the target.
 */
function resourcesOf({ organization, parameters }: Call): string[] {
    const named = NAMING.flatMap((name) => parameters.get(name) ?? []);
    return named.length > 0 ? named.map((id) => arnOf(organization, id)) : ["*"];
}

const NAMING = ["PolicyId", "AccountId", "ParentId", "ChildId", "RootId", "TargetId", "ResourceId"];

function arnOf(organization: Organization, id: string): string {
    if (id === organization.units.rootId) return rootArn(organization);
    if (id.startsWith("ou-")) return unitArn(organization, id);
    return organization.policies.find(id)?.arn ?? accountArn(organization, id);
}

function keysOf({ organization, parameters }: Call): NonNullable<PolicyRequest["keys"]> {
    const servicePrincipal = parameters.get("ServicePrincipal");
    const policyId = parameters.get("PolicyId") ?? parameters.get("ResourceId") ?? "";
    const policyType =
        parameters.get("PolicyType") ?? parameters.get("Type") ?? organization.policies.find(policyId)?.type;
    return {
        ...(servicePrincipal !== undefined && { "organizations:ServicePrincipal": servicePrincipal }),
        ...(policyType !== undefined && { "organizations:PolicyType": policyType }),
    };
}
