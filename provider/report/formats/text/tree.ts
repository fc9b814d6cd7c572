/**
 * The organization as lines for a terminal: its units, the accounts that need attention, and the reason for each.
 *
 * Units without such an account are folded to a count. If the tree is longer than the limit of lines, it names the first accounts of
 * each finding (drifted, unreadable, leaving, …) in turn. So a hundred drifted accounts do not hide the one that is unreadable.
 */
import type { Report } from "../../model";
import { counted } from "../../words";
import { accountLines, DETAIL, type Drawing } from "./account";
import { credentialTable } from "./credentials";
import { countsOf, DEEPEST, inColumns, LOOKS, STEM, stemmed, type Line } from "./lines";
import {
    countsIn,
    FINDINGS,
    inTurn,
    entryNeedsAttention,
    nodesOf,
    sumOf,
    type Counts,
    type Entry,
    type Node,
} from "./nodes";
import { span, type Span } from "./spans";

export interface Tree {
    lines: Span[][];
    counts: Counts;
    /** The number of accounts that need attention and that the lines do not name. */
    hidden: number;
}

export function treeLines(report: Report, width: number, mostLines: number): Tree {
    const root = nodesOf(report);
    const named = inTurn(root);
    const draw = (count: number) => drawn(root, new Set(named.slice(0, count)), report, width);
    // Each account takes at least one line.
    const most = Math.min(named.length, mostLines);
    let [count, lines] = [most, draw(most)];
    if (lines.length > mostLines) {
        let beyond = most;
        [count, lines] = [0, draw(0)];
        while (beyond - count > 1) {
            const middle = Math.floor((count + beyond) / 2);
            const tried = draw(middle);
            if (tried.length > mostLines) beyond = middle;
            else [count, lines] = [middle, tried];
        }
    }
    return { lines, counts: root.counts, hidden: named.length - count };
}

function drawn(root: Node, shown: Set<Entry>, report: Report, width: number): Span[][] {
    const { generated: now, organizationId, organizations = [] } = report;
    const credentials = [...shown].flatMap((entry) => entry.credentials ?? []);
    const indent = deepest(root, shown, 0) * STEM + DETAIL.length;
    const row = credentialTable(credentials, now, width - indent);
    const name =
        organizations.length > 1
            ? [span(counted(organizations.length, "organization"), "strong")]
            : [span("Organization", "strong"), span(organizationId ? ` ${organizationId}` : "", "faint")];
    const top = { left: name, right: countsOf(root.counts) };
    return inColumns([top, ...below(root, "", { width, shown, row })], width);
}

function deepest(node: Node, shown: Set<Entry>, depth: number): number {
    if (depth === DEEPEST) return depth;
    const below = node.nodes
        .filter((each) => isOpen(each, shown))
        .map((each) => deepest(each, shown, depth + 1));
    return Math.max(depth, ...below);
}

function isOpen({ entries, nodes }: Node, shown: Set<Entry>): boolean {
    return entries.some((entry) => shown.has(entry)) || nodes.some((node) => isOpen(node, shown));
}

/** An open unit, or several folded units. */
type UnitLine = Line & { node?: Node };

/** The lines of a unit: accounts, open units, one line for the accounts that are left out, and one for each group of folded units. */
function below(node: Node, stem: string, drawing: Drawing): Line[] {
    const { shown } = drawing;
    const entries = node.entries.filter((entry) => shown.has(entry));
    const cutOff = node.entries.filter((entry) => !shown.has(entry) && entryNeedsAttention(entry));
    const open = node.nodes.filter((each) => isOpen(each, shown));
    const folded = node.nodes.filter((each) => !open.includes(each));
    const units: UnitLine[] = [
        ...open.map((each) => ({
            left: [span(each.name, "strong")],
            right: countsOf(each.counts),
            node: each,
        })),
        ...foldedUnits(folded.filter(({ needsAttention }) => needsAttention)),
        ...foldedUnits(folded.filter((each) => !each.needsAttention && each.counts.has("clean"))),
        ...foldedUnits(folded.filter((each) => !each.needsAttention && !each.counts.has("clean"))),
    ];
    return [
        ...entries.flatMap((entry) => accountLines(entry, stem, drawing)),
        ...(cutOff.length === 0 ? [] : [restOf(cutOff, stem)]),
        ...units.flatMap(({ left, node: opened, ...rest }, index) => {
            const isLast = index === units.length - 1;
            const line = { left: [stemmed(`${stem}${isLast ? "└─ " : "├─ "}`), ...left], ...rest };
            const within = `${stem}${isLast ? "   " : "│  "}`;
            return [line, ...(opened ? below(opened, within, drawing) : [])];
        }),
    ];
}

function foldedUnits(nodes: Node[]): UnitLine[] {
    if (nodes.length === 0) return [];
    const counts = sumOf(nodes.map((node) => node.counts));
    const finding = FINDINGS.find((each) => counts.has(each)) ?? "skipped";
    const needsAttention = nodes.some((node) => node.needsAttention);
    const { sign, style } = needsAttention ? { sign: "…", style: "strong" as const } : LOOKS[finding];
    const what = needsAttention ? counted(nodes.length, "more unit") : counted(nodes.length, "unit");
    const names = nodes.slice(0, MOST_NAMES).map(({ name }) => name);
    if (nodes.length > MOST_NAMES) names.push("…");
    const lead = needsAttention || nodes.length > 1 ? `${what}: ` : "";
    return [
        {
            left: [span(`${sign} `, style), span(`${lead}${names.join(", ")}`, "faint")],
            right: countsOf(counts),
            folded: true,
        },
    ];
}

const MOST_NAMES = 5;

function restOf(entries: Entry[], stem: string): Line {
    const what = counted(entries.length, "more account");
    return { left: [stemmed(stem), span(`… ${what}`, "strong")], right: countsOf(countsIn(entries)) };
}
