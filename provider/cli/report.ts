/** `root-credentials report`: from what a preview has printed, and the records of what was removed. */
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
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
        return decoded(name === STANDARD_INPUT ? await fromStandardInput() : await readFile(name));
    } catch (error) {
        const because = error instanceof Error ? error.message : String(error);
        throw new CannotRead(`${called(name)} cannot be read: ${because}`, { cause: error });
    }
}

/** Whoever writes there may take its time. */
function fromStandardInput(): Promise<Buffer> {
    if (process.stdin.isTTY)
        console.error(
            "Reading a preview from standard input: pulumi preview --json | root-credentials report",
        );
    return buffer(process.stdin);
}

/** In UTF-8, or as the mark at its beginning says: PowerShell 5 writes UTF-16 where output goes to a file. */
function decoded(bytes: Buffer): string {
    const [first, second] = bytes;
    const encoding =
        first === 0xff && second === 0xfe
            ? "utf-16le"
            : first === 0xfe && second === 0xff
              ? "utf-16be"
              : "utf-8";
    return new TextDecoder(encoding).decode(bytes); // without the mark
}

function called(name: string): string {
    return name === STANDARD_INPUT ? "standard input" : name;
}
