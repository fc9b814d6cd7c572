/**
 * The result of a write, from the second of its two lines.
 *
 * Only a refusal by AWS shows that nothing happened. If the answer was lost or does not settle it, AWS may have carried out the write.
 * So an account that the write may have opened must not count as closed.
 */
import type { WriteResult } from "./model";
import type { RecordLine } from "./record-lines";

interface Result {
    result: WriteResult;
    /** The reason why the result differs from AWS's answer. */
    because?: string;
}

/** @param outcome the second line, if there is one */
export function resultOf(outcome: RecordLine | undefined): Result {
    if (outcome === undefined || outcome.event === "attempt")
        return unknown(
            "the line after the write is missing: the process was killed, or could not write it down",
        );
    const { event, attempts = 1 } = outcome;
    if (event === "failed") return resultOfFailure(outcome, attempts);
    if (event === "done" || attempts === 1) return { result: event };
    const because = `this is the answer to the last of ${attempts} attempts; an earlier attempt has probably made the write`;
    return { result: event, because };
}

function resultOfFailure({ requestId = "", status }: RecordLine, attempts: number): Result {
    if (status === undefined) return unknown("the answer was lost: the record has none from AWS");
    if (status < 300) return unknown(`the answer, with HTTP status ${status}, could not be read`);
    if (status >= 500)
        return unknown(`an answer with HTTP status ${status} does not say that nothing happened`);
    if (requestId === "")
        return unknown(`the answer, with HTTP status ${status} and no request id, may not be from AWS`);
    if (attempts > 1)
        return unknown(
            `AWS refused the last of ${attempts} attempts; an earlier one may have been carried out, and its answer lost`,
        );
    return { result: "failed" };
}

function unknown(because: string): Result {
    return { result: "unknown", because };
}
