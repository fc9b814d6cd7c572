import type { Denial } from "../state/caller-policies";
import type { Organization } from "../state/organization";
import type { OrganizationPolicy } from "../state/organization-policies";
import { isOwnersAlone, isRootUsers } from "./owners-actions";
import {
    accountOf,
    contextOf,
    principalArn,
    type PolicyRequest,
    type RequestContext,
} from "./request-context";
import type { ResourceVerdict } from "./resource-policy";
import { taskPolicy } from "./task-policies";

/** Whether policies allow a request; if not, AWS's words for which of them does not. */
export type Decision = { allowed: true } | { allowed: false; because: string };

/**
 * The order is that of AWS's evaluation: explicit denials before missing permissions. Where several policies
 * deny, AWS names one; which one is unknown, and here it is the first.
 */
export function decide(organization: Organization, request: PolicyRequest): Decision {
    const asked = askedOf(organization, request);
    const because = explicitDenial(organization, asked) ?? missingPermission(organization, asked);
    return because === undefined ? { allowed: true } : { allowed: false, because };
}

/** A request with what has to be known about it to judge it. */
interface Asked extends PolicyRequest {
    readonly context: RequestContext;
    /** The account that the resource belongs to, where that is known. */
    readonly owner: string | undefined;
    /** What the resource's own policy says; undefined for what is neither a bucket nor a queue. */
    readonly own: ResourceVerdict | undefined;
}

function askedOf(organization: Organization, request: PolicyRequest): Asked {
    const { principal, action, resource } = request;
    const guarded = organization.resourceNamed(resource);
    const owner = guarded?.accountId ?? accountOf(resource);
    const organizationOf = (accountId = "") => (organization.find(accountId) ? organization.id : undefined);
    const context = contextOf(request, {
        now: organization.clock.now(),
        organizationId: organizationOf(principal.accountId),
        owner,
        ownersOrganizationId: organizationOf(owner),
        resourceRegion: guarded?.region,
    });
    const asked = { ...request, context, owner };
    if (!guarded) return { ...asked, own: undefined };
    const rootUsersOwn = !isCaller(request) && principal.accountId === owner && isRootUsers(action);
    const own = rootUsersOwn ? undefined : guarded.policy?.verdictOn(principal, action, resource, context);
    return { ...asked, own: own ?? "is silent" };
}

function explicitDenial(organization: Organization, asked: Asked): string | undefined {
    const { principal, action, resource, context, owner, own } = asked;
    const scp = denying(organization.scpsBinding(principal.accountId), asked);
    if (scp) return `with an explicit deny in a service control policy: ${scp.arn}`;
    const rcp = denying(organization.rcpsGuarding(owner ?? ""), asked);
    if (rcp) return `with an explicit deny in a resource control policy: ${rcp.arn}`;

    if (principal.kind === "rootSession") {
        const task = taskPolicy(principal.taskPolicy);
        if (task?.verdictOn(action, resource, context) !== "is silent") {
            return "with an explicit deny in a session policy";
        }
    }
    if (own === "denies") return "with an explicit deny in a resource-based policy";
    if (!isCaller(asked)) return undefined;
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

function missingPermission(organization: Organization, asked: Asked): string | undefined {
    const { principal, action, resource, context, owner, own } = asked;
    const allows = ({ policy }: Pick<OrganizationPolicy, "policy">) =>
        policy.verdictOn(action, resource, context) === "allows";

    if (!organization.scpsBinding(principal.accountId).every((step) => step.some(allows))) {
        return `because no service control policy allows the ${action} action`;
    }
    if (own !== undefined && owner !== principal.accountId) {
        const grants = own !== "is silent" && !isOwnersAlone(action);
        if (!grants) return `because no resource-based policy allows the ${action} action`;
    } else if (own === "allows") {
        // Within one account, either the identity's or the resource's own policy is enough.
        return undefined;
    }
    if (!isCaller(asked)) return undefined;
    const { callerPolicies } = organization;
    const attached = callerPolicies.attachedTo(principalArn(principal));
    const granted = attached.length === 0 || attached.some((policy) => allows({ policy }));
    const withheld = callerPolicies.withheldFrom(principal.accountId);
    if (granted && withheld?.verdictOn(action, resource, context) !== "denies") return undefined;
    return `because no identity-based policy allows the ${action} action`;
}

function denying(
    steps: readonly (readonly OrganizationPolicy[])[],
    { action, resource, context }: Asked,
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
