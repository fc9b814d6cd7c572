/** The file of the write log: `.root-credentials/record.jsonl` beside Pulumi.yaml, or ROOT_CREDENTIALS_RECORD_FILE. */
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
import { messageOf } from "../process/error-text";
import { currentRun } from "../process/run-context";

/**
 * The log holds old policies and names weak accounts, so only its owner may read a new file. A file that everybody can read loses
 * that mode. A file that only a group can read keeps its mode, because somebody has chosen it. Pipes, devices and Windows have no
 * such modes.
 *
 * Each line is one write at the end of the file, because several processes of a run append to it.
 */
export function appendLine(text: string): void {
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

/** @param folder the folder of Pulumi.yaml */
function recordFile(folder = currentRun().programFolder() ?? process.cwd()): string {
    return resolve(folder, nameGiven() || join(".root-credentials", "record.jsonl"));
}

/** Throws if the file cannot be written. Creates nothing, so a preview may call it too. */
export function assertWritesCanBeLogged(): void {
    const folder = currentRun().programFolder();
    // Only the provider's process knows the folder. An inline program may run in another one.
    if (folder === undefined && !isAbsolute(nameGiven())) return;
    const file = recordFile(folder);
    try {
        assertWritable(file);
    } catch (error) {
        const setting = nameGiven() ? `is "${nameGiven()}"` : "is not set, so this is the default";
        throw new Error(
            `the record of writes cannot be kept in ${file} (ROOT_CREDENTIALS_RECORD_FILE ${setting}): ${messageOf(error)}. ` +
                "Without a record nothing is written to AWS. Make the file writable, or set ROOT_CREDENTIALS_RECORD_FILE to one that is.",
            { cause: error },
        );
    }
}

const { W_OK, X_OK } = constants;

/** If the path does not exist, the nearest existing folder must be writable. */
function assertWritable(path: string, mode = W_OK): void {
    try {
        accessSync(path, mode);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(path) === path) throw error;
        return assertWritable(dirname(path), W_OK | X_OK);
    }
    if (mode === W_OK && statSync(path).isDirectory()) throw new Error(`EISDIR: ${path} is a folder`);
}
