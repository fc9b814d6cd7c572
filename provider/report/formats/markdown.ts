/**
 * A report as Markdown for a pull request, a ticket or a job's summary.
 *
 * A comment takes 65,536 characters. A longer report names as many accounts as fit, one line for each. If not even one
 * fits, it has counts only. A report that leaves something out says so.
 */
import {
    ACCOUNT_MARKS,
    stackOf,
    totalsOf,
    type AccountInReport,
    type LeavingAccount,
    type PolicyInReport,
    type Report,
} from "../model";
import { outcomeOf } from "../outcome";
import { needsAttention, treeOf, type Unit } from "../tree";
import { counted, grouped, SIGNS, SOURCES, totalsInWords, verdict } from "../words";
import { evidenceMarkdown } from "./evidence-markdown";
import { countsOf, shortLine, wholeTree } from "./markdown/accounts";
import { code, cut, fenced, prose } from "./markdown/markup";

/** GitHub's limit is 65,536 characters, and a pipeline may add a line of its own. */
export const MOST_CHARACTERS = 60_000;

/** Limits of a shortened report, whose length must not depend on the organization. */
const MOST_UNITS = 25;
const MOST_PROBLEMS = 5;

export function markdown(report: Report, most = MOST_CHARACTERS): string {
    const whole = written(report, most);
    if (whole.length <= most) return whole;
    const { accounts, leaving, policies } = report;
    const longest = Math.max(accounts.length, leaving.length, policies.length);
    for (let named = longest; named >= 1; named = Math.floor(named / 2)) {
        const short = written(report, most, named);
        if (short.length <= most) return short;
    }
    return written(report, most, 0);
}

/** @param named the limit of each list in a shortened report; left out: the whole report */
function written(report: Report, most: number, named?: number): string {
    const isWhole = named === undefined;
    const found = joined([
        `<!-- ${marker(report)} -->`,
        ...heading(report),
        ...problems(report, isWhole),
        ...leaving(report, named),
        ...(isWhole
            ? [...wholeTree(report), ...stories(report)]
            : [...attention(report, named), ...units(report)]),
        ...policies(report, named),
    ]);
    const end = footer(report, isWhole);
    // The evidence shortens itself to the room that is left.
    const left = most - joined([found, "", end]).length;
    const evidence = report.evidence ? [evidenceMarkdown(report.evidence, left)] : [];
    return `${joined([found, ...evidence, end])}\n`;
}

function joined(sections: string[]): string {
    return sections.join("\n\n");
}

/** A pipeline finds its earlier comment by this text. */
function marker(report: Report): string {
    const stack = stackOf(report);
    return `root-credentials-report${stack === undefined ? "" : `: ${stack.replaceAll(/--+|[^\w./-]/g, "-")}`}`;
}

function heading(report: Report): string[] {
    if (report.source === "evidence") return ["## Root credentials: what was written to AWS"];
    const outcome = outcomeOf(report);
    const stack = stackOf(report);
    const where = stack === undefined ? "" : `, stack ${code(stack)}`;
    return [
        `## ${OUTCOME_SIGNS[outcome]} Root credentials: ${verdict(outcome, report)}`,
        `${capitalized(totalsInWords(report.totals))}${where}.`,
    ];
}

const OUTCOME_SIGNS = { clean: "✔", findings: "✖", incomplete: "▲" };

function problems({ problems: found }: Report, isWhole: boolean): string[] {
    if (found.length === 0) return [];
    const shown = isWhole ? found : found.slice(0, MOST_PROBLEMS).map(cut);
    const rest = found.length - shown.length;
    return [
        "### Why this report is incomplete",
        ...shown.map(fenced),
        ...(rest > 0 ? [`There ${rest === 1 ? "is" : "are"} ${counted(rest, "more reason")}.`] : []),
    ];
}

function leaving({ leaving: leavers }: Report, named?: number): string[] {
    const opened = leavers.filter(({ then }) => then === "allow-recovery");
    const kept = leavers.filter(({ then }) => then === "retain");
    return [
        ...(opened.length === 0
            ? []
            : [
                  `### ▲ ${counted(opened.length, "account")} would be opened again`,
                  "The program no longer declares them, and `pulumi up` allows the recovery of their passwords: anybody who reads the root user's mailbox can sign in.",
                  listed(opened, leavingLine, named),
              ]),
        ...(kept.length === 0
            ? []
            : [
                  `### ${counted(kept.length, "account")} would no longer be inspected`,
                  "The program no longer declares them. `pulumi up` forgets them and changes nothing there (`onDelete: retain`).",
                  listed(kept, leavingLine, named),
              ]),
    ].filter(Boolean);
}

function leavingLine({ id, name, organizationalUnit }: LeavingAccount): string {
    return `- ${code(id)} ${code(name)}${organizationalUnit && ` in ${code(organizationalUnit)}`}`;
}

/** The accounts by mark, so that many drifted accounts do not hide the one that is unreadable. */
function attention({ accounts }: Report, named: number): string[] {
    const needing = accounts.filter(needsAttention);
    if (needing.length === 0) return [];
    const lines = ACCOUNT_MARKS.flatMap((mark) => {
        const alike = needing.filter((account) => account.mark === mark);
        if (alike.length === 0) return [];
        const list = listed(alike, (account) => `  ${shortLine(account)}`, named, "  ");
        return [`- ${SIGNS[mark]} ${grouped(alike.length)} ${mark}`, ...(list === "" ? [] : [list])];
    });
    return ["### Accounts that need attention", lines.join("\n")];
}

/** The totals of the units right below the root. */
function units(report: Report): string[] {
    if (report.accounts.length === 0) return [];
    const root = treeOf(report);
    const shown = root.units.slice(0, MOST_UNITS);
    const rest = root.units.slice(MOST_UNITS);
    const lines = [
        `- **root** ${countsOf(root.totals)}`,
        ...(root.accounts.length > 0 && shown.length > 0
            ? [`  - in no unit ${countsOf(totalsOf(root.accounts))}`]
            : []),
        ...shown.map(({ name, totals }) => `  - **${code(name)}** ${countsOf(totals)}`),
        ...(rest.length > 0
            ? [`  - ${counted(rest.length, "more unit")} ${countsOf(totalsOf(rest.flatMap(accountsIn)))}`]
            : []),
    ];
    return ["### The organization", lines.join("\n")];
}

function accountsIn({ accounts, units: below }: Unit): AccountInReport[] {
    return [...accounts, ...below.flatMap(accountsIn)];
}

/** Folded away, because a thousand accounts may have the same long answer of AWS. */
function stories({ accounts }: Report): string[] {
    const unreadable = accounts.flatMap(({ id, unreadable: why }) => (why ? [`${id}\n${why.detail}`] : []));
    if (unreadable.length === 0) return [];
    const summary = `What AWS said of the ${counted(unreadable.length, "unreadable account")}`;
    return [`<details><summary>${summary}</summary>\n\n${fenced(unreadable.join("\n\n"))}\n\n</details>`];
}

function policies({ policies: all }: Report, named?: number): string[] {
    if (all.length === 0) return [];
    const toTell = all.filter(({ finding }) => finding !== "as declared");
    const quiet = all.length - toTell.length;
    const list = listed(toTell, (policy) => policyLine(policy, named === undefined), named);
    const counts = Object.entries(Object.groupBy(toTell, ({ finding }) => finding)).map(
        ([finding, { length }]) => `- ${grouped(length)} ${finding}`,
    );
    return [
        "### Policies of buckets and queues",
        [
            ...(list === "" ? counts : [list]),
            ...(quiet === 0 ? [] : [`- ✔ ${grouped(quiet)} as declared`]),
        ].join("\n"),
    ];
}

function policyLine({ accountId, resource, finding, text }: PolicyInReport, isWhole: boolean): string {
    return `- ${code(resource)} of ${code(accountId)} **${finding}**: ${prose(isWhole ? text : cut(text))}`;
}

function footer(report: Report, isWhole: boolean): string {
    const { source, generated, caller } = report;
    const by = caller === undefined ? "" : ` as ${code(caller)}`;
    return joined([
        ...(isWhole
            ? []
            : ["Shortened to fit into a comment. The other formats (html, json, csv) have everything."]),
        `<sub>From ${SOURCES[source]}${by}, ${generated}. Root credentials are listed with their age and last use; only inspected accounts are called clean.</sub>`,
    ]);
}

/** Empty if `most` is zero, because the line before the list has the count then. */
function listed<T>(items: T[], line: (item: T) => string, most = Infinity, indent = ""): string {
    if (most === 0) return "";
    const rest = items.length - Math.min(most, items.length);
    return [
        ...items.slice(0, most).map(line),
        ...(rest > 0 ? [`${indent}- and ${grouped(rest)} more`] : []),
    ].join("\n");
}

function capitalized(text: string): string {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
