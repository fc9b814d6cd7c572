/** The lines of the tree: a name on the left, its findings on the right, and the stems before both. */
import { grouped, SIGNS } from "../../words";
import { FINDINGS, type Counts, type Finding } from "./nodes";
import type { Style } from "./palette";
import { cutAll, span, widthOfAll, type Span } from "./spans";

/** A line without a right part may take the whole width. */
export interface Line {
    left: Span[];
    right?: Span[];
    /** The left part names several units, and may be cut for the column on the right. */
    folded?: true;
}

export const LOOKS: Record<Finding, { sign: string; style: Style }> = {
    leaving: { sign: "▼", style: "opens" },
    drifted: { sign: SIGNS.drifted, style: "drifted" },
    unreadable: { sign: SIGNS.unreadable, style: "unknown" },
    "not inspected": { sign: SIGNS["not inspected"], style: "unknown" },
    excepted: { sign: SIGNS.excepted, style: "excepted" },
    acknowledged: { sign: SIGNS.acknowledged, style: "excepted" },
    clean: { sign: SIGNS.clean, style: "clean" },
    "out of scope": { sign: SIGNS["out of scope"], style: "faint" },
    skipped: { sign: SIGNS.skipped, style: "faint" },
};

/** The cells of one level. */
export const STEM = 3;
/** AWS allows five levels of units. A unit with a "/" in its name looks like several levels. */
export const DEEPEST = 6;
const MOST_FOR_FOLDED = 30;
const NARROWEST_NAME = 20;

/** Puts the right parts of all lines into one column. */
export function inColumns(lines: Line[], width: number): Span[][] {
    const column = lines.reduce((most, { left, right, folded }) => {
        const wanted = right ? Math.min(widthOfAll(left) + 2, folded ? MOST_FOR_FOLDED : width / 2) : 0;
        return Math.max(most, Math.floor(wanted));
    }, 0);
    return lines.map((line) => joined(line, column, width));
}

/** If both parts do not fit, the name is cut first, and then the least important counts. */
function joined({ left, right }: Line, column: number, width: number): Span[] {
    if (right === undefined || right.length === 0) return left;
    const told = firstThatFit(right, width - NARROWEST_NAME - 2);
    const name = cutAll(left, width - widthOfAll(told) - 2);
    const taken = widthOfAll(name);
    const gap = Math.max(2, Math.min(column - taken, width - taken - widthOfAll(told)));
    return [...name, span(" ".repeat(gap)), ...told];
}

/** Whole counts, and an ellipsis for the others. */
function firstThatFit(counts: Span[], width: number): Span[] {
    if (widthOfAll(counts) <= width) return counts;
    const kept = [...counts];
    while (kept.length > 1 && widthOfAll(kept) > width - 1) kept.pop();
    return [...kept, span("…")];
}

/** Stems of units that are too deep end at the column of the deepest level. */
export function stemmed(stem: string): Span {
    const most = DEEPEST * STEM;
    return span(stem.length <= most ? stem : stem.slice(0, most - STEM) + stem.slice(-STEM), "faint");
}

/** `7 drifted, 1 unreadable, 3 clean`. */
export function countsOf(counts: Counts): Span[] {
    return FINDINGS.filter((finding) => (counts.get(finding) ?? 0) > 0).flatMap((finding, index) => [
        ...(index > 0 ? [span(", ")] : []),
        span(`${grouped(counts.get(finding) ?? 0)} ${finding}`, LOOKS[finding].style),
    ]);
}
