/** A report for a terminal and for plain text: the organization as a tree, and the totals at the end. */
import { RESULTS, warningsOf, writesInWords } from "../evidence/words";
import type { PolicyInReport, Report } from "../model";
import { counted, grouped } from "../words";
import { RECENT_DAYS, recentIn } from "./text/credentials";
import { countsOf } from "./text/lines";
import type { Finding } from "./text/nodes";
import { plain, type Palette, type Style } from "./text/palette";
import { painted, span, wrapped, wrappedSpans, type Span } from "./text/spans";
import { treeLines, type Tree } from "./text/tree";

/** The place that shows a text. */
export interface Screen {
    width: number;
    palette: Palette;
    /** The most lines that the tree, and each list after it, may have. */
    mostLines: number;
    /** How to see what a cut leaves out. */
    all: string;
}

/** A file without a limit of lines. */
export const PAPER: Screen = { width: 100, palette: plain, mostLines: Infinity, all: "" };

/** The most lines of a tree on a terminal: about two screens. */
export const MOST_LINES = 100;

export function text(report: Report, screen: Partial<Screen> = {}): string {
    return `${textLines(report, screen).join("\n")}\n`;
}

export function textLines(report: Report, given: Partial<Screen> = {}): string[] {
    const screen = { ...PAPER, ...given };
    const sections = [
        ...evidence(report, screen),
        ...(report.source === "evidence" ? [] : organization(report, screen)),
    ].filter((section) => section.length > 0);
    return sections
        .flatMap((section, index) => (index === 0 ? section : [[], ...section]))
        .map((line) => painted(line, screen.width, screen.palette));
}

function organization(report: Report, screen: Screen): Span[][][] {
    const tree = treeLines(report, screen.width, screen.mostLines);
    return [
        tree.lines,
        policies(report, screen),
        report.problems.flatMap((problem) => sentence("▲ ", problem, screen, "unknown")),
        [...hidden(tree, screen), ...legend(report, screen), ...totals(report, tree, screen)],
    ];
}

/** @param lead before the first line; the others are indented by it */
function sentence(lead: string, words: string, { width }: Screen, style?: Style): Span[][] {
    return wrapped(span(words).text, width - lead.length).map((line, index) => [
        span(index === 0 ? lead : " ".repeat(lead.length), style),
        span(line, style),
    ]);
}

function hidden({ hidden: count }: Tree, screen: Screen): Span[][] {
    if (count === 0) return [];
    const rest = `${counted(count, "more account")} ${count === 1 ? "needs" : "need"} attention.`;
    return sentence("… ", `${rest}${screen.all && ` ${screen.all}`}`, screen, "strong");
}

function legend(report: Report, screen: Screen): Span[][] {
    const count = recentIn(report);
    if (count === 0) return [];
    const were = `${counted(count, "credential")} ${count === 1 ? "was" : "were"}`;
    return sentence(
        "! ",
        `${were} used in the last ${RECENT_DAYS} days. Find out by what before you remove ${count === 1 ? "it" : "them"}.`,
        screen,
        "recent",
    );
}

/** `10 of 11 accounts inspected: 7 drifted, 1 unreadable, 3 clean; 2 skipped; 14 credentials found`. */
function totals(
    { totals: { inspected, accounts, credentials } }: Report,
    tree: Tree,
    { width }: Screen,
): Span[][] {
    const counts = (aside: boolean) =>
        countsOf(new Map([...tree.counts].filter(([finding]) => ASIDE.has(finding) === aside)));
    const parts = [counts(false), counts(true), [span(`${counted(credentials, "credential")} found`)]];
    return wrappedSpans(
        [
            span(`${grouped(inspected)} of ${counted(accounts, "account")} inspected`, "strong"),
            ...parts
                .filter((part) => part.length > 0)
                .flatMap((part, index) => [span(index === 0 ? ": " : "; "), ...part]),
        ],
        width,
    );
}

/** Findings of accounts that are not to be inspected. */
const ASIDE = new Set<Finding>(["leaving", "out of scope", "skipped"]);

function policies({ policies: all }: Report, screen: Screen): Span[][] {
    const toTell = all.filter(({ finding }) => !QUIET_POLICIES.has(finding));
    if (all.length === 0) return [];
    const others = all.length - toTell.length;
    const rest = toTell.length - screen.mostLines;
    return [
        [
            span("Bucket and queue policies", "strong"),
            ...(others > 0 ? [span(` ${grouped(others)} as declared or skipped`, "faint")] : []),
        ],
        ...toTell.slice(0, screen.mostLines).flatMap((policy) => policyLines(policy, screen)),
        ...(rest > 0 ? sentence("… ", `${grouped(rest)} more. ${screen.all}`, screen) : []),
    ];
}

const QUIET_POLICIES = new Set<PolicyInReport["finding"]>(["as declared", "skipped"]);

/** Enough lines to name the statements that are removed and those that are kept. */
const MOST_LINES_OF_A_POLICY = 8;

function policyLines(
    { accountId, resource, finding, text: why }: PolicyInReport,
    { width }: Screen,
): Span[][] {
    return [
        [span(`${accountId} `), span(resource, "strong"), span(" "), span(finding, "unknown")],
        ...wrapped(span(why).text, width - 2, MOST_LINES_OF_A_POLICY).map((line) => [span(`  ${line}`)]),
    ];
}

function evidence({ evidence: told }: Report, screen: Screen): Span[][][] {
    if (told === undefined) return [];
    const { writes, damaged } = told;
    const lines = [
        ...writes.map((write) => [
            span(`${write.attempted ?? write.answered ?? "time unknown"}  ${write.accountId}  `),
            span(
                RESULTS[write.result].padEnd(15),
                write.result === "unknown" || write.result === "failed" ? "unknown" : "clean",
            ),
            span(`  ${write.action} ${write.id}`),
        ]),
        ...damaged.map(({ file, line, because }) => [span(`${file}:${line}  ${because}`, "unknown")]),
    ];
    const rest = lines.length - screen.mostLines;
    return [
        [
            [span(`Written to AWS: ${writesInWords(told)}`, "strong")],
            ...warningsOf(told).flatMap((each) => sentence("▲ ", each, screen, "unknown")),
            ...lines.slice(0, screen.mostLines),
            ...(rest > 0 ? sentence("… ", `${counted(rest, "more line")}. ${screen.all}`, screen) : []),
        ],
    ];
}
