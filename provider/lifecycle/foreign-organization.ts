/** A stack's resources belong to one organization; the caller may have been signed in to another by mistake. */
import type { Caller } from "../organization/preflight";
import { AwsCallFailed, type AwsFailure } from "../aws/errors/diagnose";
import { accountsOfRun } from "../run/accounts";

/** A failure if the resource was last seen in another organization than the caller's. The caller's unknown organization counts as another one. */
export function foreignTo(
    { organizationId }: { organizationId?: string },
    caller: Caller,
): AwsFailure | undefined {
    if (!organizationId || organizationId === caller.organizationId) return undefined;
    const cause = foreignOrganization(organizationId, caller);
    return { reason: "foreign-organization", cause, detail: cause };
}

export function refuseForeignOrganization(outputs: { organizationId?: string }, caller: Caller): void {
    const failure = foreignTo(outputs, caller);
    if (failure) throw new AwsCallFailed(failure);
}

/** Throws where the refresh has met an account of another organization in the stack. */
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
            `${holds}, and AWS does not say which organization the caller ${arn} belongs to: iam:ListOrganizationsFeatures left it out, and ${organizationUnknown}. ` +
            "Check AWS_PROFILE, allow organizations:DescribeOrganization (docs/permissions.md), then run again"
        );
    }
    return (
        `${holds}, but the caller ${arn} belongs to ${callers}; ` +
        "check AWS_PROFILE, or select the other organization's stack. If the accounts themselves moved there, forget them (pulumi state delete changes nothing in AWS) and run up"
    );
}
