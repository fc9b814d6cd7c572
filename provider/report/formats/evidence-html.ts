/** The evidence as a section of an HTML document: markup only, without style or script. */
import { htmlEscape } from "escape-goat";
import { athenaQuery } from "../cloudtrail";
import type { EvidenceReport, WriteInEvidence } from "../evidence";
import {
    ABOUT_CHECKS,
    ABOUT_CONTROLS,
    effectInWords,
    kindInWords,
    requirementsBySource,
    RESULTS,
    timesInWords,
    warningsOf,
    writesInWords,
} from "../evidence-words";

export function evidenceHtml(evidence: EvidenceReport): string {
    return [
        `<section id="evidence" aria-labelledby="evidence-heading">`,
        `<h2 id="evidence-heading">Evidence</h2>`,
        paragraph(`${writesInWords(evidence)}.`),
        ...warningsOf(evidence).map((each) => `<p><strong>${escaped(each)}</strong></p>`),
        ...writes(evidence),
        ...controls(evidence),
        ...damagedLines(evidence),
        "</section>",
        "",
    ].join("\n");
}

function writes(evidence: EvidenceReport): string[] {
    if (evidence.writes.length === 0) return [];
    return [
        table({
            caption: "Writes to AWS, by time",
            columns: [
                "When",
                "Account",
                "Write",
                "Result",
                "Operator",
                "Session",
                "Request",
                "In CloudTrail",
            ],
            rows: evidence.writes.map(rowOf),
        }),
        paragraph(ABOUT_CHECKS.member),
        paragraph(ABOUT_CHECKS.caller),
        paragraph(ABOUT_CHECKS.athena),
        details("A query for all writes", athenaQuery(evidence.writes)),
    ];
}

function rowOf(write: WriteInEvidence): string[] {
    const { accountId, action, kind, id, operator, session, requestId, result, error, before, check } = write;
    const why = error === undefined ? "" : `: ${escaped(error)}`;
    const old = before === undefined || before === "" ? "" : details("The policy before", before);
    return [
        escaped(timesInWords(write)),
        code(accountId),
        `${code(action)}, ${escaped(kindInWords(kind))} ${code(id)}${old}`,
        `<strong>${escaped(RESULTS[result])}</strong>${why}`,
        code(operator),
        code(session),
        requestId === undefined ? "none known" : code(requestId),
        details(
            `Find ${check.eventName} in CloudTrail`,
            [
                `# in account ${accountId}; the event history has it until ${check.eventHistoryUntil.slice(0, 10)}`,
                check.inMemberAccount,
                "# in the operator's account",
                check.inCallerAccount,
                "-- in Athena",
                check.athena,
            ].join("\n"),
        ),
    ];
}

function controls(evidence: EvidenceReport): string[] {
    if (evidence.controls.length === 0) return [];
    const rows = evidence.controls.map((control) => [
        `${link(control.source, `${control.by} ${control.id}`)}: ${escaped(control.title)}`,
        escaped(control.passes),
        escaped(effectInWords(control)),
        requirementsBySource(control)
            .map(({ source, text }) => `${escaped(text)} (${link(source, "source")})`)
            .join("; "),
    ]);
    return [
        table({
            caption: "Controls that go by what was written to",
            columns: ["Control", "Passes", "In this evidence", "Related to"],
            rows,
        }),
        paragraph(ABOUT_CONTROLS),
    ];
}

function damagedLines({ damaged }: EvidenceReport): string[] {
    if (damaged.length === 0) return [];
    const rows = damaged.map(({ file, line, because, text }) => [
        code(`${file}:${line}`),
        escaped(because),
        code(text),
    ]);
    const columns = ["Line", "What is wrong with it", "What is left of it"];
    return [table({ caption: "Lines that could not be read", columns, rows })];
}

/** @param rows markup; the first cell of each heads its row */
function table({ caption, columns, rows }: { caption: string; columns: string[]; rows: string[][] }): string {
    const head = columns.map((each) => `<th scope="col">${escaped(each)}</th>`).join("");
    const body = rows.map(([first = "", ...others]) => {
        const cells = others.map((each) => `<td>${each}</td>`).join("");
        return `<tr><th scope="row">${first}</th>${cells}</tr>`;
    });
    return [
        "<table>",
        `<caption>${escaped(caption)}</caption>`,
        `<thead><tr>${head}</tr></thead>`,
        "<tbody>",
        ...body,
        "</tbody>",
        "</table>",
    ].join("\n");
}

function details(summary: string, text: string): string {
    return `<details><summary>${escaped(summary)}</summary><pre>${escaped(text)}</pre></details>`;
}

function paragraph(text: string): string {
    return `<p>${escaped(text)}</p>`;
}

function code(text: string): string {
    return `<code>${escaped(text)}</code>`;
}

function link(address: string, text: string): string {
    return `<a href="${escaped(address)}">${escaped(text)}</a>`;
}

/** Markup is shown, and so is what would be seen as nothing, or turn around what follows it. */
function escaped(text: string): string {
    return htmlEscape(text.replace(/[^\P{C}\n\t]/gu, "\ufffd"));
}
