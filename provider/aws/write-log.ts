/**
 * The record of what this tool changed: a file with one JSON line before and one after each write.
 *
 * Pulumi's state is no evidence: a killed run loses it, and an account that leaves takes its entry along. `session` and
 * `requestId` find the same call in CloudTrail.
 */
import * as pulumi from "@pulumi/pulumi";
import type { MetadataBearer, ResponseMetadata } from "@smithy/types";
import {
    accessSync,
    closeSync,
    constants,
    existsSync,
    fchmodSync,
    fstatSync,
    mkdirSync,
    openSync,
    statSync,
    writeFileSync,
    writeSync,
} from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { engineOfRun, isProviderProcess } from "../run/engine";
import { oncePerRun } from "../process/once-per-run";
import { guardWrite } from "../run/engine-watchdog";
import { printable } from "../process/printable";
import { thisRun } from "../run/this-run";

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

/** A line could not be appended to the file. */
export class RecordNotKept extends Error {
    override readonly name = "RecordNotKept";
    /** The write was made all the same: the line that failed is the one after it. */
    written = false;
}

const record = oncePerRun(() => ({ isLost: false, writer: whichRun() }));

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
export function logWrite(write: Write, send: () => Promise<Answer>, before?: string): Promise<Answer> {
    return guardWrite(() => makeAndRecord(write, send, before));
}

async function makeAndRecord(write: Write, send: () => Promise<Answer>, before?: string): Promise<Answer> {
    const known = { ...write, ...(await record().writer) };
    append({ event: "attempt", ...known, ...(before !== undefined && { before }) });
    let answer: Answer;
    try {
        answer = await send();
    } catch (error) {
        append({ event: "failed", ...known, ...answeredWith(error), error: inWords(error) });
        throw error;
    }
    try {
        const { result, requestId, attempts } = answer;
        append({ event: result, ...known, requestId, ...severalOf(attempts) });
    } catch (error) {
        throw error instanceof RecordNotKept ? Object.assign(error, { written: true }) : error;
    }
    return answer;
}

/** `in root session ASIA… (requests 6a1f…, 90cc…)`: the ids by which CloudTrail finds writes. */
export function inSession(session: string, requestIds: string[]): string {
    const known = requestIds.filter((id) => id !== "");
    const requests = known.length === 0 ? "" : ` (request${known.length > 1 ? "s" : ""} ${known.join(", ")})`;
    return `in root session ${session}${requests}`;
}

/** A run without a program (`pulumi destroy`) has no root resource, and the engine tells the stack's name in no other way. */
async function whichRun(): Promise<{ project?: string; stack?: string; run?: string }> {
    const connection = await engineOfRun()
        ?.connection()
        .catch(() => undefined);
    const root = (await connection?.rootResource().catch(() => "")) ?? "";
    const [, stack] = /^urn:pulumi:(.+?)::/.exec(root) ?? [];
    const { PULUMI_PROJECT: project } = process.env;
    const run = thisRun.id();
    return { ...(project && { project }), ...(stack && { stack }), ...(run && { run }) };
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
    try {
        appendForOwner(`${printable(JSON.stringify(entry))}\n`);
    } catch (error) {
        record().isLost = true;
        throw new RecordNotKept((error as Error).message, { cause: error });
    }
}

/**
 * The record holds old policies and names weak accounts. A new file is its owner's alone, and so is one that everybody could read. A
 * file that only a group may read stays so, because somebody has chosen that. Pipes, devices and Windows have no such modes.
 *
 * Each line is one write at the end of the file, because several processes of a run append to it.
 */
function appendForOwner(text: string): void {
    const file = recordFile();
    makeFolder(file);
    const descriptor = openSync(file, "a", 0o600);
    try {
        const stats = fstatSync(descriptor);
        const hasMode = stats.isFile() && process.platform !== "win32";
        if (hasMode && (stats.mode & 0o007) !== 0) fchmodSync(descriptor, 0o600);
        const bytes = Buffer.from(text);
        if (writeSync(descriptor, bytes) < bytes.length)
            throw new Error(`${file} took only a part of a line; its disk may be full`);
    } finally {
        closeSync(descriptor);
    }
}

function makeFolder(file: string): void {
    const folder = dirname(file);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const ignored = join(folder, ".gitignore");
    if (nameGiven() === "" && !existsSync(ignored)) writeFileSync(ignored, "*\n");
}

function nameGiven(): string {
    return process.env.ROOT_CREDENTIALS_RECORD_FILE ?? "";
}

function recordFile(): string {
    return resolve(programFolder(), nameGiven() || join(".root-credentials", "record.jsonl"));
}

/** The folder of Pulumi.yaml. With `main`, both processes run in a folder below it. Pulumi tells the folder to the program only. */
function programFolder(): string {
    return (isProviderProcess() ? undefined : folderToldToProgram()) ?? folderOfPulumiYaml(process.cwd());
}

/** Undefined in an inline program of the Automation API. */
function folderToldToProgram(): string | undefined {
    const folder = pulumi.getRootDirectory();
    return isAbsolute(folder) ? folder : undefined;
}

function folderOfPulumiYaml(start: string): string {
    for (let folder = start; ; folder = dirname(folder)) {
        if (["yaml", "yml", "json"].some((ending) => existsSync(join(folder, `Pulumi.${ending}`))))
            return folder;
        if (dirname(folder) === folder) return start;
    }
}

/** Throws if the file cannot be written. Creates nothing, so that a preview may ask too. */
export function assertRecordCanBeKept(): void {
    const isInline = engineOfRun() !== undefined && !isProviderProcess() && !folderToldToProgram();
    // The provider's process may run in another folder than an inline program.
    if (isInline && !isAbsolute(nameGiven())) return;
    const file = recordFile();
    try {
        assertWritable(file);
    } catch (error) {
        const setting = nameGiven() ? `is "${nameGiven()}"` : "is not set, so this is the default";
        throw new Error(
            `the record of writes cannot be kept in ${file} (ROOT_CREDENTIALS_RECORD_FILE ${setting}): ${(error as Error).message}. ` +
                "Without a record nothing is written to AWS. Make the file writable, or set ROOT_CREDENTIALS_RECORD_FILE to one that is.",
            { cause: error },
        );
    }
}

const { W_OK, X_OK } = constants;

/** If it is not there, the nearest folder that is there must be writable. */
function assertWritable(path: string, mode = W_OK): void {
    try {
        accessSync(path, mode);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(path) === path) throw error;
        return assertWritable(dirname(path), W_OK | X_OK);
    }
    if (mode === W_OK && statSync(path).isDirectory()) throw new Error(`EISDIR: ${path} is a folder`);
}

function inWords(error: unknown): string {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
