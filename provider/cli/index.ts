/** The command `root-credentials`. Reports go to standard output or to files; whatever else there is to say, to standard error. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EXIT_CODES, outcomeOf, type Report } from "../report/model";
import { Unusable } from "../report/unusable";
import { totalsInWords, verdict } from "../report/words";
import {
    optionsFrom,
    UsageError,
    type AuditCommandOptions,
    type Options,
    type ReportOptions,
} from "./options";
import { CannotWrite, refuseUnwritable, write } from "./outputs";
import { usage } from "./usage";

export async function main(args: string[]): Promise<void> {
    process.stdout.on("error", () => {}); // nobody reads any more, as behind a pipe into `head`
    process.exitCode = await exitCodeOf(args);
    // What was begun for nothing, as a listing that nobody waits for, must not keep the process.
    if (process.stdout.writableLength === 0) process.exit();
    process.stdout.once("drain", () => process.exit());
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
            console.log(usage(options.of));
            return 0;
        case "version":
            console.log(version());
            return 0;
        case "report":
            return report(options);
        case "audit":
            return audit(options);
    }
}

async function report(options: ReportOptions): Promise<number> {
    const { reportFrom } = await import("./report.js");
    const made = await reportFrom(options);
    await write(made, options.outputs);
    tell(made);
    return options.exitCode ? EXIT_CODES[outcomeOf(made)] : 0;
}

async function audit(options: AuditCommandOptions): Promise<number> {
    refuseUnwritable(options.outputs);
    console.log = console.error; // whatever the provider has to say is none of the report
    const { auditLive } = await import("./audit.js");
    const made = await auditLive(options);
    await write(made, options.outputs);
    tell(made);
    return EXIT_CODES[outcomeOf(made)];
}

/** The result in a sentence, and what kept it from being whole. */
function tell(made: Report): void {
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
    return error instanceof Unusable || (error instanceof Error && FOR_THE_READER.has(error.name));
}

function say(line: string): void {
    console.error(line);
}
