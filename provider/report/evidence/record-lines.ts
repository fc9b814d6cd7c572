/** Parses a file of the record of writes into its lines. */
import type { Write } from "../../aws/write-log";
import type { DamagedLine } from "./model";
import { InvalidInput } from "../invalid-input";

/** One line of the record, as `provider/aws/write-log.ts` writes it. */
export interface RecordLine extends Write {
    time: string;
    event: (typeof EVENTS)[number];
    /** Pulumi's names and the run's identity, if the writing process knew them. */
    project?: string;
    stack?: string;
    run?: string;
    requestId?: string;
    /** The number of times that the SDK sent the call, if more than one. */
    attempts?: number;
    /** The HTTP status of the answer to a failed write, if there was an answer. */
    status?: number;
    error?: string;
    before?: string;
}

const EVENTS = ["attempt", "done", "already gone", "already present", "failed"] as const;
const REQUIRED = ["time", "event", "accountId", "action", "kind", "id", "caller", "session"] as const;
const OPTIONAL = ["project", "stack", "run", "requestId", "error", "before"] as const;
const NUMBERS = ["attempts", "status"] as const;
/** These fields become part of commands and queries, so a line with another shape counts as damaged. */
const SHAPES = {
    accountId: [/^\d{12}$/, "12 digits"],
    action: [/^[a-z][a-z0-9-]*:[A-Za-z][A-Za-z0-9]*$/, "an action as in IAM policies"],
    session: [/^[A-Z0-9]{16,128}$/, "an access key id"],
} as const;

export interface FoundRecord {
    record: RecordLine;
    line: number;
}

export interface LinesOfFile {
    /** In the order of the file. */
    records: FoundRecord[];
    damaged: DamagedLine[];
}

/** The beginning of each line. No string within a line begins so, because its quotation marks are escaped. */
const BEGINNING = '{"time":"';

/** @throws InvalidInput if the file holds no line of the record */
export function recordLinesOf({ name, text }: { name: string; text: string }): LinesOfFile {
    const found: LinesOfFile = { records: [], damaged: [] };
    for (const [index, line] of text.split("\n").entries()) {
        for (const piece of piecesOf(line.trim())) {
            const record = recordOf(piece);
            if (typeof record === "object") found.records.push({ record, line: index + 1 });
            else found.damaged.push({ file: name, line: index + 1, because: record, text: piece });
        }
    }
    if (found.records.length === 0 && !found.damaged.some(({ text: piece }) => piece.startsWith(BEGINNING)))
        throw new InvalidInput(
            `${name} holds no record of a write. Expected is the file that pulumi up appends to: ROOT_CREDENTIALS_RECORD_FILE, ` +
                "by default .root-credentials/record.jsonl beside Pulumi.yaml. A run that had nothing to remove leaves no record.",
        );
    return found;
}

/** If a kill cuts a line off, the next process appends its own line right behind it. */
function piecesOf(line: string): string[] {
    const pieces = line.split(/(?=\{"time":")/);
    const [first = ""] = pieces;
    const isRecord = first.startsWith(BEGINNING) || BEGINNING.startsWith(first);
    return (isRecord ? pieces : [line]).filter(Boolean);
}

function isCount(value: unknown): boolean {
    return Number.isSafeInteger(value) && Number(value) > 0;
}

/** The record, or what is wrong with it. */
function recordOf(text: string): RecordLine | string {
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch {
        return text.startsWith(BEGINNING) || BEGINNING.startsWith(text)
            ? "cut off, as when the process is killed while it writes the line: the write it belongs to is unknown"
            : "no JSON, and so no line of the record";
    }
    if (typeof value !== "object" || value === null) return "no JSON object, and so no line of the record";
    const fields = value as Record<string, unknown>;
    const wrong =
        REQUIRED.find((name) => typeof fields[name] !== "string" || fields[name] === "") ??
        OPTIONAL.find((name) => fields[name] !== undefined && typeof fields[name] !== "string");
    if (wrong !== undefined) return `no line of the record: ${wrong} is missing, or no text`;
    const odd = NUMBERS.find((name) => fields[name] !== undefined && !isCount(fields[name]));
    if (odd !== undefined) return `no line of the record: ${odd} is no number`;
    const record = value as RecordLine;
    if (
        !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(record.time) ||
        Number.isNaN(Date.parse(record.time))
    )
        return `no line of the record: ${JSON.stringify(record.time)} is no time in UTC`;
    if (!EVENTS.includes(record.event))
        return `not known to this version: the event ${JSON.stringify(record.event)}`;
    const misshapen = Object.entries(SHAPES).find(
        ([name, [shape]]) => !shape.test(record[name as keyof typeof SHAPES]),
    );
    if (misshapen) return `no line of the record: ${misshapen[0]} is not ${misshapen[1][1]}`;
    return record;
}
