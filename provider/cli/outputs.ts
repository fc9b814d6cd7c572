/** Writes a report to files and to standard output. */
import { formatted } from "../report/formats";
import { CannotWrite, refuseUnwritable, writeReportFile } from "../report/files";
import type { Report } from "../report/model";
import type { Output } from "./options";
import { screenOf } from "./screen";

const FLAG = "--output";

/** To be called before any account is inspected. */
export function refuseUnwritableOutputs(outputs: Output[]): void {
    for (const { file } of outputs) if (file !== undefined) refuseUnwritable(file, FLAG);
}

export async function write(report: Report, outputs: Output[]): Promise<void> {
    for (const { format, file } of outputs) {
        if (file === undefined) {
            await toStandardOutput(formatted(report, format, screenOf(process.stdout, process.env)));
        } else {
            writeReportFile(file, formatted(report, format), FLAG);
            console.error(`Wrote ${file}`);
        }
    }
}

export function toStandardOutput(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
        process.stdout.write(text, (error) => {
            // EPIPE: the reader has read enough and closed the pipe.
            if (!error || (error as NodeJS.ErrnoException).code === "EPIPE") return resolve();
            const message = `standard output cannot be written: ${error.message}`;
            reject(new CannotWrite(message, { cause: error }));
        });
    });
}
