import { resourcePolicyIn, type ResourcePolicy, type ResourcePolicyRules } from "../policies/resource-policy";
import { HOME_REGION, LONG_AGO, textOf, type OwnedResource, type PolicyGiven } from "./owned-resource";
import type { BucketSeed } from "./seed";

export interface Bucket extends OwnedResource {
    readonly created: Date;
    policy: ResourcePolicy | undefined;
}

const NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** API_PutBucketPolicy: 20 KB. */
const MOST_BYTES = 20 * 1024;

/** Every account's buckets. A name belongs to one of them only, whatever the account and the region. */
export class Buckets {
    /** How many S3 lists on one page. */
    pageSize = 10_000;
    readonly #byName = new Map<string, Bucket>();

    constructor(private readonly partition: string) {}

    /** Throws for a policy that AWS would refuse, or that could not be judged faithfully; so does `setPolicy`. */
    create(accountId: string, { name, region = HOME_REGION, policy }: BucketSeed): Bucket {
        if (!NAME.test(name))
            throw new Error(`a bucket's name is 3 to 63 of a-z, 0-9, "-" and ".", got "${name}"`);
        if (this.#byName.has(name)) throw new Error(`there is a bucket ${name} already`);
        const arn = `arn:${this.partition}:s3:::${name}`;
        const bucket: Bucket = { name, arn, accountId, region, created: LONG_AGO, policy: undefined };
        if (policy !== undefined) bucket.policy = policyOfBucket(arn, policy);
        this.#byName.set(name, bucket);
        return bucket;
    }

    find(name: string): Bucket | undefined {
        return this.#byName.get(name);
    }

    /** The bucket that an ARN names, or that the object belongs to. */
    withArn(arn: string): Bucket | undefined {
        const [, name] = /^arn:[^:]*:s3:::([^/]+)/.exec(arn) ?? [];
        return name === undefined ? undefined : this.#byName.get(name);
    }

    /** In the order of their names, as S3 lists them. */
    ownedBy(accountId: string): Bucket[] {
        return [...this.#byName.values()]
            .filter((bucket) => bucket.accountId === accountId)
            .sort((one, other) => (one.name < other.name ? -1 : 1));
    }

    /** The text of its policy, if it has one. */
    policyOf(name: string): string | undefined {
        return this.#named(name).policy?.text;
    }

    /** Undefined takes it away. */
    setPolicy(name: string, policy: PolicyGiven | undefined): void {
        const bucket = this.#named(name);
        bucket.policy = policy === undefined ? undefined : policyOfBucket(bucket.arn, policy);
    }

    remove(name: string): void {
        this.#byName.delete(this.#named(name).name);
    }

    #named(name: string): Bucket {
        const bucket = this.#byName.get(name);
        if (!bucket) throw new Error(`no bucket ${name} in the simulated organization`);
        return bucket;
    }
}

function policyOfBucket(arn: string, policy: PolicyGiven): ResourcePolicy {
    const rules: ResourcePolicyRules = {
        service: "s3",
        mostBytes: MOST_BYTES,
        covers: (resource) => resource === arn || resource.startsWith(`${arn}/`),
    };
    return resourcePolicyIn(textOf(policy), rules);
}
