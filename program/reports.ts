/** The report files that a run writes, as ROOT_CREDENTIALS_REPORT names them. */
import { realpathSync, rmSync, statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
    ENDINGS,
    formatOf,
    formatted,
    refuseUnwritable,
    reportOf,
    storeOfRun,
    writeReportFile,
    type ReportInput,
    type Format,
    type Report,
    type ReportHeader,
} from "pulumi-aws-root-credentials";
import { messageOf } from "./errors";

const VARIABLE = "ROOT_CREDENTIALS_REPORT";

export class RunReports {
    private readonly started = new Date().toISOString();
    private isWritten = false;

    private constructor(private readonly files: { file: string; format: Format }[]) {}

    /** Removes the files first, because a report of an earlier run must not look like one of this run. */
    static begin(names = process.env[VARIABLE] ?? ""): RunReports {
        const files = names
            .split(",")
            .map((name) => name.trim())
            .filter(Boolean)
            .map((name) => ({ file: inProject(name), format: formatFor(name) }));
        for (const { file } of files) {
            refuseRecord(file);
            refuseUnwritable(file, VARIABLE);
        }
        for (const { file } of files) if (isRegular(file)) rmSync(file);
        return new RunReports(files);
    }

    /** @param complete false if the run ended early */
    header(complete: boolean, organizationId?: string): ReportHeader {
        const run = storeOfRun().id;
        return {
            source: pulumi.runtime.isDryRun() ? "preview" : "up",
            started: this.started,
            generated: new Date().toISOString(),
            complete,
            ...(run !== "" && { run }),
            project: pulumi.getProject(),
            stack: pulumi.getStack(),
            ...(organizationId && { organizationId }),
        };
    }

    /** Returns a sentence for each file that cannot be written. */
    write(report: Report): string[] {
        this.isWritten = true;
        return this.files.flatMap(({ file, format }) => {
            try {
                writeReportFile(file, formatted(report, format), VARIABLE);
                return [];
            } catch (error) {
                return [messageOf(error)];
            }
        });
    }

    /** If the program ends early, the report names no account and gives the reason. */
    writeIncomplete(error: unknown): void {
        if (this.isWritten) return;
        const findings: ReportInput = { ...this.header(false), accounts: [], problems: [messageOf(error)] };
        this.write(reportOf(findings));
    }
}

/** A relative name is relative to the folder of Pulumi.yaml. A link is replaced by its target. */
function inProject(name: string): string {
    const file = isAbsolute(name) ? name : resolve(pulumi.getRootDirectory(), name);
    return isRegular(file) ? realpathSync(file) : file;
}

function isRegular(file: string): boolean {
    return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** A report replaces its file, but the record of writes must grow from run to run. */
function refuseRecord(file: string): void {
    const record = process.env.ROOT_CREDENTIALS_RECORD_FILE;
    if (record && inProject(record) === file)
        throw new Error(`${VARIABLE} and ROOT_CREDENTIALS_RECORD_FILE both name ${file}: expected two files`);
}

function formatFor(name: string): Format {
    const format = formatOf(name);
    if (format !== undefined) return format;
    throw new Error(
        `${VARIABLE} names ${name}, whose ending names no format: expected files that end in one of ${ENDINGS.join(", ")}, separated by commas`,
    );
}
