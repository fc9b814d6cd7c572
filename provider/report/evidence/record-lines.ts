/** Reads the lines of the record of writes out of its file. */
import type { Write } from "../../removal-record";
import type { DamagedLine } from "./model";
import { InvalidInput } from "../invalid-input";

/** One line of the record, as `provider/removal-record.ts` writes it. */
export interface RecordLine extends Write {
    time: string;
    event: (typeof EVENTS)[number];
    /** Pulumi's names, and the run's identity, as far as the process that wrote knew them. */
    project?: string;
    stack?: string;
    run?: string;
    requestId?: string;
    /** How often the SDK sent it, if more than once. */
    attempts?: number;
    /** Of `failed`: the HTTP status of the answer, if there was one. */
    status?: number;
    error?: string;
    before?: string;
}

const EVENTS = ["attempt", "done", "already gone", "already present", "failed"] as const;
const REQUIRED = ["time", "event", "accountId", "action", "kind", "id", "caller", "session"] as const;
const OPTIONAL = ["project", "stack", "run", "requestId", "error", "before"] as const;
const NUMBERS = ["attempts", "status"] as const;
/** What queries and commands are made of has its shape, or is not read. */
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

/** Each line begins so. No string within a line does, because its quotation marks are escaped. */
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
            ? "cut off, as when the process is killed while it writes the line: what it was about is not known from here"
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
