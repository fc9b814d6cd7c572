import { policyIn, type Policy, type PolicyDocument } from "../policies/document";
import type { CallerDenial } from "./seed";

/** A statement that denies an account's users and roles something, and where it stands. */
export interface Denial extends Pick<CallerDenial, "by" | "arn"> {
    readonly policy: Policy;
}

/** What users and roles may do: everything, as long as nothing is said about them here. */
export class CallerPolicies {
    /** By the ARN of the user or role. */
    readonly #identity = new Map<string, Policy[]>();
    /** By account, both. */
    readonly #withheld = new Map<string, Policy>();
    readonly #denials = new Map<string, Denial[]>();

    attach(principalArn: string, document: PolicyDocument): void {
        this.#identity.set(principalArn, [...this.attachedTo(principalArn), policyIn(document)]);
    }

    /** None: nobody has said what this user or role may do, so it may do everything. */
    attachedTo(principalArn: string): readonly Policy[] {
        return this.#identity.get(principalArn) ?? [];
    }

    detachAll(principalArn: string): void {
        this.#identity.delete(principalArn);
    }

    withhold(accountId: string, actions: string[], resources: string[]): void {
        this.#withheld.set(accountId, denying(actions, resources));
    }

    /** A policy that denies what the account's users and roles were not granted. */
    withheldFrom(accountId: string): Policy | undefined {
        return this.#withheld.get(accountId);
    }

    deny(accountId: string, { by, arn, actions, resources = ["*"] }: CallerDenial): void {
        const denial = { by, ...(arn !== undefined && { arn }), policy: denying(actions, resources) };
        this.#denials.set(accountId, [...this.denialsFor(accountId), denial]);
    }

    denialsFor(accountId: string): readonly Denial[] {
        return this.#denials.get(accountId) ?? [];
    }

    /** Takes back what was withheld and denied; identity policies stay. */
    restore(accountId: string): void {
        this.#withheld.delete(accountId);
        this.#denials.delete(accountId);
    }
}

function denying(actions: string[], resources: string[]): Policy {
    return policyIn({
        Version: "2012-10-17",
        Statement: { Effect: "Deny", Action: actions, Resource: resources },
    });
}
