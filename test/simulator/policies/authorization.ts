import { AwsError } from "../aws-error";
import type { Call } from "../call";
import { decide } from "./decision";
import { denialText } from "./denial-text";
import type { PolicyRequest } from "./request-context";

/** Refuses, in AWS's words, what a policy keeps the one who signs from doing. */
export function authorize(
    call: Call,
    action: string,
    resource: string,
    keys: NonNullable<PolicyRequest["keys"]> = {},
): void {
    const { organization, principal, region } = call;
    const decision = decide(organization, { principal, action, resource, region, keys });
    if (decision.allowed) return;
    if (isStranger(call, resource)) throw accessDenied("Access Denied");
    // STS gives no reason with AssumeRoot for a permission that is missing; the other services do.
    const silent = action === "sts:AssumeRoot" && decision.because.startsWith("because no ");
    throw accessDenied(denialText(principal.arn, action, resource, silent ? "" : decision.because));
}

export function accessDenied(message: string): AwsError {
    return new AwsError("AccessDenied", message, 403);
}

/** S3 gives its reasons only to those of the owner's account and of its organization. */
function isStranger({ service, organization, principal: { accountId } }: Call, resource: string): boolean {
    const owner = organization.resourceNamed(resource)?.accountId;
    if (service !== "s3" || owner === undefined || owner === accountId) return false;
    return !organization.find(owner) || !organization.find(accountId);
}
