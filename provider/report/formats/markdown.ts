/**
 * A report as Markdown for a pull request, a ticket or a job's summary: what needs attention in full, and the rest folded.
 *
 * A comment takes 65,536 characters. What does not fit is folded into counts, from the least important on, and the report says so.
 */
import {
    outcomeOf,
    stackOf,
    type AccountInReport,
    type AccountMark,
    type Report,
    type Totals,
} from "../model";
import { isQuiet, treeOf, type Unit } from "../tree";
import {
    counted,
    credentialInWords,
    factsInWords,
    removalInWords,
    SOURCES,
    totalsInWords,
    verdict,
} from "../words";
import { evidenceMarkdown } from "./evidence-markdown";
import { code, fenced, prose } from "./markdown/markup";

/** GitHub's limit is 65,536 characters, and a pipeline may add a line of its own. */
export const MOST_CHARACTERS = 60_000;

interface Level {
    /** The whole story of each refusal. */
    stories: boolean;
    /** Accounts that are out of scope, skipped, or clean, by name. */
    quiet: boolean;
    /** Each credential, and not only how many. */
    credentials: boolean;
    /** How many accounts, leaving ones and policies are named in each list; the rest is counted. */
    accounts: number;
    /** How far down units are shown, and how many of one unit; the rest is counted. */
    depth: number;
    units: number;
}

const WHOLE: Level = {
    stories: true,
    quiet: true,
    credentials: true,
    accounts: Infinity,
    depth: Infinity,
    units: Infinity,
};

/** How much is told; each level leaves out what the one before it told, and the last one fits whatever there is. */
const LEVELS = [
    {},
    { stories: false },
    { quiet: false },
    { credentials: false },
    { accounts: 300 },
    { accounts: 50, units: 100 },
    { depth: 2, units: 25 },
    { accounts: 10, depth: 1 },
    { accounts: 0, units: 5 },
].reduce<Level[]>((levels, less) => [...levels, { ...WHOLE, ...levels.at(-1), ...less }], []);

export function markdown(report: Report, most = MOST_CHARACTERS): string {
    let text = "";
    for (const level of LEVELS) {
        text = atLevel(report, level, most);
        if (text.length <= most) break;
    }
    return text;
}

function atLevel(report: Report, level: Level, most: number): string {
    const found = joined([
        `<!-- ${marker(report)} -->`,
        ...heading(report),
        ...problems(report),
        ...leaving(report, level),
        ...tree(report, level),
        ...stories(report, level),
        ...policies(report, level),
    ]);
    const end = footer(report, level);
    // The evidence folds itself into what is left.
    const left = most - joined([found, "", end]).length;
    const evidence = report.evidence ? [evidenceMarkdown(report.evidence, left)] : [];
    return `${joined([found, ...evidence, end])}\n`;
}

function joined(sections: string[]): string {
    return sections.join("\n\n");
}

/** By which a pipeline finds the comment that it wrote before. */
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
        `## ${SIGNS[outcome]} Root credentials: ${verdict(outcome, report)}`,
        `${capitalized(totalsInWords(report.totals))}${where}.`,
    ];
}

const SIGNS = { clean: "✔", findings: "✖", incomplete: "▲" };

function problems({ problems: found }: Report): string[] {
    return found.length === 0
        ? []
        : ["### Why this report is incomplete", found.map((each) => fenced(each)).join("\n\n")];
}

function leaving({ leaving: leavers }: Report, { accounts }: Level): string[] {
    const opened = leavers.filter(({ then }) => then === "allow-recovery");
    const kept = leavers.filter(({ then }) => then === "retain");
    const named = (given: typeof leavers) =>
        upTo(
            accounts,
            given,
            ({ id, name, organizationalUnit }) =>
                `- ${code(id)} ${code(name)}${organizationalUnit && ` in ${code(organizationalUnit)}`}`,
        );
    return [
        ...(opened.length === 0
            ? []
            : [
                  `### ▲ ${counted(opened.length, "account")} would be opened again`,
                  "The program no longer declares them, and `pulumi up` allows the recovery of their passwords: whoever reads the root user's mailbox gets in.",
                  named(opened),
              ]),
        ...(kept.length === 0
            ? []
            : [
                  `### ${counted(kept.length, "account")} would no longer be looked at`,
                  "The program no longer declares them. `pulumi up` forgets them and changes nothing there (`onDelete: retain`).",
                  named(kept),
              ]),
    ];
}

function tree(report: Report, level: Level): string[] {
    if (report.accounts.length === 0) return [];
    const budget = { left: level.accounts };
    const root = treeOf(report);
    return [
        "### The organization",
        [`- **root** ${countsOf(root)}`, ...below(root, 1, level, budget)].join("\n"),
    ];
}

function below(unit: Unit, depth: number, level: Level, budget: { left: number }): string[] {
    const indent = "  ".repeat(depth);
    const { shown, folded } = foldedAccounts(unit, level, budget);
    const units = unit.units.slice(0, level.units);
    const rest = unit.units.slice(level.units);
    return [
        ...shown.flatMap((account) => accountLines(account, indent, level)),
        ...folded.map((line) => `${indent}- ${line}`),
        ...units.flatMap((child) => [
            `${indent}- **${code(child.name)}** ${countsOf(child)}`,
            ...(isFolded(child, depth, level) ? [] : below(child, depth + 1, level, budget)),
        ]),
        ...(rest.length > 0
            ? [`${indent}- ${counted(rest.length, "more unit")} ${countsOf({ totals: sumOf(rest) })}`]
            : []),
    ];
}

function isFolded(unit: Unit, depth: number, level: Level): boolean {
    return depth >= level.depth || (isQuiet(unit) && (!level.quiet || numberIn(unit) > FEW));
}

/** All that stand in a unit or below, whatever their mark. */
function numberIn({ totals }: Unit): number {
    return totals.accounts + totals.outOfScope + totals.skipped;
}

function sumOf(units: Unit[]): Totals {
    const [first, ...others] = units.map(({ totals }) => totals);
    const keys = Object.keys(first ?? {}) as (keyof Totals)[];
    const sums = keys.map((key) => [key, others.reduce((sum, each) => sum + each[key], first?.[key] ?? 0)]);
    return Object.fromEntries(sums) as Totals;
}

/** Quiet accounts up to so many in a unit are named; more are counted. */
const FEW = 5;
const QUIET = new Set<AccountMark>(["clean", "out of scope", "skipped"]);

function foldedAccounts({ accounts }: Unit, level: Level, budget: { left: number }) {
    const loud = accounts.filter(({ mark, removed }) => !QUIET.has(mark) || removed);
    const quiet = accounts.filter(({ mark, removed }) => QUIET.has(mark) && !removed);
    const named = loud.slice(0, Math.max(0, budget.left));
    budget.left -= named.length;
    const nameQuiet = level.quiet && quiet.length <= FEW;
    const counts = Map.groupBy(
        [...loud.slice(named.length), ...(nameQuiet ? [] : quiet)],
        ({ mark }) => mark,
    );
    return {
        shown: [...named, ...(nameQuiet ? quiet : [])],
        folded: [...counts].map(
            ([mark, { length }]) => `${MARK_SIGNS[mark]} ${length} ${named.length > 0 ? "more " : ""}${mark}`,
        ),
    };
}

const MARK_SIGNS: Record<AccountMark, string> = {
    drifted: "✖",
    blocked: "▲",
    "not looked at": "?",
    exception: "◆",
    acknowledged: "◇",
    clean: "✔",
    "out of scope": "○",
    skipped: "–",
};

function accountLines(account: AccountInReport, indent: string, level: Level): string[] {
    const { id, name, mark, credentials = [], blocked, because } = account;
    const { exception, acknowledged, removed } = account;
    const why = because === undefined ? "" : `: ${prose(because)}`;
    const within = (line: string) => `${indent}  - ${line}`;
    const held = credentials.map((credential) => {
        const { stays } = credential;
        const note = stays === undefined ? "" : ` – stays: ${prose(stays)}`;
        return within(`${code(credentialInWords(credential))} (${prose(factsInWords(credential))})${note}`);
    });
    return [
        `${indent}- ${MARK_SIGNS[mark]} ${code(id)} ${code(name)} **${mark}**${why}`,
        ...(level.credentials || held.length === 0
            ? held
            : [within(counted(held.length, "root credential"))]),
        ...(removed ? [within(`removed ${code(removalInWords(removed))}`)] : []),
        ...(acknowledged
            ? [within(`acknowledged until ${code(acknowledged.until)}: ${code(acknowledged.reason)}`)]
            : []),
        ...(blocked ? [within(prose(blocked.cause))] : []),
        ...(blocked?.next !== undefined && level.credentials
            ? [within(`What to do: ${prose(blocked.next)}`)]
            : []),
        ...(exception
            ? [
                  within(
                      `${exception.opens ? "`pulumi up` allows password recovery" : "open"} until ${code(exception.until)}: ${code(exception.reason)}`,
                  ),
              ]
            : []),
    ];
}

function countsOf({ totals }: Pick<Unit, "totals">): string {
    const parts: [number, AccountMark][] = [
        [totals.drifted, "drifted"],
        [totals.blocked, "blocked"],
        [totals.notLookedAt, "not looked at"],
        [totals.exceptions, "exception"],
        [totals.acknowledged, "acknowledged"],
        [totals.clean, "clean"],
        [totals.outOfScope, "out of scope"],
        [totals.skipped, "skipped"],
    ];
    const told = parts.flatMap(([count, mark]) => (count > 0 ? [`${count} ${mark}`] : []));
    return `(${told.join(", ")})`;
}

/** The same refusal in a thousand accounts is told once for each, but folded away. */
function stories({ accounts }: Report, { stories: told }: Level): string[] {
    const blocked = accounts.flatMap(({ id, blocked: why }) => (why ? [{ id, detail: why.detail }] : []));
    if (!told || blocked.length === 0) return [];
    const text = blocked.map(({ id, detail }) => `${id}\n${detail}`).join("\n\n");
    return [
        `<details><summary>What AWS said of the ${counted(blocked.length, "blocked account")}</summary>\n\n${fenced(text)}\n\n</details>`,
    ];
}

function policies({ policies: all }: Report, { accounts }: Level): string[] {
    if (all.length === 0) return [];
    const toTell = all.filter(({ finding }) => finding !== "as declared");
    const rest = all.length - toTell.length;
    return [
        "### Policies of buckets and queues",
        [
            ...(toTell.length === 0
                ? []
                : [
                      upTo(
                          accounts,
                          toTell,
                          ({ accountId, resource, finding, text }) =>
                              `- ${code(resource)} of ${code(accountId)} **${finding}**: ${prose(text)}`,
                      ),
                  ]),
            ...(rest === 0 ? [] : [`- ✔ ${rest} as declared`]),
        ].join("\n"),
    ];
}

function footer(report: Report, level: Level): string {
    const { source, generated, caller } = report;
    const by = caller === undefined ? "" : ` as ${code(caller)}`;
    return [
        ...(level === LEVELS[0]
            ? []
            : [
                  "Folded into counts to fit into a comment; the other formats (html, json, csv) hold everything.",
              ]),
        `<sub>From ${SOURCES[source]}${by}, ${generated}. Root credentials are listed with their age and last use; "clean" is said only of accounts that were looked at.</sub>`,
    ].join("\n\n");
}

function upTo<T>(most: number, items: T[], line: (item: T) => string): string {
    const rest = items.length - Math.min(most, items.length);
    return [...items.slice(0, most).map(line), ...(rest > 0 ? [`- and ${rest} more`] : [])].join("\n");
}

function capitalized(text: string): string {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
