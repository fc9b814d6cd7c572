/**
 * Finding the lines of the record of writes in a file: in the one that was kept for them, and in the log of a pipeline, where each
 * is printed behind whatever the CLI and the pipeline put before it, at times twice, with colours.
 */
import { stripVTControlCharacters } from "node:util";
import type { Write } from "../removal-record";
import type { DamagedLine } from "./evidence";
import { Unusable } from "./unusable";

/** One line of the record, as `provider/removal-record.ts` writes it. */
export interface RecordLine extends Write {
    time: string;
    event: (typeof EVENTS)[number];
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
const OPTIONAL = ["requestId", "error", "before"] as const;
const NUMBERS = ["attempts", "status"] as const;
/** What queries and commands are made of has its shape, or is not read. */
const SHAPES = {
    accountId: [/^\d{12}$/, "12 digits"],
    action: [/^[a-z][a-z0-9-]*:[A-Za-z][A-Za-z0-9]*$/, "an action as in IAM policies"],
    session: [/^[A-Z0-9]{16,128}$/, "an access key id"],
} as const;

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
/**
 * Where a record may begin in a log. A longer word or the name of a file is something else; in JSON the marker may have letters
 * before it, those of an escaped colour or end of line.
 */
const PLACES = new RegExp(`${BEGINNING}|${MARKER}(?![\\w./"'\`-])`, "g");

/** @throws Unusable if there is nothing of a record in the file */
export function recordLinesOf({ name, text }: { name: string; text: string }): LinesOfFile {
    const lines = text.split("\n").map(withoutControls);
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

/**
 * What was lost by a cut is in the report all the same if the whole line is somewhere else.
 *
 * @param wholes the texts of all records that could be read
 */
export function withoutCopies(damaged: DamagedLine[], wholes: string[]): DamagedLine[] {
    // What begins with a text follows it in this order, with nothing else in between.
    const sorted = [...wholes].sort(compare);
    return damaged.filter(({ text }) => {
        const start = text
            .trimEnd()
            .replace(/(\.\.\.|…)$/, "")
            .trimEnd();
        if (!/"accountId":"\d{12}"/.test(start)) return true;
        let [low, high] = [0, sorted.length];
        while (low < high) {
            const middle = (low + high) >> 1;
            if (compare(sorted[middle] ?? "", start) < 0) low = middle + 1;
            else high = middle;
        }
        return !sorted[low]?.startsWith(start);
    });
}

function compare(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}

function nothingIn(name: string): string {
    return (
        `${name} holds no record of a write. Expected is the file that ROOT_CREDENTIALS_RECORD_FILE named, with one JSON line for ` +
        `each attempt and one for each outcome, or a pipeline's log with lines that contain "${MARKER}" and such a line. ` +
        "A run that had nothing to remove leaves no record."
    );
}

function isOfRecord(text: string): boolean {
    return text.startsWith(BEGINNING) || text.includes(MARKER);
}

function withoutControls(text: string): string {
    return stripVTControlCharacters(text).replace(/[\r\ufeff]/g, "");
}

/**
 * Stands before a record that the provider itself has printed: a pipeline's times and names, and the row of the resource in the engine's
 * display; or, in a log that is JSON, the beginning of a string.
 */
const BEFORE_RECORD =
    /^(?:[\w.-]+ +\| )?(?:\[[^\]"]*\] )?[^a-z"]*(?:[a-z][\w-]*:[\w/.-]+:\S+ \S+ [a-z]+(?: [a-z]+)? (?:\([\dhms.]+\) )?)?$|^\s*\{.*[^\\]"(?:\\n|\\r|\\t|\\u001[bB]\[[\d;]*m|\s)*$/;

/** In a file of records everything is to be a record: two in one line where the first was cut by a kill. */
function piecesOfRecord(line: string): string[] {
    if (!line.trimStart().startsWith(BEGINNING)) return [line.trim()].filter(Boolean);
    return line
        .split(/(?=\{"time":")/)
        .flatMap((piece) => (piece.startsWith(BEGINNING) ? splitAfterObject(piece) : [piece]))
        .map((piece) => piece.trim())
        .filter(Boolean);
}

/**
 * The marker stands before a record. Within one it may stand too, in the text of a policy. A log that is itself JSON has the
 * record escaped once, and in a record whatever looks like that is escaped more than once.
 */
function isOfLog(line: string): boolean {
    const [before = ""] = line.split(BEGINNING, 1);
    if (before.includes(MARKER)) return true;
    return new RegExp(`${MARKER}\\s*\\{\\\\"`).test(line) && typeof recordOf(line) !== "object";
}

/**
 * In a log most is not a record. What stands behind the marker is to be one, whatever it looks like, and what has an event.
 *
 * @param mayBeEscaped whether a record may stand in it as text of a JSON string
 */
function piecesOfLog(line: string, mayBeEscaped = true): string[] {
    const places = [...line.matchAll(PLACES)].map(({ 0: text, index }) => ({
        index,
        isMarker: text === MARKER,
    }));
    const pieces: string[] = [];
    let read = 0;
    let marked = -1;
    let unescapable = 0; // up to here no string of JSON goes on
    for (const [at, { index, isMarker }] of places.entries()) {
        if (index < read) continue;
        if (index !== marked && !BEFORE_RECORD.test(line.slice(read, index))) {
            // Within the text of another message, which others may have chosen.
            if (isMarker) pieces.push(line.slice(index).trim());
            break;
        }
        if (!isMarker) {
            const [object = ""] = splitAfterObject(line.slice(index, cutBefore(line, places, at)));
            if (index !== marked && isOfAnother(object)) continue;
            pieces.push(object.trim());
            read = index + object.length;
            continue;
        }
        const behind = afterSpaces(line, index + MARKER.length);
        if (line.startsWith(BEGINNING, behind)) {
            marked = behind;
            continue;
        }
        if (mayBeEscaped && behind >= unescapable && line.startsWith("{\\", behind)) {
            const { end, isJson } = stringFrom(line, behind);
            if (isJson) {
                pieces.push(
                    ...piecesOfLines(`${MARKER} ${JSON.parse(`"${line.slice(behind, end)}"`) as string}`),
                );
                read = end;
                continue;
            }
            unescapable = end;
        }
        read = places[at + 1]?.index ?? line.length;
        pieces.push(line.slice(index, read).trim());
    }
    return pieces;
}

function afterSpaces(line: string, start: number): number {
    SPACES.lastIndex = start;
    return start + (SPACES.exec(line)?.[0].length ?? 0);
}

const SPACES = /\s*/y;

function piecesOfLines(text: string): string[] {
    return text.split("\n").flatMap((line) => piecesOfLog(withoutControls(line), false));
}

interface Place {
    index: number;
    isMarker: boolean;
}

/** How far the record at one of the places can go: to the next one, and the marker of that one. */
function cutBefore(line: string, places: Place[], at: number): number {
    let next = at + 1;
    while (places[next]?.isMarker) next++;
    const { index } = places[next] ?? { index: line.length };
    const before = places[next - 1];
    const isItsMarker = before?.isMarker && line.slice(before.index + MARKER.length, index).trim() === "";
    return isItsMarker ? before.index : index;
}

/** A line of another program may begin in the same way, and may have a record in its text. */
function isOfAnother(object: string): boolean {
    return !object.includes('"event":"') || (object.includes(MARKER) && typeof recordOf(object) !== "object");
}

/** How far a JSON string goes from here on: to its end, to that of the line where it is cut off, or to what is no JSON. */
function stringFrom(line: string, start: number): { end: number; isJson: boolean } {
    let end = start;
    while (end < line.length && line[end] !== '"') {
        ESCAPE.lastIndex = end;
        const length =
            line[end] === "\\" ? (ESCAPE.exec(line)?.[0].length ?? 0) : Number((line[end] ?? "") >= " ");
        if (length === 0) return { end, isJson: /^\\(u[0-9a-fA-F]{0,3})?$/.test(line.slice(end, end + 6)) };
        end += length;
    }
    return { end, isJson: true };
}

const ESCAPE = /\\(["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

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

function isCount(value: unknown): boolean {
    return Number.isSafeInteger(value) && Number(value) > 0;
}

/** The record, or what is wrong with it. */
function recordOf(text: string): RecordLine | string {
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch {
        if (!isOfRecord(text)) return "no JSON, and so no line of the record";
        const behind = text.startsWith(MARKER) ? text.slice(MARKER.length).trimStart() : BEGINNING;
        return BEGINNING.startsWith(behind)
            ? "cut off, as when the process is killed while it writes the line: what it was about is not known from here"
            : "no record that can be read behind the marker: it was masked, cut or rewritten on its way here, or this is a command that names the marker";
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
