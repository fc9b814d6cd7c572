/** The organization as nodes: accounts with their finding, and counts of the findings in and below each unit. */
import {
    ACCOUNT_MARKS,
    compare,
    type AccountInReport,
    type AccountMark,
    type LeavingAccount,
    type Report,
} from "../../model";
import { needsAttention, treeOf, type Unit } from "../../tree";
import { usedRecently } from "./credentials";

/** The order of the counts in a line, and of the accounts in a unit. */
export const FINDINGS = ["leaving", ...ACCOUNT_MARKS] as const;
export type Finding = AccountMark | "leaving";

export type Counts = Map<Finding, number>;

export interface Entry extends AccountInReport {
    finding: Finding;
    then?: LeavingAccount["then"];
    /** The account holds a credential that was used recently. */
    recent: boolean;
}

export interface Node {
    name: string;
    entries: Entry[];
    nodes: Node[];
    counts: Counts;
    /** The unit or a unit below has an account that needs attention. */
    needsAttention: boolean;
}

interface Known {
    then: Map<string, LeavingAccount["then"]>;
    now: string;
}

export function nodesOf(report: Report): Node {
    const then = new Map(report.leaving.map(({ id, then }) => [id, then]));
    return nodeOf(treeOf({ ...report, accounts: withLeaving(report) }), { then, now: report.generated });
}

/** A leaving account stands at its listed place, or at the place where the stack has last seen it. */
function withLeaving({ accounts, leaving }: Report): AccountInReport[] {
    const listed = new Set(accounts.map(({ id }) => id));
    const others = leaving.filter(({ id }) => !listed.has(id));
    return [...accounts, ...others.map((each): AccountInReport => ({ ...each, mark: "out of scope" }))];
}

function nodeOf(unit: Unit, known: Known): Node {
    const entries = unit.accounts.map((account) => entryOf(account, known)).sort(worstFirst);
    const nodes = unit.units.map((each) => nodeOf(each, known)).sort((a, b) => compare(a.name, b.name));
    return {
        name: unit.name,
        entries,
        nodes,
        counts: sumOf([countsIn(entries), ...nodes.map(({ counts }) => counts)]),
        needsAttention:
            entries.some(entryNeedsAttention) || nodes.some(({ needsAttention }) => needsAttention),
    };
}

function entryOf(account: AccountInReport, known: Known): Entry {
    const then = known.then.get(account.id);
    const recent = (account.credentials ?? []).some((each) => usedRecently(each, known.now));
    return { ...account, recent, ...(then && { then }), finding: then ? "leaving" : account.mark };
}

/** The tree names the account, and does not only count it. */
export function entryNeedsAttention(entry: Entry): boolean {
    return entry.finding === "leaving" || needsAttention(entry);
}

export function countsIn(entries: Entry[]): Counts {
    return sumOf(entries.map(({ finding }) => new Map([[finding, 1]])));
}

export function sumOf(all: Counts[]): Counts {
    const sum: Counts = new Map();
    for (const counts of all)
        for (const [finding, count] of counts) sum.set(finding, (sum.get(finding) ?? 0) + count);
    return sum;
}

function worstFirst(a: Entry, b: Entry): number {
    return (
        FINDINGS.indexOf(a.finding) - FINDINGS.indexOf(b.finding) ||
        Number(b.recent) - Number(a.recent) ||
        compare(a.name, b.name) ||
        compare(a.id, b.id)
    );
}

/** The first account of each finding, then the second of each, and so on. */
export function inTurn(root: Node): Entry[] {
    const sorted = attentionEntriesIn(root).sort(worstFirst);
    const turns = FINDINGS.flatMap((kind) =>
        sorted.filter(({ finding }) => finding === kind).map((entry, turn) => ({ entry, turn })),
    );
    return turns.sort((a, b) => a.turn - b.turn || worstFirst(a.entry, b.entry)).map(({ entry }) => entry);
}

function attentionEntriesIn({ entries, nodes }: Node): Entry[] {
    return [...entries.filter(entryNeedsAttention), ...nodes.flatMap(attentionEntriesIn)];
}
