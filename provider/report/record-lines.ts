/**
 * Finding the lines of the record of writes in a file: in the one that was kept for them, and in the log of a pipeline, where each
 * is printed behind whatever the CLI and the pipeline put before it, at times twice, with colours.
 */
import { stripVTControlCharacters } from "node:util";
import type { DamagedLine } from "./evidence";
import { Unusable } from "./unusable";

/** One line of the record, as `provider/removal-record.ts` writes it. */
export interface RecordLine {
    time: string;
    event: (typeof EVENTS)[number];
    accountId: string;
    action: string;
    kind: string;
    id: string;
    caller: string;
    session: string;
    requestId?: string;
    error?: string;
    before?: string;
}

const EVENTS = ["attempt", "done", "already gone", "already present", "failed"] as const;
const REQUIRED = ["time", "event", "accountId", "action", "kind", "id", "caller", "session"] as const;
const OPTIONAL = ["requestId", "error", "before"] as const;

export interface FoundRecord {
    record: RecordLine;
    text: string;
    line: number;
}

export interface LinesOfFile {
    /** In the order of the file. */
    records: FoundRecord[];
    damaged: DamagedLine[];
}

const MARKER = "root-credentials-record";
/** How every record begins, and nothing within one: quotation marks in its strings are escaped. */
const BEGINNING = '{"time":"';

/** @throws Unusable if there is nothing of a record in the file */
export function recordLinesOf({ name, text }: { name: string; text: string }): LinesOfFile {
    const lines = text.split("\n").map((line) => stripVTControlCharacters(line).replace(/[\r\ufeff]/g, ""));
    const isLog = lines.some(isOfLog);
    const found: LinesOfFile = { records: [], damaged: [] };
    for (const [index, line] of lines.entries()) {
        for (const piece of isLog ? piecesOfLog(line) : piecesOfRecord(line)) {
            const record = recordOf(piece);
            if (typeof record === "object") found.records.push({ record, text: piece, line: index + 1 });
            else found.damaged.push({ file: name, line: index + 1, because: record, text: piece });
        }
    }
    const nothing = found.records.length === 0 && !found.damaged.some((each) => isOfRecord(each.text));
    if (nothing) throw new Unusable(nothingIn(name));
    return found;
}

/** What was lost by a cut is in the report all the same if the whole line is somewhere else. */
export function isCopyOf({ text }: DamagedLine, whole: string): boolean {
    const start = text.replace(/\s*(\.\.\.|…)?$/, "");
    return /"accountId":"\d{12}"/.test(start) && whole.startsWith(start);
}

function nothingIn(name: string): string {
    return (
        `${name} holds no record of a write. Expected is the file that ROOT_CREDENTIALS_RECORD_FILE named, with one JSON line for ` +
        `each attempt and one for each outcome, or a pipeline's log with lines that contain "${MARKER} {...}". ` +
        "A run that had nothing to remove leaves no record."
    );
}

function isOfRecord(text: string): boolean {
    return text.startsWith(BEGINNING) || text.includes(MARKER);
}

/** In a file of records everything is to be a record: two in one line where the first was cut by a kill. */
function piecesOfRecord(line: string): string[] {
    return splitAt(line)
        .flatMap((piece) => (piece.startsWith(BEGINNING) ? splitAfterObject(piece) : [piece]))
        .map((piece) => piece.trim())
        .filter(Boolean);
}

/** The marker stands before a record. Within one it may stand too, in the text of a policy. */
function isOfLog(line: string): boolean {
    return (line.split(BEGINNING, 1)[0] ?? "").includes(MARKER);
}

/** In a log most is not a record. What stands behind the marker is to be one, and what has an event. */
function piecesOfLog(line: string): string[] {
    let before = "";
    return splitAt(line).flatMap((piece) => {
        const marked = before.trimEnd().endsWith(MARKER);
        before = piece;
        if (!piece.startsWith(BEGINNING)) return cutAtItsBeginning(piece);
        const [object = ""] = splitAfterObject(piece);
        return marked || object.includes('"event":"') ? [object.trim()] : [];
    });
}

/** The marker and the first letters of a record. A command in the log may name the marker too. */
function cutAtItsBeginning(piece: string): string[] {
    const [, after = ""] = new RegExp(`${MARKER} (\\S+)$`).exec(piece.trimEnd()) ?? [];
    return after !== "" && BEGINNING.startsWith(after) ? [`${MARKER} ${after}`] : [];
}

function splitAt(line: string): string[] {
    return line.split(/(?=\{"time":")/);
}

/** The JSON object that it begins with, and what comes after it. */
function splitAfterObject(text: string): string[] {
    let depth = 0;
    let isString = false;
    for (let at = 0; at < text.length; at++) {
        const each = text[at];
        if (isString && each === "\\") at++;
        else if (each === '"') isString = !isString;
        else if (!isString && each === "{") depth++;
        else if (!isString && each === "}" && --depth === 0)
            return [text.slice(0, at + 1), text.slice(at + 1)];
    }
    return [text];
}

/** The record, or what is wrong with it. */
function recordOf(text: string): RecordLine | string {
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch {
        return isOfRecord(text)
            ? "cut off, as when the process is killed while it writes the line: what it was about is not known from here"
            : "no JSON, and so no line of the record";
    }
    if (typeof value !== "object" || value === null) return "no JSON object, and so no line of the record";
    const fields = value as Record<string, unknown>;
    const wrong =
        REQUIRED.find((name) => typeof fields[name] !== "string" || fields[name] === "") ??
        OPTIONAL.find((name) => fields[name] !== undefined && typeof fields[name] !== "string");
    if (wrong !== undefined) return `no line of the record: ${wrong} is missing, or no text`;
    const record = value as RecordLine;
    if (
        !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(record.time) ||
        Number.isNaN(Date.parse(record.time))
    )
        return `no line of the record: ${JSON.stringify(record.time)} is no time in UTC`;
    if (!EVENTS.includes(record.event))
        return `not known to this version: the event ${JSON.stringify(record.event)}`;
    if (!/^\d{12}$/.test(record.accountId)) return "no line of the record: accountId is not 12 digits";
    return record;
}
