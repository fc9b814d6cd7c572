/**
 * The record of what this tool changed: one JSON line before and one after each write.
 *
 * Pulumi's state is no evidence: a killed run loses it, and an account that leaves takes its entry along. The lines go to
 * the provider's output and, if `ROOT_CREDENTIALS_RECORD_FILE` is set, are appended to that file. `session` and
 * `requestId` find the same call in CloudTrail.
 */
import { appendFileSync } from "node:fs";
import { codeOf, messageOf } from "./refusals";

/** What is about to be written. */
export interface Write {
    accountId: string;
    action: string;
    /** The kind of credential, `loginProfile` for an allowed recovery too. */
    kind: string;
    id: string;
    /** The caller's ARN. */
    caller: string;
    /** The root session's access key id. */
    session: string;
}

/** Makes one write and records it. Nothing is written to AWS when the first line cannot be recorded. */
export async function recorded(write: Write, send: () => Promise<string>): Promise<void> {
    append({ event: "attempt", ...write });
    try {
        const requestId = await send();
        append({ event: "done", ...write, requestId });
    } catch (error) {
        append({ event: "failed", ...write, error: `${codeOf(error)}: ${messageOf(error)}` });
        throw error;
    }
}

function append(line: Record<string, string>): void {
    const text = JSON.stringify({ time: new Date().toISOString(), ...line });
    const file = process.env.ROOT_CREDENTIALS_RECORD_FILE;
    if (file) appendFileSync(file, `${text}\n`);
    console.log(`root-credentials-record ${text}`);
}
