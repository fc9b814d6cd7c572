/** Writing reports to where they are wanted. */
import { randomUUID } from "node:crypto";
import {
    accessSync,
    appendFileSync,
    chmodSync,
    constants,
    existsSync,
    fstatSync,
    lstatSync,
    renameSync,
    rmSync,
    statSync,
    writeFileSync,
    type Stats,
} from "node:fs";
import { dirname } from "node:path";
import { formatted } from "../report/formats";
import type { Report } from "../report/model";
import type { Output } from "./options";
import { screenOf } from "./screen";

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
        forFile(file, () => {
            // The target of a link need not be there yet.
            if (place.is !== "link" || existsSync(changed)) accessSync(changed, constants.W_OK);
        });
    }
}

/**
 * Each file is there in whole or as it was before, and none is replaced if one of them cannot be written. A file behind a link is
 * written in place, after everything that can fail before it.
 */
export async function write(report: Report, outputs: Output[]): Promise<void> {
    const wanted = outputs.map(({ format, file }) => {
        const place = placeOf(file);
        const screen = place.is === "standard output" ? screenOf(process.stdout, process.env) : undefined;
        return { file, place, text: formatted(report, format, screen) };
    });
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
        for (const { file, place, text } of wanted)
            if (place.is === "link") forFile(file, () => writeFileSync(place.path, text, { mode: 0o600 }));
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

/** How a path is written. The system alone follows links: it protects people in folders that they share, and readlink does not. */
type Place =
    | { is: "standard output" }
    /** A pipe, a device, or what a file descriptor stands for: nothing that could be replaced. */
    | { is: "as it is"; path: string }
    /** A link to a file: the link stays, and the file is written through it. */
    | { is: "link"; path: string }
    /** Replaced in one go. Without a mode it is not there yet. */
    | { is: "file"; path: string; mode?: number };

function placeOf(file: string | undefined): Place {
    return file === undefined ? { is: "standard output" } : forFile(file, () => found(file));
}

function found(path: string): Place {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) throw new Error("it is a folder");
    if (stats !== undefined && isOpenAs(1, stats)) return { is: "standard output" };
    if (stats !== undefined && (!stats.isFile() || isOpenAs(2, stats) || DESCRIPTOR.test(path)))
        return { is: "as it is", path };
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return { is: "link", path };
    return stats === undefined ? { is: "file", path } : { is: "file", path, mode: stats.mode & 0o777 };
}

/** It looks like a link to a file, and somebody else is writing to that file too. */
const DESCRIPTOR = /^\/(dev|proc\/[^/]+)\/fd\/\d+$/;

/** Whether this process writes there already, by standard output or standard error. */
function isOpenAs(descriptor: number, { dev, ino }: Stats): boolean {
    try {
        const open = fstatSync(descriptor);
        return open.dev === dev && open.ino === ino;
    } catch {
        return false; // it is closed
    }
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
