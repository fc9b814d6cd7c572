import type { ResourcePolicy } from "../policies/resource-policy";

/** Something that an account owns and that has a policy of its own: a bucket or a queue. */
export interface OwnedResource {
    readonly name: string;
    readonly arn: string;
    readonly accountId: string;
    readonly region: string;
    readonly policy: ResourcePolicy | undefined;
}

/** A policy as a test writes it: a text, which is kept byte for byte, or a document. */
export type PolicyGiven = string | object;

export function textOf(policy: PolicyGiven): string {
    return typeof policy === "string" ? policy : JSON.stringify(policy);
}

export const HOME_REGION = "us-east-1";

/** The time of things whose age does not matter to a test. */
export const LONG_AGO = new Date("2024-01-15T09:00:00Z");
