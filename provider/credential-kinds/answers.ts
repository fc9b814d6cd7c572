import type { MetadataBearer } from "@smithy/types";
import { NoSuchEntityException } from "@aws-sdk/client-iam";

/** AWS answered with success but without the content that was asked for. The SDK does not treat that as an error. */
export class IncompleteAnswer extends Error {
    override readonly name = "IncompleteAnswer";

    constructor(readonly missing: string) {
        super(`AWS answered without ${missing}`);
    }
}

/** The value, or `IncompleteAnswer` naming what should have been there. */
export function required<T>(value: T | undefined | null, name: string): T {
    if (value === undefined || value === null) throw new IncompleteAnswer(name);
    return value;
}

/** Runs a removal; a credential that somebody else removed meanwhile is what we wanted. Answers the request id. */
export async function removedOrGone(removal: Promise<MetadataBearer>): Promise<string> {
    try {
        return (await removal).$metadata.requestId ?? "";
    } catch (error) {
        if (error instanceof NoSuchEntityException) return error.$metadata.requestId ?? "";
        throw error;
    }
}

/** A time as AWS gives it, in ISO 8601; left out where AWS leaves it out. */
export function created(time: Date | undefined): { created?: string } {
    return time === undefined ? {} : { created: time.toISOString() };
}
