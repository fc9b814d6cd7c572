/** Report files: the format by the file's ending, and atomic writing. */
import { accessSync, appendFileSync, constants, existsSync, statSync } from "node:fs";
import { dirname, extname } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { messageOf } from "../process/error-text";
import type { Format } from "./formats";

/** A file cannot be written. */
export class CannotWrite extends Error {
    override readonly name = "CannotWrite";
}

const FORMATS_BY_ENDING: Record<string, Format> = {
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".sarif": "sarif",
    ".csv": "csv",
};

export const ENDINGS = Object.keys(FORMATS_BY_ENDING);

/** The format that the file's ending names, if it names one. */
export function formatOf(file: string): Format | undefined {
    return FORMATS_BY_ENDING[extname(file).toLowerCase()];
}

/**
 * Throws if the file cannot be written. To be called before any account is inspected.
 *
 * @param setting the flag or variable that named the file
 */
export function refuseUnwritable(file: string, setting: string): void {
    attempt(file, setting, () => {
        if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw new Error("it is a folder");
        accessSync(isReplaceable(file) ? dirname(file) : file, constants.W_OK);
    });
}

/** Writes the whole file or leaves it unchanged. Only the owner may read a new file, because a report names weak accounts. */
export function writeReportFile(file: string, text: string, setting: string): void {
    attempt(file, setting, () => {
        if (isReplaceable(file)) writeFileAtomic.sync(file, text, existsSync(file) ? {} : { mode: 0o600 });
        else appendFileSync(file, text);
    });
}

/** Pipes, devices and open files of a process cannot be replaced. Text is appended to them. */
function isReplaceable(file: string): boolean {
    return !/^\/(dev|proc)\//.test(file) && (statSync(file, { throwIfNoEntry: false })?.isFile() ?? true);
}

function attempt(file: string, setting: string, work: () => void): void {
    try {
        work();
    } catch (error) {
        const because = messageOf(error);
        throw new CannotWrite(
            `${setting} ${file} cannot be written: ${because}. Name a file in a folder that exists and that you may write to`,
            { cause: error },
        );
    }
}
