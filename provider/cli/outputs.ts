/** Writing a report to where it is wanted. */
import { accessSync, constants, existsSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { formatted } from "../report/formats";
import type { Report } from "../report/model";
import type { Output } from "./options";

/** A file that was asked for cannot be written. */
export class CannotWrite extends Error {
    override readonly name = "CannotWrite";
}

/** Before anything is looked at: ten thousand accounts are not looked at for a file that cannot be written. */
export function refuseUnwritable(outputs: Output[]): void {
    for (const { file } of outputs) {
        if (file === undefined) continue;
        const folder = dirname(file);
        try {
            if (existsSync(file) && statSync(file).isDirectory()) throw new Error("it is a folder");
            accessSync(folder, constants.W_OK);
        } catch (error) {
            throw cannotWrite(file, error);
        }
    }
}

/** Each file is there in whole or as it was before. */
export async function write(report: Report, outputs: Output[]): Promise<void> {
    for (const { format, file } of outputs) {
        const text = formatted(report, format);
        if (file === undefined) await toStandardOutput(text);
        else toFile(file, text);
    }
}

function toFile(file: string, text: string): void {
    const unfinished = `${file}.${process.pid}.tmp`;
    try {
        if (existsSync(file) && !statSync(file).isFile()) return writeFileSync(file, text); // a pipe, /dev/null
        writeFileSync(unfinished, text);
        renameSync(unfinished, file);
    } catch (error) {
        rmSync(unfinished, { force: true });
        throw cannotWrite(file, error);
    }
    console.error(`Wrote ${file}`);
}

function toStandardOutput(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
        process.stdout.write(text, (error) => {
            if (error && (error as NodeJS.ErrnoException).code !== "EPIPE") reject(error);
            else resolve(); // whoever read it has had enough
        });
    });
}

function cannotWrite(file: string, error: unknown): CannotWrite {
    const because = error instanceof Error ? error.message : String(error);
    return new CannotWrite(
        `--output ${file} cannot be written: ${because}. Nothing was written there; name a file in a folder that is there and may be written`,
        { cause: error },
    );
}
