/** The report files that a run writes itself, as the variable ROOT_CREDENTIALS_REPORT names them. */
import { rmSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
    ENDINGS,
    formatOf,
    formatted,
    refuseUnwritable,
    reportOf,
    thisRun,
    writeReportFile,
    type Findings,
    type Format,
    type Report,
    type ReportHeader,
} from "pulumi-aws-root-credentials";

const VARIABLE = "ROOT_CREDENTIALS_REPORT";

export class RunReports {
    private readonly started = new Date().toISOString();
    private isWritten = false;

    private constructor(private readonly files: { file: string; format: Format }[]) {}

    /** Removes the files that this run is going to write, because a report of an earlier run must not look like one of this run. */
    static begin(names = process.env[VARIABLE] ?? ""): RunReports {
        return orEndProgram(() => {
            const files = names
                .split(",")
                .map((name) => name.trim())
                .filter(Boolean)
                .map((name) => ({ file: inProject(name), format: formatFor(name) }));
            for (const { file } of files) refuseUnwritable(file, VARIABLE);
            for (const { file } of files) rmSync(file, { force: true });
            return new RunReports(files);
        });
    }

    /** @param complete false if the run ended early */
    header(complete: boolean, organizationId?: string): ReportHeader {
        const run = thisRun.id();
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

    write(report: Report): void {
        this.isWritten = true;
        orEndProgram(() => {
            for (const { file, format } of this.files)
                writeReportFile(file, formatted(report, format), VARIABLE);
        });
    }

    /** The report of a program that ends early names no account and says why. */
    writeIncomplete(error: unknown): void {
        if (this.isWritten) return;
        const findings: Findings = { ...this.header(false), accounts: [], problems: [messageOf(error)] };
        this.write(reportOf(findings));
    }
}

/** A relative name counts from the folder of Pulumi.yaml. */
function inProject(name: string): string {
    return isAbsolute(name) ? name : resolve(pulumi.getRootDirectory(), name);
}

function formatFor(name: string): Format {
    const format = formatOf(name);
    if (format !== undefined) return format;
    throw new Error(
        `${VARIABLE} names ${name}, whose ending names no format: expected files that end in one of ${ENDINGS.join(", ")}, with commas between them`,
    );
}

function orEndProgram<T>(work: () => T): T {
    try {
        return work();
    } catch (error) {
        throw new pulumi.RunError(messageOf(error));
    }
}

function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
