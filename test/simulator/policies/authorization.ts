import { AwsError } from "../aws-error";
import type { Organization } from "../state/organization";
import type { Principal } from "../state/principals";
import type { CallerDenial } from "../state/seed";
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
    const guard = denyingPolicy(organization.rcpsGuarding(accountOf(resource)), principal, action);
    if (guard) {
        throw accessDenied(`${refused} with an explicit deny in a resource control policy: ${guard.arn}`);
    }
    if (principal.kind === "rootSession") {
        const task = taskPolicy(principal.taskPolicy);
        if (!task || !leavesOpen(task, action, resource)) {
            throw accessDenied(`${refused} with an explicit deny in a session policy`);
        }
    }
    if (isCaller(principal)) refuseCaller(organization, principal, action, resource, refused);
}

export function accessDenied(message: string): AwsError {
    return new AwsError("AccessDenied", message, 403);
}

function refuseCaller(
    organization: Organization,
    { accountId }: Principal,
    action: string,
    resource: string,
    refused: string,
): void {
    const denial = organization
        .denialsFor(accountId)
        .find(({ actions, resources }) => covers(actions, resources, action, resource));
    if (denial)
        throw accessDenied(`${refused} with an explicit deny in ${IN_WORDS[denial.by]}${named(denial)}`);
    const withheld = organization.permissionsWithheldFrom(accountId);
    if (!covers(withheld.actions, withheld.resources, action, resource)) return;
    // STS gives no reason with AssumeRoot; the other services do.
    const reason = ` because no identity-based policy allows the ${action} action`;
    throw accessDenied(action === "sts:AssumeRoot" ? refused : refused + reason);
}

const IN_WORDS: Record<CallerDenial["by"], string> = {
    "identity-based policy": "an identity-based policy",
    "permissions boundary": "a permissions boundary",
    "session policy": "a session policy",
    "VPC endpoint policy": "a VPC endpoint policy",
};

function named({ arn }: CallerDenial): string {
    return arn === undefined ? "" : `: ${arn}`;
}

function covers(actions: string[], resources = ["*"], action: string, resource: string): boolean {
    return (
        actions.some((pattern) => matchesAction(pattern, action)) &&
        resources.some((pattern) => matchesAction(pattern, resource))
    );
}

/** The account that a resource belongs to; none for `*`. */
function accountOf(resource: string): string {
    return /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(resource)?.[1] ?? "";
}

/** Root users have every permission of their account; only callers can lack one. */
function isCaller({ kind }: Principal): boolean {
    return kind === "user" || kind === "role";
}
