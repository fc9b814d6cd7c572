/** Makes text of others safe in Markdown: it is shown as it is, and is never markup, a link, a mention or a reference. */
import { printable } from "../../../process/printable";

/** For one line, so without line breaks. Invisible characters are shown. */
export function visible(text: string): string {
    return printable(text.replace(/\s+/g, " "));
}

/** A name or an id, as a code span, because a code span has no markup in it. */
export function code(text: string): string {
    const shown = visible(text);
    if (shown.trim() === "") return "` `";
    const fence = fenceFor(shown, 1);
    const padding = fence.length > 1 || /^ | $/.test(shown) ? " " : "";
    return `${fence}${padding}${shown}${padding}${fence}`;
}

/** A text of several lines. */
export function fenced(text: string): string {
    const shown = text.split(/\r?\n/).map(visible).join("\n");
    const fence = fenceFor(shown, 3);
    return `${fence}text\n${shown}\n${fence}`;
}

/** A sentence. A zero-width space behind @ and # keeps them from calling people and issues. */
export function prose(text: string): string {
    return visible(text)
        .replace(/[\\`*_{}[\]<>|~&]/g, "\\$&")
        .replace(/([@#])(?=[\w-])/g, "$1\u200b")
        .replace(/(https?|ftp):\/\//gi, "$1:\u200b//")
        .replace(/\bwww\./gi, "www\u200b.");
}

const MOST_OF_A_TEXT = 500;

/** To be called before the text is made safe: a cut could end in the middle of an escape. */
export function cut(text: string): string {
    return text.length <= MOST_OF_A_TEXT ? text : `${text.slice(0, MOST_OF_A_TEXT).toWellFormed()}…`;
}

/** More backticks than the text has in a row. */
function fenceFor(text: string, least: number): string {
    const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
    return "`".repeat(Math.max(least, longest + 1));
}
