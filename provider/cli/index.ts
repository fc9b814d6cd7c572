/** The command `root-credentials`. Reports go to standard output or to files; whatever else there is to say, to standard error. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { printableLines } from "../printable";
import { EXIT_CODES, outcomeOf, type Report } from "../report/model";
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
    // Nobody may read any more, as behind a pipe into `head`. Who writes the report learns of it there, and no report is lost
    // because nobody listens to what is said about it.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
    process.exitCode = await exitCodeOf(args);
    await said();
    process.exit(); // what was begun for nothing, as a listing that nobody waits for, must not keep the process
}

/** Where standard error is a pipe on Windows, what was written there may still be on its way. */
function said(): Promise<void> {
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
    console.log = console.error; // whatever the provider has to say is none of the report
    const { auditLive } = await import("./audit.js");
    const made = await auditLive(options);
    await write(made, options.outputs);
    tell(made, options.outputs);
    return EXIT_CODES[outcomeOf(made)];
}

/** The result in a sentence, and what kept it from being whole; unless the terminal shows it above. */
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

/** Named, since what reads is loaded only when it is needed. */
const FOR_THE_READER = new Set(["CannotRead", CannotWrite.name]);

function isForTheReader(error: unknown): error is Error {
    return error instanceof InvalidInput || (error instanceof Error && FOR_THE_READER.has(error.name));
}

/** What a preview or AWS has said is a part of it. */
function say(line: string): void {
    console.error(printableLines(line));
}
