/**
 * The record of what this tool changed: a file with one JSON line before and one after each write.
 *
 * Pulumi's state is no evidence: a killed run loses it, and an account that leaves takes its entry along. `session` and
 * `requestId` find the same call in CloudTrail.
 */
import type { MetadataBearer, ResponseMetadata } from "@smithy/types";
import { codeOf, messageOf } from "../process/error-text";
import { oncePerRun } from "../process/once-per-run";
import { currentRun } from "../process/run-context";
import { guardWrite } from "../process/shutdown";
import { printable } from "../process/printable";
import { WriteNotLogged } from "./errors/error-classes";
import { appendLine } from "./write-log-file";

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

const log = oncePerRun(() => ({ isLost: false, run: currentRun().describe() }));

/** A write of this run could not be recorded. The next one cannot be, either. */
export function isWriteLogLost(): boolean {
    return log().isLost;
}

/** What AWS answered to a write: its request id, and whether there was nothing left to do. */
export interface WriteResult {
    requestId: string;
    result: "done" | "already gone" | "already present";
    /** How often the SDK had sent the call by then, those that AWS found too fast included. The request id is that of the last one. */
    attempts?: number;
}

/** The answer out of what the SDK made of it: an output, or an error that says that there was nothing left to do. */
export function writeResult({ $metadata }: MetadataBearer, result: WriteResult["result"]): WriteResult {
    const { requestId = "", attempts } = $metadata;
    return { requestId, result, ...(attempts !== undefined && { attempts }) };
}

/**
 * Makes one write and records it. Nothing is written to AWS when the first line cannot be recorded. A first line without
 * a second is of a process that was killed in between: what came of the write is unknown. So it is where the second line
 * says `failed` and has no `status` of AWS's answer, or one that is no failure: an answer can be lost on its way.
 *
 * @param before the text that is about to be overwritten or deleted, where there is one; it is in the first line
 */
export function logWrite(write: Write, send: () => Promise<WriteResult>, before?: string): Promise<WriteResult> {
    return guardWrite(() => sendAndLog(write, send, before));
}

async function sendAndLog(write: Write, send: () => Promise<WriteResult>, before?: string): Promise<WriteResult> {
    const known = { ...write, ...(await log().run) };
    append({ event: "attempt", ...known, ...(before !== undefined && { before }) });
    let answer: WriteResult;
    try {
        answer = await send();
    } catch (error) {
        append({
            event: "failed",
            ...known,
            ...responseOf(error),
            error: `${codeOf(error)}: ${messageOf(error)}`,
        });
        throw error;
    }
    try {
        const { result, requestId, attempts } = answer;
        append({ event: result, ...known, requestId, ...retriesIn(attempts) });
    } catch (error) {
        throw error instanceof WriteNotLogged ? Object.assign(error, { written: true }) : error;
    }
    return answer;
}

/** `in root session ASIA… (requests 6a1f…, 90cc…)`: the ids by which CloudTrail finds writes. */
export function inSession(session: string, requestIds: string[]): string {
    const known = requestIds.filter((id) => id !== "");
    const requests = known.length === 0 ? "" : ` (request${known.length > 1 ? "s" : ""} ${known.join(", ")})`;
    return `in root session ${session}${requests}`;
}

/** What an error keeps of AWS's answer. Without one it has at most the number of attempts. */
function responseOf(error: unknown): { requestId?: string; status?: number; attempts?: number } {
    const { requestId, httpStatusCode, attempts } = metadataOf(error);
    return {
        ...(requestId !== undefined && { requestId }),
        ...(httpStatusCode !== undefined && { status: httpStatusCode }),
        ...retriesIn(attempts),
    };
}

function metadataOf(error: unknown): ResponseMetadata {
    return error instanceof Error && "$metadata" in error
        ? ((error as Partial<MetadataBearer>).$metadata ?? {})
        : {};
}

function retriesIn(attempts = 1): { attempts?: number } {
    return attempts > 1 ? { attempts } : {};
}

function append(line: Record<string, string | number>): void {
    const entry = { time: new Date().toISOString(), ...line };
    try {
        appendLine(`${printable(JSON.stringify(entry))}\n`);
    } catch (error) {
        log().isLost = true;
        throw new WriteNotLogged((error as Error).message, { cause: error });
    }
}
