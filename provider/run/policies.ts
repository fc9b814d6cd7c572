/** The policies that this run has inspected, backed up or declared as unlocked. Ids are those in the stack. */
import { oncePerRun } from "../process/once-per-run";
import type { OnPolicyDelete, PolicyHistory } from "../resource-policies/declaration";
import { Registry, storeOfRun } from "./store";

type PolicyEvent =
    | ({ is: "policy read"; id: string } & InspectedPolicy)
    | { is: "policy declared" | "policy forgotten"; id: string }
    | { is: "policy saved"; id: string; texts: string[] };

/** The result of inspecting a policy, and its history in the stack. */
export interface InspectedPolicy extends PolicyHistory {
    accountId: string;
    accountName?: string;
    /** The bucket's name or the queue's URL. */
    resource: string;
    onDelete: OnPolicyDelete;
    currentPolicy: string;
    locatedIn: string;
    /** False once the resource is deleted. */
    inState?: boolean;
}

export class PolicyRegistry extends Registry<PolicyEvent> {
    readonly #inspected = new Map<string, InspectedPolicy>();
    readonly #declared = new Set<string>();
    readonly #saved = new Map<string, string[]>();

    protected override apply(event: PolicyEvent): void {
        switch (event.is) {
            case "policy read":
                this.#inspected.set(event.id, event);
                break;
            case "policy forgotten": {
                const known = this.#inspected.get(event.id);
                if (known) this.#inspected.set(event.id, { ...known, inState: false });
                break;
            }
            case "policy saved":
                this.#saved.set(event.id, [...(this.#saved.get(event.id) ?? []), ...event.texts]);
                break;
            case "policy declared":
                this.#declared.add(event.id);
                break;
        }
    }

    addInspected(id: string, policy: InspectedPolicy): void {
        this.append({ is: "policy read", id, ...policy });
    }

    isInspected(id: string): boolean {
        return this.catchUp().#inspected.has(id);
    }

    isAnyInspected(): boolean {
        return this.catchUp().#inspected.size > 0;
    }

    /** The refresh's result. The resource may have any name. */
    inspected(id: string): InspectedPolicy | undefined {
        return this.catchUp().#inspected.get(id);
    }

    /** The resource has left the stack, and its history with it. */
    forget(id: string): void {
        this.append({ is: "policy forgotten", id });
    }

    /** A backup in the stack holds these texts. */
    addSaved(id: string, texts: string[]): void {
        this.append({ is: "policy saved", id, texts });
    }

    saved(id: string): string[] {
        return this.catchUp().#saved.get(id) ?? [];
    }

    addDeclared(id: string): void {
        this.append({ is: "policy declared", id });
    }

    isDeclared(id: string): boolean {
        return this.catchUp().#declared.has(id);
    }

    declaredCount(): number {
        return this.catchUp().#declared.size;
    }

    /** Policies that the program no longer declares. `isPutBack`: a delete puts back the policy that this stack has replaced. */
    removedFromProgram(): ({ id: string; isPutBack: boolean } & InspectedPolicy)[] {
        return [...this.catchUp().#inspected].flatMap(([id, policy]) => {
            if (this.#declared.has(id)) return [];
            const isPutBack = policy.onDelete !== "retain" && policy.savedPolicy !== undefined;
            return [{ ...policy, id, isPutBack }];
        });
    }
}

export const policiesOfRun = oncePerRun(() => new PolicyRegistry(storeOfRun()));
