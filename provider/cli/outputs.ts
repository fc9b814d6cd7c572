/** Writing reports to where they are wanted. */
import { randomUUID } from "node:crypto";
import {
    accessSync,
    appendFileSync,
    chmodSync,
    constants,
    lstatSync,
    readlinkSync,
    realpathSync,
    renameSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { formatted } from "../report/formats";
import type { Report } from "../report/model";
import type { Output } from "./options";

/** What was asked for cannot be written. */
export class CannotWrite extends Error {
    override readonly name = "CannotWrite";
}

/** Before anything is looked at: ten thousand accounts are not looked at for a file that cannot be written. */
export function refuseUnwritable(outputs: Output[]): void {
    for (const { file } of outputs) {
        const place = placeOf(file);
        if (place.is === "standard output") continue;
        const changed = place.is === "file" ? dirname(place.path) : place.path;
        forFile(file, () => accessSync(changed, constants.W_OK));
    }
}

/** Each file is there in whole or as it was before, and none is replaced if one of them cannot be written. */
export async function write(report: Report, outputs: Output[]): Promise<void> {
    const wanted = outputs.map(({ format, file }) => ({
        file,
        place: placeOf(file),
        text: formatted(report, format),
    }));
    const unfinished: string[] = [];
    const finish: (() => void)[] = [];
    try {
        for (const { file, place, text } of wanted) {
            if (place.is !== "file") continue;
            const beside = `${place.path}.${randomUUID()}.tmp`; // only in the same folder it can be moved in one go
            unfinished.push(beside);
            forFile(file, () => writeNew(beside, text, place.mode));
            finish.push(() => forFile(file, () => renameSync(beside, place.path)));
        }
        for (const { file, place, text } of wanted) {
            if (place.is === "standard output") await toStandardOutput(text);
            if (place.is === "as it is") forFile(file, () => appendFileSync(place.path, text));
        }
        for (const each of finish) each();
    } finally {
        for (const each of unfinished) rmSync(each, { force: true });
    }
    for (const { file } of outputs) if (file !== undefined) console.error(`Wrote ${file}`);
}

export function toStandardOutput(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
        process.stdout.write(text, (error) => {
            if (!error || (error as NodeJS.ErrnoException).code === "EPIPE")
                resolve(); // whoever read it has had enough
            else
                reject(
                    new CannotWrite(`standard output cannot be written: ${error.message}`, { cause: error }),
                );
        });
    });
}

/** Where a path leads once all links are followed. */
type Place =
    | { is: "standard output" }
    /** A pipe, a device, or what another file descriptor stands for: nothing that could be replaced. */
    | { is: "as it is"; path: string }
    /** Replaced in one go. Without a mode it is not there yet. */
    | { is: "file"; path: string; mode?: number };

function placeOf(file: string | undefined): Place {
    return file === undefined ? { is: "standard output" } : forFile(file, () => followed(file));
}

/** By hand: a link to what is not there yet has no real path, and that of one to a file descriptor does not tell that it is one. */
function followed(file: string): Place {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats?.isDirectory()) throw new Error("it is a folder");
    let path = file;
    for (let next: string | undefined = file; next !== undefined; next = targetOf(path)) {
        const folder = realpathSync(dirname(next));
        path = join(folder, basename(next));
        if (isOwnDescriptor(folder) && basename(path) === "1") return { is: "standard output" };
        if (isOfDescriptors(folder)) return { is: "as it is", path };
    }
    if (stats === undefined) return { is: "file", path };
    return stats.isFile() ? { is: "file", path, mode: stats.mode & 0o777 } : { is: "as it is", path };
}

/** Where a link leads; undefined for everything else. */
function targetOf(path: string): string | undefined {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()
        ? resolve(dirname(path), readlinkSync(path))
        : undefined;
}

function isOwnDescriptor(folder: string): boolean {
    return folder === "/dev/fd" || folder === `/proc/${process.pid}/fd`;
}

/** What lies there, `/dev/stderr` among it, looks like a link to a file, and somebody else is writing to that file too. */
function isOfDescriptors(folder: string): boolean {
    return /^(\/dev|\/proc\/\d+(\/task\/\d+)?)\/fd$/.test(folder);
}

/** A report tells which accounts are weak: what was not there before is for its owner alone. */
function writeNew(path: string, text: string, mode: number | undefined): void {
    writeFileSync(path, text, { mode: 0o600, flag: "wx" });
    if (mode !== undefined) chmodSync(path, mode);
}

/** What goes wrong is told with the file as it was named. */
function forFile<T>(file: string | undefined, work: () => T): T {
    try {
        return work();
    } catch (error) {
        const because = error instanceof Error ? error.message : String(error);
        throw new CannotWrite(
            `--output ${file} cannot be written: ${because}. It is as it was before; name a file in a folder that is there and may be written`,
            { cause: error },
        );
    }
}
