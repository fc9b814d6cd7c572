/** `root-credentials report`: from what a preview has printed, and the records of what was removed. */
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { readEvidence } from "../report/evidence";
import { reportOf, type Report } from "../report/model";
import { readPreview } from "../report/preview";
import type { ReportOptions } from "./options";

/** A file that was named cannot be read. */
export class CannotRead extends Error {
    override readonly name = "CannotRead";
}

const STANDARD_INPUT = "-";

export async function reportFrom({
    preview,
    evidence,
}: Pick<ReportOptions, "preview" | "evidence">): Promise<Report> {
    const generated = new Date().toISOString();
    const records = await Promise.all(evidence.map(async (name) => ({ name, text: await textOf(name) })));
    const found =
        preview === undefined
            ? reportOf({ source: "evidence", generated, accounts: [] })
            : readPreview(await textOf(preview), called(preview), generated);
    return records.length === 0 ? found : { ...found, evidence: readEvidence(records) };
}

async function textOf(name: string): Promise<string> {
    try {
        return name === STANDARD_INPUT ? await fromStandardInput() : await readFile(name, "utf8");
    } catch (error) {
        const because = error instanceof Error ? error.message : String(error);
        throw new CannotRead(`${called(name)} cannot be read: ${because}`, { cause: error });
    }
}

/** Whoever writes there may take its time. */
function fromStandardInput(): Promise<string> {
    if (process.stdin.isTTY)
        console.error(
            "Reading a preview from standard input: pulumi preview --json | root-credentials report",
        );
    return text(process.stdin);
}

function called(name: string): string {
    return name === STANDARD_INPUT ? "standard input" : name;
}
