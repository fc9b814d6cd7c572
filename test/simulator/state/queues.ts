import { resourcePolicyIn, type ResourcePolicy, type ResourcePolicyRules } from "../policies/resource-policy";
import type { Clock } from "./clock";
import { HOME_REGION, LONG_AGO, textOf, type OwnedResource, type PolicyGiven } from "./owned-resource";
import type { QueueSeed } from "./seed";

export interface Queue extends OwnedResource {
    readonly url: string;
    readonly created: Date;
    policy: ResourcePolicy | undefined;
    /** When its attributes were last set. */
    modified: Date;
    /** What GetQueueAttributes still shows instead of the policy that is there. */
    lingering: { readonly shown: ShownQueue; readsLeft: number } | undefined;
}

/** What of a queue may lag behind. */
export type ShownQueue = Pick<Queue, "policy" | "modified">;

const NAME = /^(?=.{1,80}$)[\w-]+(\.fifo)?$/;

/** Amazon SQS Developer Guide, "Amazon SQS policy quotas". */
export const MOST_POLICY_BYTES = 8192;

const RULES: ResourcePolicyRules = {
    service: "sqs",
    mostBytes: MOST_POLICY_BYTES,
    covers: (resource) => resource === "*" || resource.startsWith("arn:"),
};

/** Every account's queues. A name belongs to one queue of an account and region. */
export class Queues {
    /** For how many more reads GetQueueAttributes shows what was there before a SetQueueAttributes. */
    lagReads = 0;
    /** How many SQS lists on one page. */
    pageSize = 1000;
    readonly #byArn = new Map<string, Queue>();

    constructor(
        private readonly partition: string,
        private readonly clock: Clock,
    ) {}

    /** Throws for a policy that AWS would refuse, or that could not be judged faithfully; so does `setPolicy`. */
    create(accountId: string, { name, region = HOME_REGION, policy }: QueueSeed): Queue {
        if (!NAME.test(name))
            throw new Error(`a queue's name is 1 to 80 of a-z, 0-9, "-" and "_", got "${name}"`);
        const arn = this.arnOf(accountId, region, name);
        if (this.#byArn.has(arn)) throw new Error(`there is a queue ${arn} already`);
        const queue: Queue = {
            name,
            arn,
            url: `https://sqs.${region}.amazonaws.com/${accountId}/${name}`,
            accountId,
            region,
            created: LONG_AGO,
            modified: LONG_AGO,
            policy: policy === undefined ? undefined : resourcePolicyIn(textOf(policy), RULES),
            lingering: undefined,
        };
        this.#byArn.set(arn, queue);
        return queue;
    }

    arnOf(accountId: string, region: string, name: string): string {
        return `arn:${this.partition}:sqs:${region}:${accountId}:${name}`;
    }

    find(accountId: string, region: string, name: string): Queue | undefined {
        return this.withArn(this.arnOf(accountId, region, name));
    }

    withArn(arn: string): Queue | undefined {
        return this.#byArn.get(arn);
    }

    /** In the order of their names. */
    ownedBy(accountId: string, region: string): Queue[] {
        return [...this.#byArn.values()]
            .filter((queue) => queue.accountId === accountId && queue.region === region)
            .sort((one, other) => (one.name < other.name ? -1 : 1));
    }

    /** The text of its policy, if it has one: what is there, whatever reads show. */
    policyOf(accountId: string, region: string, name: string): string | undefined {
        return this.#named(accountId, region, name).policy?.text;
    }

    /** Undefined takes it away. Reads show it at once. */
    setPolicy(accountId: string, region: string, name: string, policy: PolicyGiven | undefined): void {
        this.#write(this.#named(accountId, region, name), policy);
    }

    remove(accountId: string, region: string, name: string): void {
        this.#byArn.delete(this.#named(accountId, region, name).arn);
    }

    /** The same as SQS does it: reads may lag behind. */
    setAttributes(queue: Queue, policy: string | undefined): void {
        const { modified, policy: before } = queue;
        this.#write(queue, policy);
        if (this.lagReads > 0)
            queue.lingering = { shown: { policy: before, modified }, readsLeft: this.lagReads };
    }

    /** What a read shows now, which may be what was there before. */
    shown(queue: Queue): ShownQueue {
        const { lingering } = queue;
        if (!lingering) return queue;
        if (--lingering.readsLeft <= 0) queue.lingering = undefined;
        return lingering.shown;
    }

    #write(queue: Queue, policy: PolicyGiven | undefined): void {
        queue.policy = policy === undefined ? undefined : resourcePolicyIn(textOf(policy), RULES);
        queue.modified = this.clock.now();
        queue.lingering = undefined;
    }

    #named(accountId: string, region: string, name: string): Queue {
        const queue = this.find(accountId, region, name);
        if (!queue)
            throw new Error(`no queue ${this.arnOf(accountId, region, name)} in the simulated organization`);
        return queue;
    }
}
