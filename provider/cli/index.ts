/** The command `root-credentials`. Reports go to standard output or to files, and messages to standard error. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { logTo } from "../process/log";
import { printableLines } from "../process/printable";
import { type Report } from "../report/model";
import { EXIT_CODES, outcomeOf } from "../report/outcome";
import { CannotWrite } from "../report/files";
import { InvalidInput } from "../report/invalid-input";
import { totalsInWords, verdict } from "../report/words";
import {
    optionsFrom,
    UsageError,
    type AuditCommandOptions,
    type Options,
    type Output,
    type ReportOptions,
} from "./options";
import { refuseUnwritableOutputs, toStandardOutput, write } from "./outputs";
import { usage } from "./usage";

export async function main(args: string[]): Promise<void> {
    // The reader of a pipe may be gone, for example `head`. `toStandardOutput` gets the error of a report that cannot be written. A message
    // that cannot be written must not end the command.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
    process.exitCode = await exitCodeOf(args);
    await messagesWritten();
    process.exit(); // a listing that is no longer needed must not keep the process alive
}

/** On Windows, writing to a pipe is asynchronous, so messages may still be pending. */
function messagesWritten(): Promise<void> {
    return new Promise((resolve) => void process.stderr.write("", () => resolve()));
}

async function exitCodeOf(args: string[]): Promise<number> {
    try {
        return await run(optionsFrom(args));
    } catch (error) {
        if (error instanceof UsageError) {
            say(`root-credentials: ${error.message}\nTry: root-credentials ${helpFor(args)}--help`);
            return 2;
        }
        if (!isForTheReader(error)) throw error;
        say(`root-credentials: ${error.message}`);
        return 1;
    }
}

async function run(options: Options): Promise<number> {
    switch (options.command) {
        case "help":
            await toStandardOutput(`${usage(options.of)}\n`);
            return 0;
        case "version":
            await toStandardOutput(`${version()}\n`);
            return 0;
        case "report":
            return report(options);
        case "audit":
            return audit(options);
    }
}

async function report(options: ReportOptions): Promise<number> {
    refuseUnwritableOutputs(options.outputs);
    const { reportFrom } = await import("./report.js");
    const made = await reportFrom(options);
    await write(made, options.outputs);
    tell(made, options.outputs);
    return options.exitCode ? EXIT_CODES[outcomeOf(made)] : 0;
}

async function audit(options: AuditCommandOptions): Promise<number> {
    refuseUnwritableOutputs(options.outputs);
    logTo((text) => console.error(text)); // standard output is for the report
    const { auditLive } = await import("./audit.js");
    const made = await auditLive(options);
    await write(made, options.outputs);
    tell(made, options.outputs);
    return EXIT_CODES[outcomeOf(made)];
}

/** The problems and the result in a sentence, unless the terminal shows them already. */
function tell(made: Report, outputs: Output[]): void {
    if (process.stdout.isTTY && outputs.some(({ format, file }) => format === "text" && file === undefined))
        return;
    for (const problem of made.problems) say(problem);
    if (made.source === "evidence") return;
    say(`${verdict(outcomeOf(made), made)} (${totalsInWords(made.totals)})`);
}

function version(): string {
    const manifest = readFileSync(join(__dirname, "../../package.json"), "utf8");
    return (JSON.parse(manifest) as { version: string }).version;
}

function helpFor([command = ""]: string[]): string {
    return command === "report" || command === "audit" ? `${command} ` : "";
}

/** `CannotRead` by its name, because its module is loaded only when it is needed. */
const FOR_THE_READER = new Set(["CannotRead", CannotWrite.name]);

function isForTheReader(error: unknown): error is Error {
    return error instanceof InvalidInput || (error instanceof Error && FOR_THE_READER.has(error.name));
}

/** Safe to print, because a message may have text of AWS in it. */
function say(line: string): void {
    console.error(printableLines(line));
}
