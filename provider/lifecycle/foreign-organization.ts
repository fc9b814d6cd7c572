/** Refuses a caller of another organization, because a stack's resources belong to one organization. */
import type { Caller } from "../organization/preflight";
import { AwsCallFailed, type AwsFailure } from "../aws/errors/diagnose";
import { accountsOfRun } from "../run/accounts";

/** A failure if the resource was found in another organization than the caller's. If the caller's organization is unknown, it counts as another one. */
export function foreignOrganizationFailure(
    { organizationId }: { organizationId?: string },
    caller: Caller,
): AwsFailure | undefined {
    if (!organizationId || organizationId === caller.organizationId) return undefined;
    const cause = foreignOrganization(organizationId, caller);
    return { reason: "foreign-organization", cause, detail: cause };
}

export function refuseForeignOrganization(outputs: { organizationId?: string }, caller: Caller): void {
    const failure = foreignOrganizationFailure(outputs, caller);
    if (failure) throw new AwsCallFailed(failure);
}

/** Throws if the refresh has found an account of another organization in the stack. */
export function refuseForeignStack(caller: Caller): void {
    for (const organizationId of accountsOfRun().organizations())
        refuseForeignOrganization({ organizationId }, caller);
}

function foreignOrganization(
    organizationId: string,
    { arn, organizationId: callers, organizationUnknown }: Caller,
): string {
    const holds = `this stack holds accounts of the organization ${organizationId}`;
    if (!callers) {
        return (
            `${holds}, but the organization of the caller ${arn} is unknown: iam:ListOrganizationsFeatures left it out, and ${organizationUnknown}. ` +
            "Check AWS_PROFILE, allow organizations:DescribeOrganization (docs/permissions.md), then run again"
        );
    }
    return (
        `${holds}, but the caller ${arn} belongs to ${callers}. ` +
        "Check AWS_PROFILE, or select the other organization's stack. If the accounts themselves have moved there, forget them (pulumi state delete changes nothing in AWS) and run up"
    );
}
