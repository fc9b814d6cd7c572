/** A stack's resources belong to one organization; the caller may have been signed in to another by mistake. */
import { foreignOrganization, type Caller } from "./preflight";
import { RefusedByAws, type Refusal } from "./refusals";

/** What stands against going on, if the resource was last seen in another organization than the caller's. */
export function foreignTo(
    { organizationId }: { organizationId?: string },
    caller: Caller,
): Refusal | undefined {
    if (!organizationId || !caller.organizationId || organizationId === caller.organizationId)
        return undefined;
    const cause = foreignOrganization(organizationId, caller);
    return { reason: "foreign-organization", cause, detail: cause };
}

export function refuseForeignOrganization(outputs: { organizationId?: string }, caller: Caller): void {
    const refusal = foreignTo(outputs, caller);
    if (refusal) throw new RefusedByAws(refusal);
}
