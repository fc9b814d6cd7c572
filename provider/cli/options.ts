/** Parses and checks the arguments of `root-credentials`. */
import { parseArgs } from "node:util";
import { messageOf } from "../process/error-text";
import { ENDINGS, formatOf } from "../report/files";
import { FORMATS, isFormat, type Format } from "../report/formats";

/** A mistake on the command line. The message says what is wrong, and the command adds where to read on. */
export class UsageError extends Error {
    override readonly name = "UsageError";
}

/** One file to write, or standard output. */
export interface Output {
    format: Format;
    /** Missing for standard output. */
    file?: string;
}

export interface ReportOptions {
    command: "report";
    outputs: Output[];
    /** Files, and `-` for standard input. Empty if there is evidence alone. */
    reports: string[];
    evidence: string[];
    exitCode: boolean;
}

export interface AuditCommandOptions {
    command: "audit";
    outputs: Output[];
    accounts: string[];
    units: string[];
    full: boolean;
}

export type Options =
    ReportOptions | AuditCommandOptions | { command: "help"; of?: string } | { command: "version" };

const COMMON = {
    format: { type: "string" },
    output: { type: "string", multiple: true },
    help: { type: "boolean", short: "h" },
} as const;

const OF_REPORT = {
    ...COMMON,
    evidence: { type: "string", multiple: true },
    "exit-code": { type: "boolean" },
} as const;

const OF_AUDIT = {
    ...COMMON,
    account: { type: "string", multiple: true },
    unit: { type: "string", multiple: true },
    full: { type: "boolean" },
} as const;

export function optionsFrom([command, ...args]: string[]): Options {
    switch (command) {
        case "report":
            return reportOptions(args);
        case "audit":
            return auditOptions(args);
        case "--version":
            return { command: "version" };
        case "help":
            return helpOptions(args);
        case undefined:
        case "--help":
        case "-h":
            return { command: "help" };
        default:
            throw new UsageError(`expected the command report or audit, got "${command}"`);
    }
}

function helpOptions([of, ...more]: string[]): Options {
    if (of === undefined || of === "--help" || of === "-h") return { command: "help" };
    if (of === "report" || of === "audit") {
        if (more.length === 0) return { command: "help", of };
        throw new UsageError(`expected one command after help, got ${[of, ...more].join(" and ")}`);
    }
    throw new UsageError(`help: expected the command report or audit, got "${of}"`);
}

function reportOptions(args: string[]): Options {
    const { values, positionals } = parsed(() =>
        parseArgs({ args, options: OF_REPORT, allowPositionals: true }),
    );
    if (values.help) return { command: "help", of: "report" };
    const evidence = values.evidence ?? [];
    const reports = positionals.length > 0 || evidence.length > 0 ? positionals : ["-"];
    if (values["exit-code"] && reports.length === 0)
        throw new UsageError(
            "--exit-code needs a report, and --evidence alone has no result; name a report too",
        );
    const outputs = outputsFrom(values, "markdown");
    if (reports.length === 0 && outputs.some(({ format }) => format === "sarif"))
        throw new UsageError(
            "--evidence alone cannot be written as sarif, which tells what there is to do; name a report too",
        );
    return {
        command: "report",
        outputs,
        reports,
        evidence,
        exitCode: values["exit-code"] ?? false,
    };
}

function auditOptions(args: string[]): Options {
    const { values } = parsed(() => parseArgs({ args, options: OF_AUDIT }));
    if (values.help) return { command: "help", of: "audit" };
    const accounts = values.account ?? [];
    const wrong = accounts.find((id) => !/^\d{12}$/.test(id));
    if (wrong !== undefined)
        throw new UsageError(`--account: expected an account id of 12 digits, got "${wrong}"`);
    const units = (values.unit ?? []).map((unit) => unit.replace(/^\/+|\/+$/g, ""));
    if (units.includes(""))
        throw new UsageError("--unit: expected the id or the path of a unit, got nothing");
    return {
        command: "audit",
        outputs: outputsFrom(values, "text"),
        accounts,
        units,
        full: values.full ?? false,
    };
}

/** The errors of `parseArgs` name the flag and what is wrong with it. */
function parsed<T>(parse: () => T): T {
    try {
        return parse();
    } catch (error) {
        throw new UsageError(messageOf(error), { cause: error });
    }
}

/** @param usual the default format of standard output */
function outputsFrom(
    { format, output = [] }: { format?: string; output?: string[] },
    usual: Format,
): Output[] {
    if (format !== undefined && !isFormat(format))
        throw new UsageError(`--format: expected one of ${FORMATS.join(", ")}, got "${format}"`);
    if (output.length === 0) return [{ format: format ?? usual }];
    return output.map((file) => ({ file, format: format ?? formatFor(file) }));
}

function formatFor(file: string): Format {
    const format = formatOf(file);
    if (format !== undefined) return format;
    throw new UsageError(
        `--output: the ending of ${file} stands for no format; expected one of ${ENDINGS.join(", ")}, or --format`,
    );
}
