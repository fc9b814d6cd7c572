/** The accounts in Markdown: the whole tree, and an account in one line. */
import { ACCOUNT_MARKS, countOf, type AccountInReport, type Report, type Totals } from "../../model";
import { needsAttention, treeOf, type Unit } from "../../tree";
import { counted, credentialInWords, factsInWords, removalInWords, SIGNS } from "../../words";
import { code, cut, prose } from "./markup";

/** A unit names up to so many accounts that need no attention. More are counted. */
const FEW = 5;

export function wholeTree(report: Report): string[] {
    if (report.accounts.length === 0) return [];
    const root = treeOf(report);
    return ["### The organization", [`- **root** ${countsOf(root.totals)}`, ...below(root, 1)].join("\n")];
}

/** `(7 drifted, 3 clean)`. */
export function countsOf(totals: Totals): string {
    const told = ACCOUNT_MARKS.filter((mark) => countOf(mark, totals) > 0);
    return `(${told.map((mark) => `${countOf(mark, totals)} ${mark}`).join(", ")})`;
}

function below({ accounts, units }: Unit, depth: number): string[] {
    const indent = "  ".repeat(depth);
    const needing = accounts.filter(needsAttention);
    const others = accounts.filter((account) => !needsAttention(account));
    const named = others.length <= FEW ? [...needing, ...others] : needing;
    return [
        ...named.flatMap((account) => accountLines(account).map((line) => indent + line)),
        ...(named.length < accounts.length
            ? countLines(others, needing.length > 0).map((line) => indent + line)
            : []),
        ...units.flatMap((unit) => [
            `${indent}- **${code(unit.name)}** ${countsOf(unit.totals)}`,
            ...(isFolded(unit) ? [] : below(unit, depth + 1)),
        ]),
    ];
}

function countLines(accounts: AccountInReport[], isRest: boolean): string[] {
    return [...Map.groupBy(accounts, ({ mark }) => mark)].map(
        ([mark, { length }]) => `- ${SIGNS[mark]} ${length} ${isRest ? "more " : ""}${mark}`,
    );
}

/** It holds many accounts, and none of them needs attention. */
function isFolded(unit: Unit): boolean {
    const { accounts, outOfScope, skipped } = unit.totals;
    return accounts + outOfScope + skipped > FEW && !hasAttention(unit);
}

function hasAttention({ accounts, units }: Unit): boolean {
    return accounts.some(needsAttention) || units.some(hasAttention);
}

function accountLines(account: AccountInReport): string[] {
    const { id, name, mark, credentials = [], unreadable, because } = account;
    const held = credentials.map((credential) => {
        const { stays } = credential;
        const note = stays === undefined ? "" : ` – stays: ${prose(stays)}`;
        return `${code(credentialInWords(credential))} (${prose(factsInWords(credential))})${note}`;
    });
    const next = unreadable?.next === undefined ? [] : [`What to do: ${prose(unreadable.next)}`];
    return [
        `- ${SIGNS[mark]} ${code(id)} ${code(name)} **${mark}**${because === undefined ? "" : `: ${prose(because)}`}`,
        ...[...held, ...factsOf(account), ...next].map((line) => `  - ${line}`),
    ];
}

/** The account in a shortened report, where no text may grow without an end. */
export function shortLine(account: AccountInReport): string {
    const { id, name, organizationalUnit, credentials = [], because } = account;
    const facts = [
        ...(credentials.length > 0 ? [counted(credentials.length, "root credential")] : []),
        ...factsOf(account, cut),
        ...(because === undefined ? [] : [prose(cut(because))]),
    ];
    const where = organizationalUnit && ` in ${code(cut(organizationalUnit))}`;
    return `- ${code(id)} ${code(cut(name))}${where}${facts.length > 0 ? `: ${facts.join("; ")}` : ""}`;
}

function factsOf(
    { removed, acknowledged, unreadable, exception }: AccountInReport,
    fit = (text: string) => text,
): string[] {
    const opens = exception?.opens ? "`pulumi up` allows password recovery" : "open";
    return [
        ...(removed ? [`removed ${code(fit(removalInWords(removed)))}`] : []),
        ...(acknowledged
            ? [`acknowledged until ${code(acknowledged.until)}: ${code(fit(acknowledged.reason))}`]
            : []),
        ...(unreadable ? [prose(fit(unreadable.cause))] : []),
        ...(exception ? [`${opens} until ${code(exception.until)}: ${code(fit(exception.reason))}`] : []),
    ];
}
