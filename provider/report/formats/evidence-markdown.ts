/** The evidence as a section of a Markdown document. Every text from a record is code, so it cannot become markup. */
import { athenaQuery } from "../evidence/cloudtrail";
import type { EvidenceReport, WriteInEvidence } from "../evidence/model";
import {
    ABOUT_CHECKS,
    ABOUT_CONTROLS,
    effectInWords,
    kindInWords,
    requirementsBySource,
    RESULTS,
    ruleInWords,
    runInWords,
    timesInWords,
    titleInWords,
    warningsOf,
    writesInWords,
} from "../evidence/words";
import { counted, grouped } from "../words";
import { code, fenced, visible } from "./markdown/markup";

/** @param most characters. If the evidence is longer, the text says what it leaves out. The formats JSON, CSV and HTML have everything. */
export function evidenceMarkdown(evidence: EvidenceReport, most = Infinity): string {
    for (const level of [inFull, withoutQueries, byAccount]) {
        const text = level(evidence);
        if (text.length <= most) return text;
    }
    return countsOnly(evidence);
}

function inFull(evidence: EvidenceReport): string {
    return section([...opening(evidence), ...tableOf(evidence), ...checks(evidence), ...rest(evidence)]);
}

function withoutQueries(evidence: EvidenceReport): string {
    return section([
        ...opening(evidence),
        ...tableOf(evidence),
        "The queries for CloudTrail are too long for this place; the report as JSON, CSV or HTML has them.",
        ...rest(evidence),
    ]);
}

function byAccount(evidence: EvidenceReport): string {
    const accounts = new Map<string, WriteInEvidence[]>();
    for (const write of evidence.writes)
        if (!accounts.get(write.accountId)?.push(write)) accounts.set(write.accountId, [write]);
    const rows = [...accounts].map(([id, writes]) => {
        const results = Object.entries(RESULTS).map(([result, words]) => {
            const count = writes.filter((each) => each.result === result).length;
            return count > 0 ? `${grouped(count)} ${words}` : "";
        });
        return `| ${cell(id)} | ${writes.length} | ${results.filter(Boolean).join(", ")} |`;
    });
    return section([
        ...opening(evidence),
        `${counted(evidence.writes.length, "write")} ${evidence.writes.length === 1 ? "is" : "are"} too long for this place, so here are the accounts; the report as JSON, CSV or HTML has each write.`,
        ["| Account | Writes | Results |", "| --- | ---: | --- |", ...rows].join("\n"),
        ...controls(evidence),
    ]);
}

function countsOnly(evidence: EvidenceReport): string {
    return section([
        ...opening(evidence),
        "There is no room to list them here; the report as JSON, CSV or HTML has each write, and how to find it in CloudTrail.",
    ]);
}

function section(parts: string[]): string {
    return `${parts.join("\n\n")}\n`;
}

function opening(evidence: EvidenceReport): string[] {
    return [
        "### Evidence",
        `${writesInWords(evidence)}.`,
        ...warningsOf(evidence).map((each) => `**${each}**`),
    ];
}

function tableOf({ writes }: EvidenceReport): string[] {
    if (writes.length === 0) return [];
    const rows = writes.map((write) => {
        const { accountId, action, kind, id, operator, session, requestId, result, because, error } = write;
        const what = `${cell(action)} ${kindInWords(kind) === id ? "" : `${kindInWords(kind)} `}${cell(id)}`;
        const cells = [
            cell(timesInWords(write)),
            cell(accountId),
            what,
            `**${RESULTS[result]}**${because === undefined ? "" : ` (${because})`}${error === undefined ? "" : `: ${cell(error)}`}`,
            cell(operator),
            cell(session),
            requestId === undefined ? "none known" : cell(requestId),
            cell(runInWords(write) ?? "unknown"),
        ];
        return `| ${cells.join(" | ")} |`;
    });
    return [
        [
            "| When | Account | Write | Result | Operator | Session | Request | Run |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            ...rows,
        ].join("\n"),
    ];
}

function checks({ writes }: EvidenceReport): string[] {
    const [first] = writes;
    if (!first) return [];
    return [
        "<details><summary>How to check it in CloudTrail</summary>",
        `${ABOUT_CHECKS.member} For the first write:`,
        query(first.check.inMemberAccount, "sh"),
        `${ABOUT_CHECKS.caller} For the first write:`,
        query(first.check.inCallerAccount, "sh"),
        `${ABOUT_CHECKS.athena} For all writes of this report:`,
        query(athenaQuery(writes), "sql"),
        "</details>",
    ];
}

function rest(evidence: EvidenceReport): string[] {
    return [...controls(evidence), ...damagedLines(evidence)];
}

function controls(evidence: EvidenceReport): string[] {
    if (evidence.controls.length === 0) return [];
    const rows = evidence.controls.map((control) => {
        const related = requirementsBySource(control).map(
            ({ source, text }) => `${text} ([source](${source}))`,
        );
        const name = `[${control.by} ${control.id}](${control.source}): ${titleInWords(control)}`;
        const rule = ruleInWords(control);
        const ofRule = rule === undefined ? "" : `; ${rule} ([source](${control.configRuleAnswer?.source}))`;
        return `| ${name} | ${control.passes}${ofRule} | ${effectInWords(control)} | ${related.join("; ")} |`;
    });
    return [
        ["| Control | Passes | In this evidence | Related to |", "| --- | --- | --- | --- |", ...rows].join(
            "\n",
        ),
        ABOUT_CONTROLS,
    ];
}

function damagedLines({ damaged }: EvidenceReport): string[] {
    if (damaged.length === 0) return [];
    const rows = damaged.map(
        ({ file, line, because, text }) =>
            `| ${cell(`${file}:${line}`)} | ${cell(because)} | ${code(text)} |`,
    );
    return [
        ["| Line | What is wrong with it | What is left of it |", "| --- | --- | --- |", ...rows].join("\n"),
    ];
}

/** In a table, because a pipe would end the cell, even in a code span. */
function cell(text: string): string {
    if (!text.includes("|")) return code(text);
    const entities = visible(text).replace(/[^A-Za-z0-9 ]/gu, (each) => `&#${each.codePointAt(0)};`);
    return `<code>${entities}</code>`;
}

function query(text: string, language: string): string {
    return fenced(text).replace(/^(`+)text\n/, `$1${language}\n`);
}
