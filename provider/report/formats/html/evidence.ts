/** The section about the writes to AWS. */
import { athenaQuery } from "../../evidence/cloudtrail";
import type { ControlInEvidence } from "../../controls";
import type { DamagedLine, EvidenceReport, WriteInEvidence } from "../../evidence/model";
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
} from "../../evidence/words";
import { type Content, markup, type Markup } from "./markup";

export function evidenceSection(evidence: EvidenceReport): Markup {
    const { writes, controls, damaged } = evidence;
    return markup`<section class="evidence" aria-labelledby="evidence">
<h2 id="evidence">What was written to AWS</h2>
<p>${writesInWords(evidence)}.</p>
${warningsOf(evidence).map((each) => markup`<p class="warning"><strong>${each}</strong></p>\n`)}
${writes.length > 0 && writesTable(writes)}
${controls.length > 0 && controlsTable(controls)}
${damaged.length > 0 && damagedTable(damaged)}
</section>`;
}

function writesTable(writes: WriteInEvidence[]): Markup {
    const columns = ["When", "Account", "Write", "Result", "Operator, root session, request and run"];
    return markup`${table("Writes, by time", columns, writes.map(rowsOf))}
<p>${ABOUT_CHECKS.member}</p>
<p>${ABOUT_CHECKS.caller}</p>
<p>${ABOUT_CHECKS.athena}</p>
${folded("A query for all of these writes", athenaQuery(writes))}`;
}

/** The write, and below it the texts that are too long for a column. */
function rowsOf(write: WriteInEvidence): Markup {
    const {
        accountId,
        action,
        kind,
        id,
        operator,
        session,
        requestId,
        result,
        because,
        error,
        before,
        check,
    } = write;
    const run = runInWords(write);
    const steps = [
        `# in account ${accountId}, whose event history has it until ${check.eventHistoryUntil.slice(0, 10)}`,
        check.inMemberAccount,
        "",
        "# in the operator's account",
        check.inCallerAccount,
        "",
        "-- in Athena",
        check.athena,
    ];
    return markup`<tr>
<th scope="row">${timesInWords(write)}</th>
<td><code>${accountId}</code></td>
<td><code>${action}</code> ${kindInWords(kind)} <code>${id}</code></td>
<td><strong>${RESULTS[result]}</strong>${because !== undefined && ` (${because})`}${error !== undefined && `: ${error}`}</td>
<td><code>${operator}</code><br><code>${session}</code><br>${requestId === undefined ? "no request id known" : markup`<code>${requestId}</code>`}${run !== undefined && markup`<br>${run}`}</td>
</tr>
<tr class="check"><td colspan="5">${folded(`Find ${check.eventName} in CloudTrail`, steps.join("\n"))}${
        before !== undefined && before !== "" && folded("The policy before", before)
    }</td></tr>
`;
}

function controlsTable(controls: ControlInEvidence[]): Markup {
    const rows = controls.map((control) => {
        const related = requirementsBySource(control).map(
            ({ source, text }) => markup`<li>${text} (${link(source, "source")})</li>`,
        );
        const rule = ruleInWords(control);
        return markup`<tr>
<th scope="row">${link(control.source, `${control.by} ${control.id}`)}: ${titleInWords(control)}</th>
<td>${control.passes}${rule !== undefined && markup`<br>${rule} (${link(control.configRuleAnswer?.source ?? "", "source")})`}</td>
<td>${effectInWords(control)}</td>
<td><ul>${related}</ul></td>
</tr>
`;
    });
    const columns = ["Control", "Passes", "In this evidence", "Related to"];
    return markup`${table("Controls that evaluate the changed kinds of credentials", columns, rows)}
<p>${ABOUT_CONTROLS}</p>`;
}

function damagedTable(damaged: DamagedLine[]): Markup {
    const rows = damaged.map(
        ({ file, line, because, text }) => markup`<tr>
<th scope="row"><code>${file}:${line}</code></th><td>${because}</td><td><code>${text}</code></td>
</tr>
`,
    );
    return table(
        "Lines that could not be read",
        ["Line", "What is wrong with it", "What is left of it"],
        rows,
    );
}

/** The table can be focused, so that the keyboard can scroll it on a narrow screen. */
function table(caption: string, columns: string[], rows: Content[]): Markup {
    return markup`<div class="wide" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((each) => markup`<th scope="col">${each}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
</table></div>`;
}

function folded(summary: string, text: string): Markup {
    return markup`<details><summary>${summary}</summary><pre>${text}</pre></details>`;
}

function link(address: string, text: string): Markup {
    return markup`<a href="${address}">${text}</a>`;
}
