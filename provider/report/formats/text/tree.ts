/**
 * The organization as lines for a terminal: its units, the accounts that need attention, and what is the matter with each.
 *
 * Units without such an account are folded to a count. If the tree is longer than the limit of lines, it names the first accounts of
 * each kind (drifted, unreadable, leaving, …) in turn. So a hundred drifted accounts do not hide the one that is unreadable.
 */
import type { AccountInReport, LeavingAccount, Report } from "../../model";
import { treeOf, type Unit } from "../../tree";
import { counted, grouped, removalInWords } from "../../words";
import { credentialTable, usedRecently } from "./credentials";
import type { Style } from "./palette";
import { cutAll, span, widthOf, widthOfAll, wrapped, type Span } from "./spans";

/** In the order of a count, and of accounts within a unit. */
export const FINDINGS = [
    "leaving",
    "drifted",
    "unreadable",
    "not inspected",
    "excepted",
    "acknowledged",
    "clean",
    "out of scope",
    "skipped",
] as const;
export type Finding = (typeof FINDINGS)[number];

const LOOKS: Record<Finding, { sign: string; style: Style }> = {
    leaving: { sign: "▼", style: "opens" },
    drifted: { sign: "✖", style: "drifted" },
    unreadable: { sign: "▲", style: "unknown" },
    "not inspected": { sign: "?", style: "unknown" },
    excepted: { sign: "◆", style: "excepted" },
    acknowledged: { sign: "◇", style: "excepted" },
    clean: { sign: "✔", style: "clean" },
    "out of scope": { sign: "○", style: "faint" },
    skipped: { sign: "–", style: "faint" },
};

const QUIET = new Set<Finding>(["clean", "out of scope", "skipped"]);

export type Counts = Map<Finding, number>;

export interface Tree {
    lines: Span[][];
    counts: Counts;
    /** Accounts that need attention and that the lines do not name. */
    hidden: number;
}

interface Entry extends AccountInReport {
    finding: Finding;
    then?: LeavingAccount["then"];
    /** It holds a credential that was used lately. */
    recent: boolean;
}

/** The settings of one drawing, which all units share. */
interface Drawing {
    width: number;
    now: string;
    shown: Set<Entry>;
    row: ReturnType<typeof credentialTable>;
}

interface Node {
    name: string;
    entries: Entry[];
    nodes: Node[];
    counts: Counts;
    /** It or a unit below has an account that needs attention. */
    loud: boolean;
}

export function treeLines(report: Report, width: number, mostLines: number): Tree {
    const root = nodeOf(treeOf({ ...report, accounts: withLeaving(report) }), {
        then: leavingIn(report),
        now: report.generated,
    });
    const named = inTurn(loudIn(root));
    const draw = (count: number) => drawn(root, new Set(named.slice(0, count)), report, width);
    // Each account takes a line at least.
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

/** A leaving account stands where it is listed, or where the stack has last seen it. */
function withLeaving({ accounts, leaving }: Report): AccountInReport[] {
    const listed = new Set(accounts.map(({ id }) => id));
    const others = leaving.filter(({ id }) => !listed.has(id));
    return [...accounts, ...others.map((each): AccountInReport => ({ ...each, mark: "out of scope" }))];
}

function leavingIn({ leaving }: Report): Map<string, LeavingAccount["then"]> {
    return new Map(leaving.map(({ id, then }) => [id, then]));
}

interface Known {
    then: Map<string, LeavingAccount["then"]>;
    now: string;
}

function nodeOf(unit: Unit, known: Known): Node {
    const entries = unit.accounts.map((account) => entryOf(account, known));
    const nodes = unit.units.map((each) => nodeOf(each, known)).sort((a, b) => compare(a.name, b.name));
    const counts: Counts = new Map();
    for (const { finding } of entries) add(counts, finding, 1);
    for (const node of nodes) for (const [finding, count] of node.counts) add(counts, finding, count);
    const loud = entries.some(isLoud) || nodes.some((node) => node.loud);
    return { name: unit.name, entries: entries.sort(worstFirst), nodes, counts, loud };
}

function entryOf(account: AccountInReport, known: Known): Entry {
    const then = known.then.get(account.id);
    const recent = (account.credentials ?? []).some((each) => usedRecently(each, known.now));
    return { ...account, recent, ...(then && { then }), finding: then ? "leaving" : account.mark };
}

/** It is named, and not only counted. */
function isLoud({ finding, removed }: Entry): boolean {
    return !QUIET.has(finding) || removed !== undefined;
}

function add(counts: Counts, finding: Finding, count: number): void {
    counts.set(finding, (counts.get(finding) ?? 0) + count);
}

function worstFirst(a: Entry, b: Entry): number {
    return (
        FINDINGS.indexOf(a.finding) - FINDINGS.indexOf(b.finding) ||
        Number(b.recent) - Number(a.recent) ||
        compare(a.name, b.name) ||
        compare(a.id, b.id)
    );
}

/** In code points, so that the order is the same on every machine. */
function compare(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}

function loudIn({ entries, nodes }: Node): Entry[] {
    return [...entries.filter(isLoud), ...nodes.flatMap(loudIn)];
}

/** The first of each kind, then the second of each, and so on. */
function inTurn(entries: Entry[]): Entry[] {
    const sorted = entries.toSorted(worstFirst);
    const turns = FINDINGS.flatMap((kind) =>
        sorted.filter(({ finding }) => finding === kind).map((entry, turn) => ({ entry, turn })),
    );
    return turns.sort((a, b) => a.turn - b.turn || worstFirst(a.entry, b.entry)).map(({ entry }) => entry);
}

function drawn(root: Node, shown: Set<Entry>, report: Report, width: number) {
    const { generated: now, organizationId, organizations = [] } = report;
    const credentials = [...shown].flatMap((entry) => entry.credentials ?? []);
    const indent = deepest(root, shown, 0) * STEM + DETAIL.length;
    const drawing: Drawing = {
        width,
        now,
        shown,
        row: credentialTable(credentials, now, width - indent),
    };
    const name =
        organizations.length > 1
            ? [span(counted(organizations.length, "organization"), "strong")]
            : [span("Organization", "strong"), span(organizationId ? ` ${organizationId}` : "", "faint")];
    const lines = [{ left: name, right: countsOf(root.counts) }, ...below(root, "", drawing)];
    const stop = lines.reduce((most, { left, right, folded }) => {
        const wanted = right ? Math.min(widthOfAll(left) + 2, folded ? MOST_FOR_FOLDED : width / 2) : 0;
        return Math.max(most, Math.floor(wanted));
    }, 0);
    return lines.map((line) => joined(line, stop, width));
}

/** A unit or account on the left, and what is to be said of it on the right; or a line over the whole width. */
interface Line {
    left: Span[];
    right?: Span[];
    /** It names several units, and the column on the right need not give way to all of them. */
    folded?: true;
}

const MOST_FOR_FOLDED = 30;

/** If both do not fit, the name is cut first and then the counts that matter least. */
function joined({ left, right }: Line, stop: number, width: number): Span[] {
    if (right === undefined || right.length === 0) return left;
    const told = firstThatFit(right, width - NARROWEST - 2);
    const name = cutAll(left, width - widthOfAll(told) - 2);
    const taken = widthOfAll(name);
    const gap = Math.max(2, Math.min(stop - taken, width - taken - widthOfAll(told)));
    return [...name, span(" ".repeat(gap)), ...told];
}

/** Whole counts; an ellipsis stands for the others. */
function firstThatFit(counts: Span[], width: number): Span[] {
    if (widthOfAll(counts) <= width) return counts;
    const kept = [...counts];
    while (kept.length > 1 && widthOfAll(kept) > width - 1) kept.pop();
    return [...kept, span("…")];
}

const NARROWEST = 20;
/** Of one level. */
const STEM = 3;
/** Below an account. */
const DETAIL = "  ";
/** AWS nests five units; names that hold a "/" look like more. */
const DEEPEST = 6;

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

/** A unit that is open, or several that are folded. */
type UnitLine = Line & { node?: Node };

/** The lines of a unit: accounts, open units, and one line each for the accounts that are cut and the units that are folded. */
function below(node: Node, stem: string, drawing: Drawing): Line[] {
    const { shown } = drawing;
    const entries = node.entries.filter((entry) => shown.has(entry));
    const cutOff = node.entries.filter((entry) => !shown.has(entry) && isLoud(entry));
    const open = node.nodes.filter((each) => isOpen(each, shown));
    const folded = node.nodes.filter((each) => !open.includes(each));
    const units: UnitLine[] = [
        ...open.map((each) => ({
            left: [span(each.name, "strong")],
            right: countsOf(each.counts),
            node: each,
        })),
        ...foldedUnits(folded.filter(({ loud }) => loud)),
        ...foldedUnits(folded.filter((each) => !each.loud && each.counts.has("clean"))),
        ...foldedUnits(folded.filter((each) => !each.loud && !each.counts.has("clean"))),
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

/** Stems of units that are too deep end where the deepest ones do. */
function stemmed(stem: string): Span {
    const most = DEEPEST * STEM;
    return span(stem.length <= most ? stem : stem.slice(0, most - STEM) + stem.slice(-STEM), "faint");
}

function foldedUnits(nodes: Node[]): UnitLine[] {
    if (nodes.length === 0) return [];
    const counts: Counts = new Map();
    for (const node of nodes) for (const [finding, count] of node.counts) add(counts, finding, count);
    const isLoud = nodes.some(({ loud }) => loud);
    const { sign, style } = isLoud ? { sign: "…", style: "strong" as const } : LOOKS[firstOf(counts)];
    const what = isLoud
        ? counted(nodes.length, "more unit")
        : nodes.length === 1
          ? ""
          : counted(nodes.length, "unit");
    const names = nodes
        .slice(0, MOST_NAMES)
        .map(({ name }) => name)
        .join(", ");
    const rest = nodes.length > MOST_NAMES ? ", …" : "";
    return [
        {
            left: [span(`${sign} `, style), span(`${what}${what && ": "}${names}${rest}`, "faint")],
            right: countsOf(counts),
            folded: true,
        },
    ];
}

const MOST_NAMES = 5;

/** Clean, where any account is. */
function firstOf(counts: Counts): Finding {
    return FINDINGS.find((finding) => counts.has(finding)) ?? "skipped";
}

function restOf(entries: Entry[], stem: string): Line {
    const counts: Counts = new Map();
    for (const { finding } of entries) add(counts, finding, 1);
    const what = counted(entries.length, "more account");
    return { left: [stemmed(stem), span(`… ${what}`, "strong")], right: countsOf(counts) };
}

/** `7 drifted, 1 unreadable, 3 clean`. */
export function countsOf(counts: Counts): Span[] {
    return FINDINGS.filter((finding) => (counts.get(finding) ?? 0) > 0).flatMap((finding, index) => [
        ...(index > 0 ? [span(", ")] : []),
        span(`${grouped(counts.get(finding) ?? 0)} ${finding}`, LOOKS[finding].style),
    ]);
}

function accountLines(entry: Entry, stem: string, { width, row }: Drawing): Line[] {
    const { id, name, finding, credentials = [] } = entry;
    const { sign, style } = LOOKS[finding];
    const indent = [stemmed(stem), span(DETAIL)];
    const room = width - widthOfAll(indent);
    return [
        {
            left: [
                stemmed(stem),
                span(`${sign} `, style),
                span(id),
                ...(name === id || name === "" ? [] : [span(" "), span(name, "strong")]),
            ],
            right: [span(finding, style)],
        },
        ...detailsOf(entry).flatMap(({ text, lead = "", style: own }) =>
            wrapped(span(text).text, room - widthOf(lead), 2).map((line, index) => ({
                left: [...indent, span(index === 0 ? lead : " ".repeat(widthOf(lead))), span(line, own)],
            })),
        ),
        ...credentials.map((credential) => ({ left: [...indent, ...row(credential)] })),
    ];
}

interface Detail {
    text: string;
    /** Before the first line. */
    lead?: string;
    style?: Style;
}

function detailsOf(entry: Entry): Detail[] {
    const { then, unreadable, exception, acknowledged, removed, because, finding, credentials = [] } = entry;
    const isKept = finding === "drifted" && credentials.some(({ stays }) => stays !== undefined);
    return [
        ...(removed ? [{ text: `removed ${removalInWords(removed)}` }] : []),
        ...(then ? [DELETES[then]] : []),
        ...(isKept ? [{ text: KEPT, style: "recent" as const }] : []),
        ...(acknowledged
            ? [{ text: untilWhen("acknowledged", acknowledged), style: "excepted" as const }]
            : []),
        ...(unreadable ? [{ text: unreadable.cause, style: "unknown" as const }] : []),
        ...(unreadable?.next === undefined || acknowledged
            ? []
            : [{ text: firstSentence(unreadable.next), lead: "→ " }]),
        ...(exception
            ? [
                  {
                      text: untilWhen(exception.opens ? "pulumi up opens it" : "exception", exception),
                      style: "excepted" as const,
                  },
              ]
            : []),
        ...(because === undefined || finding !== "not inspected" ? [] : [{ text: because }]),
    ];
}

const KEPT = "pulumi up keeps a recently used credential, so this account fails (refuseIfUsedWithinDays)";
function untilWhen(what: string, { until, reason }: { until: string; reason: string }): string {
    return `${what} until ${minute(until)}: ${reason}`;
}

/** The effect of `pulumi up`, when it deletes the account's resource. */
const DELETES: Record<LeavingAccount["then"], Detail> = {
    "allow-recovery": {
        text: "pulumi up allows password recovery: whoever reads its root mailbox can then sign in",
        style: "opens",
    },
    retain: { text: "pulumi up leaves it as it is, and no run inspects it any more" },
};

/** The first step. The other formats have all of them. */
function firstSentence(text: string): string {
    return /^.*?\.(?= [A-Z])/s.exec(text)?.[0] ?? text;
}

/** `2026-12-05 18:00 UTC`, where the time is in UTC. */
function minute(time: string): string {
    return time.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d(\.\d+)?)?Z$/, "$1 $2 UTC");
}

/** How many of the credentials that were found were used lately. */
export function recentIn({ accounts, generated }: Report): number {
    return accounts
        .flatMap(({ credentials = [] }) => credentials)
        .filter((credential) => usedRecently(credential, generated)).length;
}
