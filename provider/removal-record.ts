/**
 * The record of what this tool changed: one JSON line before and one after each write.
 *
 * Pulumi's state is no evidence: a killed run loses it, and an account that leaves takes its entry along. The lines go to
 * the provider's output and, if `ROOT_CREDENTIALS_RECORD_FILE` is set, are appended to that file. `session` and
 * `requestId` find the same call in CloudTrail.
 */
import type { MetadataBearer, ResponseMetadata } from "@smithy/types";
import { appendFileSync, closeSync, fchmodSync, fstatSync, openSync } from "node:fs";
import { oncePerRun } from "./once-per-run";
import { unlessOrphaned } from "./orphan";
import { printable, printMachineLine } from "./printable";

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

const record = oncePerRun(() => ({ isLost: false }));

/** A write of this run could not be recorded. The next one cannot be, either. */
export function recordIsLost(): boolean {
    return record().isLost;
}

/** What AWS answered to a write: its request id, and whether there was nothing left to do. */
export interface Answer {
    requestId: string;
    result: "done" | "already gone" | "already present";
    /** How often the SDK had sent the call by then, those that AWS found too fast included. The request id is that of the last one. */
    attempts?: number;
}

/** The answer out of what the SDK made of it: an output, or an error that says that there was nothing left to do. */
export function answerIn({ $metadata }: MetadataBearer, result: Answer["result"]): Answer {
    const { requestId = "", attempts } = $metadata;
    return { requestId, result, ...(attempts !== undefined && { attempts }) };
}

/**
 * Makes one write and records it. Nothing is written to AWS when the first line cannot be recorded. A first line without
 * a second is of a process that was killed in between: what came of the write is unknown. So it is where the second line
 * says `failed` and has no `status` of AWS's answer, or one that is no refusal: an answer can be lost on its way.
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
        append({ event: "failed", ...write, ...answeredWith(error), error: inWords(error) });
        throw error;
    }
    try {
        const { result, requestId, attempts } = answer;
        append({ event: result, ...write, requestId, ...severalOf(attempts) });
    } catch (error) {
        throw error instanceof RecordNotKept ? Object.assign(error, { written: true }) : error;
    }
}

/** What an error keeps of AWS's answer. Without one it has at most the number of attempts. */
function answeredWith(error: unknown): { requestId?: string; status?: number; attempts?: number } {
    const { requestId, httpStatusCode, attempts } = metadataOf(error);
    return {
        ...(requestId !== undefined && { requestId }),
        ...(httpStatusCode !== undefined && { status: httpStatusCode }),
        ...severalOf(attempts),
    };
}

function metadataOf(error: unknown): ResponseMetadata {
    return error instanceof Error && "$metadata" in error
        ? ((error as Partial<MetadataBearer>).$metadata ?? {})
        : {};
}

function severalOf(attempts = 1): { attempts?: number } {
    return attempts > 1 ? { attempts } : {};
}

function append(line: Record<string, string | number>): void {
    const entry = { time: new Date().toISOString(), ...line };
    printMachineLine("root-credentials-record", entry);
    const file = process.env.ROOT_CREDENTIALS_RECORD_FILE;
    if (!file) return;
    try {
        appendForOwner(file, `${printable(JSON.stringify(entry))}\n`);
    } catch (error) {
        record().isLost = true;
        throw new RecordNotKept(inWords(error), { cause: error });
    }
}

/**
 * The record holds old policies and names weak accounts. A new file is its owner's alone, and so is one that everybody could read. A
 * file that only a group may read stays so, because somebody has chosen that. Pipes, devices and Windows have no such modes.
 */
function appendForOwner(file: string, text: string): void {
    const descriptor = openSync(file, "a", 0o600);
    try {
        const stats = fstatSync(descriptor);
        const hasMode = stats.isFile() && process.platform !== "win32";
        if (hasMode && (stats.mode & 0o007) !== 0) fchmodSync(descriptor, 0o600);
        appendFileSync(descriptor, text);
    } finally {
        closeSync(descriptor);
    }
}

function inWords(error: unknown): string {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
