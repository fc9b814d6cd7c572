import type { PolicyTarget } from "./target";
import type { LockableKind } from "./kind";
import type { PolicyOwner } from "./lockout/index";

/** Who is shut out, and of what. */
export function ownerOf(
    kind: LockableKind,
    declared: PolicyTarget,
    region: string,
    organizationId: string,
): PolicyOwner {
    const { accountId } = declared;
    return { service: kind.service, accountId, organizationId, resourceArn: kind.arn(declared), region };
}
