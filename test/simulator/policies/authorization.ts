import { AwsError } from "../aws-error";
import type { Organization } from "../state/organization";
import type { Principal } from "../state/principals";
import { denyingPolicy, matchesAction } from "./service-control-policies";
import { leavesOpen, taskPolicy } from "./task-policies";

/**
 * Refuses, in AWS's words, what a policy keeps this principal from doing. The order is that of AWS's evaluation:
 * the organization's denials first, then the session's, then what the principal was never granted.
 */
export function authorize(
    organization: Organization,
    principal: Principal,
    action: string,
    resource: string,
): void {
    const refused = `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource}`;

    const policy = denyingPolicy(organization.scpsBinding(principal.accountId), principal, action);
    if (policy) {
        throw accessDenied(`${refused} with an explicit deny in a service control policy: ${policy.arn}`);
    }
    if (principal.kind === "rootSession") {
        const task = taskPolicy(principal.taskPolicy);
        if (!task || !leavesOpen(task, action, resource)) {
            throw accessDenied(`${refused} with an explicit deny in a session policy`);
        }
    }
    const withheld = organization.permissionsWithheldFrom(principal.accountId);
    if (isCaller(principal) && withheld.some((pattern) => matchesAction(pattern, action))) {
        throw accessDenied(
            // STS gives no reason with AssumeRoot; the other services do.
            action === "sts:AssumeRoot"
                ? refused
                : `${refused} because no identity-based policy allows the ${action} action`,
        );
    }
}

export function accessDenied(message: string): AwsError {
    return new AwsError("AccessDenied", message, 403);
}

/** Root users have every permission of their account; only callers can lack one. */
function isCaller({ kind }: Principal): boolean {
    return kind === "user" || kind === "role";
}
