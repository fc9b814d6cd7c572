import type { MetadataBearer } from "@smithy/types";
import { NoSuchEntityException } from "@aws-sdk/client-iam";
import { answerIn, type Answer } from "../removal-record";

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

/** Runs a removal; a credential that is gone already (somebody else's doing, or ours, whose answer was lost) is what we wanted. */
export async function removedOrGone(removal: Promise<MetadataBearer>): Promise<Answer> {
    try {
        return answerIn(await removal, "done");
    } catch (error) {
        if (!(error instanceof NoSuchEntityException)) throw error;
        return answerIn(error, "already gone");
    }
}

/** Pages of a listing, in which no page leads back to an earlier one: following that would never end. */
export async function* wholeListing<
    Page extends {
        NextToken?: string | undefined;
        Marker?: string | undefined;
        ContinuationToken?: string | undefined;
    },
>(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
    const seen = new Set<string>();
    for await (const page of pages) {
        const next = page.NextToken ?? page.Marker ?? page.ContinuationToken;
        if (next !== undefined && seen.has(next))
            throw new IncompleteAnswer("an end: a page leads back to an earlier one");
        if (next !== undefined) seen.add(next);
        yield page;
    }
}

/** A time as AWS gives it, in ISO 8601; left out where AWS leaves it out. */
export function created(time: Date | undefined): { created?: string } {
    return time === undefined ? {} : { created: time.toISOString() };
}
