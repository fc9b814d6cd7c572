import { policyIn, type Policy } from "../policies/document";
import type { Identifiers } from "./identifiers";

export type PolicyType = "SERVICE_CONTROL_POLICY" | "RESOURCE_CONTROL_POLICY";

/** A policy of the organization. It says nothing before it is attached. */
export interface OrganizationPolicy {
    readonly id: string;
    readonly arn: string;
    readonly type: PolicyType;
    readonly awsManaged: boolean;
    readonly name: string;
    readonly description: string;
    /** The document as it was given, JSON. */
    readonly content: string;
    readonly policy: Policy;
}

export interface PolicyContent {
    type: PolicyType;
    name: string;
    description?: string;
    /** JSON. */
    content: string;
    /** Made up if left out; one that is there already takes the new content, wherever it is attached. */
    id?: string;
}

const EVERYTHING = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "*", Resource: "*" },
});

/** The organization's policies, and what each is attached to: the root, a unit or an account, by its id. */
export class OrganizationPolicies {
    readonly enabledTypes = new Set<PolicyType>(["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"]);
    readonly #policies = new Map<string, OrganizationPolicy>();
    readonly #attached = new Map<string, Set<string>>();
    /** AWS attaches FullAWSAccess to every target; it is easier to remember where it was taken away. */
    readonly #withoutFullAccess = new Set<string>();
    readonly #fullAccess: OrganizationPolicy;

    constructor(
        private readonly ids: Identifiers,
        /** `arn:aws:organizations::999988887777:policy/o-simulated1`, which the ids of its own policies follow. */
        private readonly arnPrefix: string,
    ) {
        const [, partition = ""] = arnPrefix.split(":");
        this.#fullAccess = {
            id: "p-FullAWSAccess",
            arn: `arn:${partition}:organizations::aws:policy/service_control_policy/p-FullAWSAccess`,
            type: "SERVICE_CONTROL_POLICY",
            awsManaged: true,
            name: "FullAWSAccess",
            description: "Allows access to every operation",
            content: EVERYTHING,
            policy: policyIn(JSON.parse(EVERYTHING)),
        };
    }

    /** Throws for a document that could not be judged faithfully. */
    put({
        type,
        name,
        description = "",
        content,
        id = this.ids.policy(),
    }: PolicyContent): OrganizationPolicy {
        const arn = `${this.arnPrefix}/${type.toLowerCase()}/${id}`;
        const policy = policyIn(JSON.parse(content));
        const made = { id, arn, type, awsManaged: false, name, description, content, policy };
        this.#policies.set(id, made);
        return made;
    }

    find(policyId: string): OrganizationPolicy | undefined {
        return policyId === this.#fullAccess.id ? this.#fullAccess : this.#policies.get(policyId);
    }

    /** The organization's own; FullAWSAccess is AWS's. */
    own(): OrganizationPolicy[] {
        return [...this.#policies.values()];
    }

    delete(policyId: string): void {
        this.#policies.delete(policyId);
    }

    attach(policyId: string, targetId: string): void {
        if (policyId === this.#fullAccess.id) this.#withoutFullAccess.delete(targetId);
        else this.#attached.set(targetId, new Set(this.#attached.get(targetId)).add(policyId));
    }

    detach(policyId: string, targetId: string): void {
        if (policyId === this.#fullAccess.id) this.#withoutFullAccess.add(targetId);
        else this.#attached.get(targetId)?.delete(policyId);
    }

    attachedTo(targetId: string, type: PolicyType): OrganizationPolicy[] {
        const own = [...(this.#attached.get(targetId) ?? [])].flatMap((id) => this.#policies.get(id) ?? []);
        const all = this.#withoutFullAccess.has(targetId) ? own : [this.#fullAccess, ...own];
        return all.filter((policy) => policy.type === type);
    }

    /** Of one of the organization's own. */
    targetsOf(policyId: string): string[] {
        return [...this.#attached].filter(([, ids]) => ids.has(policyId)).map(([targetId]) => targetId);
    }

    /** The target is gone, and with it all that was attached to it. */
    forget(targetId: string): void {
        this.#attached.delete(targetId);
        this.#withoutFullAccess.delete(targetId);
    }
}
