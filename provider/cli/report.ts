/** `root-credentials report`: converts and merges reports, and adds the records of writes. */
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { messageOf } from "../process/error-text";
import { readEvidence } from "../report/evidence";
import { merged } from "../report/merge";
import { reportOf, type Report } from "../report/model";
import { readReport } from "../report/read";
import type { ReportOptions } from "./options";

/** A file that the command line names cannot be read. */
export class CannotRead extends Error {
    override readonly name = "CannotRead";
}

const STANDARD_INPUT = "-";

export async function reportFrom({
    reports: names,
    evidence,
}: Pick<ReportOptions, "reports" | "evidence">): Promise<Report> {
    const reports = await Promise.all(
        names.map(async (name) => ({
            name: inputName(name),
            report: readReport(await textOf(name), inputName(name)),
        })),
    );
    const records = await Promise.all(evidence.map(async (name) => ({ name, text: await textOf(name) })));
    const now = new Date().toISOString();
    const [only, ...others] = reports;
    const report =
        only && others.length === 0 ? only.report : only ? merged(reports, now) : evidenceAlone(now);
    return records.length === 0 ? report : { ...report, evidence: readEvidence(records) };
}

function evidenceAlone(now: string): Report {
    return reportOf({ source: "evidence", started: now, generated: now, complete: true, accounts: [] });
}

async function textOf(name: string): Promise<string> {
    try {
        return decoded(name === STANDARD_INPUT ? await fromStandardInput() : await readFile(name));
    } catch (error) {
        const because = messageOf(error);
        throw new CannotRead(`${inputName(name)} cannot be read: ${because}`, { cause: error });
    }
}

function fromStandardInput(): Promise<Buffer> {
    if (process.stdin.isTTY) console.error("Reading a report in JSON from standard input");
    return buffer(process.stdin);
}

/** PowerShell 5 redirects output to a file as UTF-16 with a byte order mark. All other files are UTF-8. */
function decoded(bytes: Buffer): string {
    const [first, second] = bytes;
    const encoding =
        first === 0xff && second === 0xfe
            ? "utf-16le"
            : first === 0xfe && second === 0xff
              ? "utf-16be"
              : "utf-8";
    return new TextDecoder(encoding).decode(bytes); // drops the byte order mark
}

function inputName(name: string): string {
    return name === STANDARD_INPUT ? "standard input" : name;
}
