import type { Principal } from "../state/principals";

/** The keys of a request that conditions ask about, in lower case: IAM does not mind the case of a key. */
export type RequestContext = ReadonlyMap<string, string>;

/** What is asked, by whom, of what. */
export interface PolicyRequest {
    readonly principal: Principal;
    readonly action: string;
    readonly resource: string;
    readonly region?: string;
    /** The keys that only this action has, such as `sts:TaskPolicyArn`. */
    readonly keys?: Readonly<Partial<Record<ServiceKey, string>>>;
}

/** Single-valued all of them; a document that names another key cannot be judged here. */
export const CONDITION_KEYS = [
    "aws:AssumedRoot",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "organizations:PolicyType",
    "organizations:ServicePrincipal",
    "sts:TaskPolicyArn",
] as const;

export type ServiceKey = Extract<(typeof CONDITION_KEYS)[number], `${"organizations" | "sts"}:${string}`>;

export function isConditionKey(name: string): boolean {
    return CONDITION_KEYS.some((key) => key.toLowerCase() === name.toLowerCase());
}

/** @param organizationId of the principal's organization, if it is in one */
export function contextOf(request: PolicyRequest, organizationId: string | undefined): RequestContext {
    const { principal, action, resource, region = GLOBAL_REGION, keys = {} } = request;
    const values: Partial<Record<(typeof CONDITION_KEYS)[number], string | undefined>> = {
        ...keys,
        "aws:PrincipalArn": principalArn(principal),
        "aws:PrincipalAccount": principal.accountId,
        "aws:PrincipalOrgID": organizationId,
        "aws:RequestedRegion": action.startsWith("sts:") ? region : GLOBAL_REGION,
        "aws:ResourceAccount": accountOf(resource),
        // Only requests that are signed with AssumeRoot's credentials carry it.
        "aws:AssumedRoot": principal.kind === "rootSession" ? "true" : undefined,
    };
    const present = Object.entries(values).filter(([, value]) => value !== undefined);
    return new Map(present.map(([key, value]) => [key.toLowerCase(), value ?? ""]));
}

/** A role's session has the role's own ARN here. */
export function principalArn(principal: Principal): string {
    return principal.kind === "role" ? principal.roleArn : principal.arn;
}

/** The account that a resource belongs to; none for `*`. */
export function accountOf(resource: string): string | undefined {
    return /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(resource)?.[1];
}

/** IAM and Organizations are global services, whose one endpoint counts as this region. */
const GLOBAL_REGION = "us-east-1";
