/**
 * The record of what this tool changed: one JSON line before and one after each write.
 *
 * Pulumi's state is no evidence: a killed run loses it, and an account that leaves takes its entry along. The lines go to
 * the provider's output and, if `ROOT_CREDENTIALS_RECORD_FILE` is set, are appended to that file. `session` and
 * `requestId` find the same call in CloudTrail.
 */
import { appendFileSync } from "node:fs";
import { unlessOrphaned } from "./orphan";

/** What is about to be written. */
export interface Write {
    accountId: string;
    action: string;
    /** The kind of credential, `loginProfile` for an allowed recovery too; `bucketPolicy`, `queuePolicy`. */
    kind: string;
    id: string;
    /** The caller's ARN. */
    caller: string;
    /** The root session's access key id. */
    session: string;
}

/** A line could not be appended to the file that ROOT_CREDENTIALS_RECORD_FILE names. */
export class RecordNotKept extends Error {
    override readonly name = "RecordNotKept";
    /** The write was made all the same: the line that failed is the one after it. */
    written = false;
}

/** What AWS answered to a write: its request id, and whether there was nothing left to do. */
export interface Answer {
    requestId: string;
    result: "done" | "already gone" | "already present";
}

/**
 * Makes one write and records it. Nothing is written to AWS when the first line cannot be recorded. A first line without
 * a second is of a process that was killed in between: what came of the write is unknown.
 *
 * @param before the text that is about to be overwritten or deleted, where there is one; it is in the first line
 */
export function recorded(write: Write, send: () => Promise<Answer>, before?: string): Promise<void> {
    return unlessOrphaned(() => makeAndRecord(write, send, before));
}

async function makeAndRecord(write: Write, send: () => Promise<Answer>, before?: string): Promise<void> {
    append({ event: "attempt", ...write, ...(before !== undefined && { before }) });
    let answer: Answer;
    try {
        answer = await send();
    } catch (error) {
        append({ event: "failed", ...write, error: inWords(error) });
        throw error;
    }
    try {
        append({ event: answer.result, ...write, requestId: answer.requestId });
    } catch (error) {
        throw error instanceof RecordNotKept ? Object.assign(error, { written: true }) : error;
    }
}

function append(line: Record<string, string>): void {
    const text = JSON.stringify({ time: new Date().toISOString(), ...line });
    console.log(`root-credentials-record ${text}`);
    const file = process.env.ROOT_CREDENTIALS_RECORD_FILE;
    if (!file) return;
    try {
        appendFileSync(file, `${text}\n`);
    } catch (error) {
        throw new RecordNotKept(inWords(error), { cause: error });
    }
}

function inWords(error: unknown): string {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
