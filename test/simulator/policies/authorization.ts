import { AwsError } from "../aws-error";
import type { Call } from "../call";
import { decide } from "./decision";
import type { PolicyRequest } from "./request-context";

/** Refuses, in AWS's words, what a policy keeps the one who signs from doing. */
export function authorize(
    { organization, principal, region }: Call,
    action: string,
    resource: string,
    keys: NonNullable<PolicyRequest["keys"]> = {},
): void {
    const decision = decide(organization, { principal, action, resource, region, keys });
    if (decision.allowed) return;
    const refused = `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource}`;
    // STS gives no reason with AssumeRoot for a permission that is missing; the other services do.
    const silent = action === "sts:AssumeRoot" && decision.because.startsWith("because no ");
    throw accessDenied(silent ? refused : `${refused} ${decision.because}`);
}

export function accessDenied(message: string): AwsError {
    return new AwsError("AccessDenied", message, 403);
}
