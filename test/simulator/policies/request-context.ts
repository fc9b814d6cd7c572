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
const CONDITION_KEYS = [
    "aws:AssumedRoot",
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalOrgID",
    "aws:PrincipalType",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:SecureTransport",
    "aws:SourceIp",
    "aws:userid",
    "aws:ViaAWSService",
    "organizations:PolicyType",
    "organizations:ServicePrincipal",
    "s3:ResourceAccount",
    "s3:TlsVersion",
    "s3:authType",
    "s3:signatureversion",
    "sts:TaskPolicyArn",
] as const;

/** Keys that no request here has: it comes from nobody's network, service or second factor, and is about no object. */
const ABSENT_KEYS = [
    "aws:MultiFactorAuthAge",
    "aws:Referer",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:VpcSourceIp",
    "s3:AccessPointNetworkOrigin",
    "s3:DataAccessPointAccount",
    "s3:DataAccessPointArn",
    "s3:LocationConstraint",
    "s3:VersionId",
    "s3:delimiter",
    "s3:max-keys",
    "s3:prefix",
    "s3:signatureAge",
];

type ConditionKey = (typeof CONDITION_KEYS)[number];
export type ServiceKey = Extract<ConditionKey, `${"organizations" | "sts"}:${string}`>;

const KNOWN = new Set([...CONDITION_KEYS, ...ABSENT_KEYS].map((key) => key.toLowerCase()));

/** The `s3:x-amz-` keys are headers that the requests here lack, but for the one that all of them have. */
export function isConditionKey(name: string): boolean {
    const key = name.toLowerCase();
    return KNOWN.has(key) || (key.startsWith("s3:x-amz-") && key !== "s3:x-amz-content-sha256");
}

/** What a request's context holds beyond the request itself. */
export interface Surroundings {
    readonly now: Date;
    /** Of the organization that the principal is in, if any. */
    readonly organizationId: string | undefined;
    /** The account that the resource belongs to, where that is known. */
    readonly owner: string | undefined;
    /** Of the organization that the owner is in, if any. */
    readonly ownersOrganizationId: string | undefined;
    /** Where the resource is, if it is in one region. */
    readonly resourceRegion: string | undefined;
}

export function contextOf(request: PolicyRequest, surroundings: Surroundings): RequestContext {
    const { principal, action, keys = {} } = request;
    const { now, organizationId, owner, ownersOrganizationId } = surroundings;
    const values: Partial<Record<ConditionKey, string | undefined>> = {
        ...keys,
        ...keysOf(principal),
        ...(action.startsWith("s3:") && { ...OF_S3, "s3:ResourceAccount": owner }),
        "aws:CurrentTime": now.toISOString(),
        "aws:EpochTime": String(Math.floor(now.getTime() / 1000)),
        "aws:PrincipalOrgID": organizationId,
        "aws:RequestedRegion": regionOf(request, surroundings),
        "aws:ResourceAccount": owner,
        "aws:ResourceOrgID": ownersOrganizationId,
        "aws:SecureTransport": "true",
        "aws:SourceIp": SOURCE_IP,
        "aws:ViaAWSService": "false",
    };
    const present = Object.entries(values).filter(([, value]) => value !== undefined);
    return new Map(present.map(([key, value]) => [key.toLowerCase(), value ?? ""]));
}

function keysOf(principal: Principal): Partial<Record<ConditionKey, string | undefined>> {
    return {
        // Only requests that are signed with AssumeRoot's credentials carry it.
        "aws:AssumedRoot": principal.kind === "rootSession" ? "true" : undefined,
        // Only temporary credentials carry it, and nobody here has shown a second factor.
        "aws:MultiFactorAuthPresent":
            principal.kind === "role" || principal.kind === "rootSession" ? "false" : undefined,
        "aws:PrincipalAccount": principal.accountId,
        "aws:PrincipalArn": principalArn(principal),
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalType": PRINCIPAL_TYPES[principal.kind],
        "aws:userid": principal.userId,
    };
}

/** IAM User Guide, "Policy variables", the table of values for each kind of principal. */
const PRINCIPAL_TYPES: Record<Principal["kind"], string> = {
    user: "User",
    role: "AssumedRole",
    root: "Account",
    rootSession: "Account",
};

/** How the SDK signs a call over today's TLS. */
const OF_S3: Partial<Record<ConditionKey, string>> = {
    "s3:TlsVersion": "1.3",
    "s3:authType": "REST-HEADER",
    "s3:signatureversion": "AWS4-HMAC-SHA256",
};

/** Where every request comes from: an address that RFC 5737 keeps for documentation. */
export const SOURCE_IP = "203.0.113.24";

/** A role's session has the role's own ARN here. */
export function principalArn(principal: Principal): string {
    return principal.kind === "role" ? principal.roleArn : principal.arn;
}

/** The account that a resource's ARN tells; none for `*`. */
export function accountOf(resource: string): string | undefined {
    return /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(resource)?.[1];
}

/** IAM and Organizations are global services, whose one endpoint counts as this region. */
const GLOBAL_REGION = "us-east-1";

function regionOf({ action, region }: PolicyRequest, { resourceRegion }: Surroundings): string {
    if (!/^(sts|s3|sqs):/.test(action)) return GLOBAL_REGION;
    return region ?? resourceRegion ?? GLOBAL_REGION;
}
