/**
 * The write log: a file with one JSON line before each write and one after it.
 *
 * Pulumi's state does not prove writes: a killed run may not store it, and a leaving account loses its entry.
 * `session` and `requestId` find the same call in CloudTrail.
 */
import type { MetadataBearer } from "@smithy/types";
import { codeAndMessageOf, messageOf } from "../process/error-text";
import { oncePerRun } from "../process/once-per-run";
import { currentRun } from "../process/run-context";
import { guardWrite } from "../process/shutdown";
import { printable } from "../process/printable";
import { WriteNotLogged } from "./errors/error-classes";
import { metadataOf } from "./errors/facts";
import { appendLine } from "./write-log-file";

/** One write, before it is sent. */
export interface Write {
    accountId: string;
    action: string;
    /** The kind of credential (`loginProfile` also for an allowed recovery), `bucketPolicy` or `queuePolicy`. */
    kind: string;
    id: string;
    /** The caller's ARN. */
    caller: string;
    /** The root session's access key id. */
    session: string;
}

const log = oncePerRun(() => ({ isLost: false, run: currentRun().describe() }));

/** True if a write of this run could not be logged. Then the next write cannot be logged either. */
export function isWriteLogLost(): boolean {
    return log().isLost;
}

/** AWS's answer to a write. */
export interface WriteResult {
    requestId: string;
    result: "done" | "already gone" | "already present";
    /** The number of attempts, including throttled ones. The request id is that of the last attempt. */
    attempts?: number;
}

/** Reads the result from the SDK's output, or from an error of AWS that says that there was nothing left to do. */
export function writeResult({ $metadata }: MetadataBearer, result: WriteResult["result"]): WriteResult {
    const { requestId = "", attempts } = $metadata;
    return { requestId, result, ...(attempts !== undefined && { attempts }) };
}

/**
 * Makes one write and logs it. If the first line cannot be logged, nothing is written to AWS.
 *
 * If the process is killed, the second line is missing, and the outcome of the write is unknown. AWS's answer may also be lost on
 * its way. Then the second line says `failed`, without a `status` or with a `status` of success, and the outcome is unknown too.
 *
 * @param before the text that the write overwrites or deletes, if there is one; it is logged in the first line
 */
export function logWrite(
    write: Write,
    send: () => Promise<WriteResult>,
    before?: string,
): Promise<WriteResult> {
    return guardWrite(() => sendAndLog(write, send, before));
}

async function sendAndLog(
    write: Write,
    send: () => Promise<WriteResult>,
    before?: string,
): Promise<WriteResult> {
    const fields = { ...write, ...(await log().run) };
    append({ event: "attempt", ...fields, ...(before !== undefined && { before }) });
    let answer: WriteResult;
    try {
        answer = await send();
    } catch (error) {
        append({
            event: "failed",
            ...fields,
            ...responseOf(error),
            error: codeAndMessageOf(error),
        });
        throw error;
    }
    try {
        const { result, requestId, attempts } = answer;
        append({ event: result, ...fields, requestId, ...retriesIn(attempts) });
    } catch (error) {
        throw error instanceof WriteNotLogged ? Object.assign(error, { written: true }) : error;
    }
    return answer;
}

/** `in root session ASIA… (requests 6a1f…, 90cc…)`: these ids find the writes in CloudTrail. */
export function inSession(session: string, requestIds: string[]): string {
    const known = requestIds.filter((id) => id !== "");
    const requests = known.length === 0 ? "" : ` (request${known.length > 1 ? "s" : ""} ${known.join(", ")})`;
    return `in root session ${session}${requests}`;
}

/** AWS's answer, as far as an error holds it. Without an answer, an error has at most the number of attempts. */
function responseOf(error: unknown): { requestId?: string; status?: number; attempts?: number } {
    const { requestId, httpStatusCode, attempts } = metadataOf(error);
    return {
        ...(requestId !== undefined && { requestId }),
        ...(httpStatusCode !== undefined && { status: httpStatusCode }),
        ...retriesIn(attempts),
    };
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
        throw new WriteNotLogged(messageOf(error), { cause: error });
    }
}
