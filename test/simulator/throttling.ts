import { ACTION_NAMES, type ActionName, type Service } from "./action-names";
import type { Call } from "./call";

/** A token bucket: so many calls per second for long, so many at once. */
export interface Rate {
    perSecond: number;
    burst: number;
}

/**
 * Rates by action, or by service for its actions that have none of their own and then share one bucket. Each bucket
 * belongs to the account whose credentials sign; STS and SQS have one for each region too.
 */
export type Limits = Partial<Record<ActionName | Service, Rate>>;

/**
 * Organizations: "Throttling limits" in the Organizations User Guide, the rates per account. STS: "STS request quotas"
 * in the IAM User Guide. IAM publishes no numbers; these are a guess. For what S3 and SQS are asked here there are none.
 */
export const AWS_LIMITS: Limits = {
    sts: { perSecond: 600, burst: 600 },
    iam: { perSecond: 20, burst: 40 },
    DescribeOrganization: { perSecond: 1, burst: 2 },
    DescribeAccount: { perSecond: 20, burst: 30 },
    ListRoots: { perSecond: 1, burst: 2 },
    ListAccounts: { perSecond: 8, burst: 12 },
    ListAccountsForParent: { perSecond: 5, burst: 8 },
    ListOrganizationalUnitsForParent: { perSecond: 5, burst: 8 },
    ListParents: { perSecond: 5, burst: 8 },
    ListTagsForResource: { perSecond: 10, burst: 15 },
    ListDelegatedAdministrators: { perSecond: 5, burst: 8 },
    ListAWSServiceAccessForOrganization: { perSecond: 1, burst: 3 },
    EnableAWSServiceAccess: { perSecond: 1, burst: 2 },
    RegisterDelegatedAdministrator: { perSecond: 1, burst: 2 },
    DescribePolicy: { perSecond: 2, burst: 2 },
};

const REGIONAL = new Set<Service>(["sts", "sqs"]);

interface Bucket {
    tokens: number;
    filledAt: number;
}

export class Throttle {
    readonly #buckets = new Map<string, Bucket>();

    constructor(private readonly limits: Limits) {
        const known = new Set<string>(Object.entries(ACTION_NAMES).flat(2));
        const unknown = Object.keys(limits).find((name) => !known.has(name));
        if (unknown !== undefined) throw new Error(`limits name an action or service, got "${unknown}"`);
    }

    /** Takes a token for this call; false if there is none. */
    admits({ service, action, principal, region, organization }: Call): boolean {
        const own = this.limits[action as ActionName];
        const rate = own ?? this.limits[service];
        if (!rate) return true;
        const name = `${own ? action : service} ${principal.accountId} ${REGIONAL.has(service) ? region : ""}`;
        return takeToken(this.#bucket(name, rate), rate, organization.clock.elapsedSeconds());
    }

    #bucket(name: string, { burst }: Rate): Bucket {
        const known = this.#buckets.get(name);
        if (known) return known;
        const bucket = { tokens: burst, filledAt: -Infinity };
        this.#buckets.set(name, bucket);
        return bucket;
    }
}

function takeToken(bucket: Bucket, { perSecond, burst }: Rate, now: number): boolean {
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.filledAt) * perSecond);
    bucket.filledAt = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
}
