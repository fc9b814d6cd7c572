/** `root-credentials report`: from what a preview has printed, and the records of what was removed. */
import { readFileSync } from "node:fs";
import { readEvidence } from "../report/evidence";
import { reportOf, type Report } from "../report/model";
import { readPreview } from "../report/preview";
import type { ReportOptions } from "./options";

/** A file that was named cannot be read. */
export class CannotRead extends Error {
    override readonly name = "CannotRead";
}

const STANDARD_INPUT = "-";

export function reportFrom({ preview, evidence }: Pick<ReportOptions, "preview" | "evidence">): Report {
    const generated = new Date().toISOString();
    const records = evidence.map((name) => ({ name, text: textOf(name) }));
    const found =
        preview === undefined
            ? reportOf({ source: "evidence", generated, accounts: [] })
            : readPreview(textOf(preview), called(preview), generated);
    return records.length === 0 ? found : { ...found, evidence: readEvidence(records) };
}

function textOf(name: string): string {
    if (name === STANDARD_INPUT && process.stdin.isTTY)
        console.error(
            "Reading a preview from standard input: pulumi preview --json | root-credentials report",
        );
    try {
        return readFileSync(name === STANDARD_INPUT ? 0 : name, "utf8");
    } catch (error) {
        const because = error instanceof Error ? error.message : String(error);
        throw new CannotRead(`${called(name)} cannot be read: ${because}`, { cause: error });
    }
}

function called(name: string): string {
    return name === STANDARD_INPUT ? "standard input" : name;
}
