import type { Denial } from "../state/caller-policies";
import type { Organization } from "../state/organization";
import type { OrganizationPolicy } from "../state/organization-policies";
import {
    accountOf,
    contextOf,
    principalArn,
    type PolicyRequest,
    type RequestContext,
} from "./request-context";
import { taskPolicy } from "./task-policies";

/** Whether policies allow a request; if not, AWS's words for which of them does not. */
export type Decision = { allowed: true } | { allowed: false; because: string };

/**
 * The order is that of AWS's evaluation: explicit denials before missing permissions. Where several policies
 * deny, AWS names one; which one is unknown, and here it is the first.
 */
export function decide(organization: Organization, request: PolicyRequest): Decision {
    const inside = organization.find(request.principal.accountId);
    const context = contextOf(request, inside && organization.id);
    const because =
        explicitDenial(organization, request, context) ?? missingPermission(organization, request, context);
    return because === undefined ? { allowed: true } : { allowed: false, because };
}

function explicitDenial(
    organization: Organization,
    request: PolicyRequest,
    context: RequestContext,
): string | undefined {
    const { principal, action, resource } = request;
    const scp = denying(organization.scpsBinding(principal.accountId), request, context);
    if (scp) return `with an explicit deny in a service control policy: ${scp.arn}`;
    const rcp = denying(organization.rcpsGuarding(accountOf(resource) ?? ""), request, context);
    if (rcp) return `with an explicit deny in a resource control policy: ${rcp.arn}`;

    if (principal.kind === "rootSession") {
        const task = taskPolicy(principal.taskPolicy);
        if (task?.verdictOn(action, resource, context) !== "is silent") {
            return "with an explicit deny in a session policy";
        }
    }
    if (!isCaller(request)) return undefined;
    const { callerPolicies } = organization;
    const denial = callerPolicies
        .denialsFor(principal.accountId)
        .find(({ policy }) => policy.verdictOn(action, resource, context) === "denies");
    if (denial) return `with an explicit deny in ${named(denial)}`;
    const denied = callerPolicies
        .attachedTo(principalArn(principal))
        .some((policy) => policy.verdictOn(action, resource, context) === "denies");
    return denied ? `with an explicit deny in ${IN_WORDS["identity-based policy"]}` : undefined;
}

function missingPermission(
    organization: Organization,
    request: PolicyRequest,
    context: RequestContext,
): string | undefined {
    const { principal, action, resource } = request;
    const allows = ({ policy }: Pick<OrganizationPolicy, "policy">) =>
        policy.verdictOn(action, resource, context) === "allows";

    if (!organization.scpsBinding(principal.accountId).every((step) => step.some(allows))) {
        return `because no service control policy allows the ${action} action`;
    }
    if (!isCaller(request)) return undefined;
    const { callerPolicies } = organization;
    const attached = callerPolicies.attachedTo(principalArn(principal));
    const granted = attached.length === 0 || attached.some((policy) => allows({ policy }));
    const withheld = callerPolicies.withheldFrom(principal.accountId);
    if (granted && withheld?.verdictOn(action, resource, context) !== "denies") return undefined;
    return `because no identity-based policy allows the ${action} action`;
}

function denying(
    steps: readonly (readonly OrganizationPolicy[])[],
    { action, resource }: PolicyRequest,
    context: RequestContext,
): OrganizationPolicy | undefined {
    return steps.flat().find(({ policy }) => policy.verdictOn(action, resource, context) === "denies");
}

/** Root users have every permission of their account; only callers can lack one. */
function isCaller({ principal: { kind } }: PolicyRequest): boolean {
    return kind === "user" || kind === "role";
}

const IN_WORDS: Record<Denial["by"], string> = {
    "identity-based policy": "an identity-based policy",
    "permissions boundary": "a permissions boundary",
    "session policy": "a session policy",
    "VPC endpoint policy": "a VPC endpoint policy",
};

function named({ by, arn }: Denial): string {
    return arn === undefined ? IN_WORDS[by] : `${IN_WORDS[by]}: ${arn}`;
}
