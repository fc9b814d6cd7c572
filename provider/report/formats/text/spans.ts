/** Text with styles, measured in the cells of a terminal. */
import { printable } from "../../../process/printable";
import type { Palette, Style } from "./palette";

/** A piece of a line in one style. */
export interface Span {
    text: string;
    style?: Style;
}

/** A piece of text that is safe to print, whoever chose it. */
export function span(text: string, style?: Style): Span {
    return { text: printable(text), ...(style && { style }) };
}

/** Two cells each: East Asian wide characters and emoji. */
const WIDE =
    /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
/** Marks that stand on the character before them. */
const COMBINING = /[\p{Mn}\p{Me}]/u;

export function widthOf(text: string): number {
    if (/^[\x20-\x7e]*$/.test(text)) return text.length;
    let width = 0;
    for (const character of text) width += cellsOf(character);
    return width;
}

function cellsOf(character: string): number {
    return COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}

export function widthOfAll(spans: Span[]): number {
    return spans.reduce((sum, { text }) => sum + widthOf(text), 0);
}

/** Cuts the text to this width. An ellipsis marks the cut, unless only spaces were cut. */
export function cut(text: string, most: number): string {
    if (widthOf(text) <= most) return text;
    if (widthOf(text.trimEnd()) <= most) return text.trimEnd();
    let kept = "";
    let width = 0;
    for (const character of text) {
        width += cellsOf(character);
        if (width > most - 1) break;
        kept += character;
    }
    return most < 1 ? "" : `${kept.trimEnd()}…`;
}

export function cutAll(spans: Span[], most: number): Span[] {
    let left = most;
    const kept: Span[] = [];
    for (const each of spans) {
        const text = cut(each.text, left);
        kept.push({ ...each, text });
        if (text !== each.text) break;
        left -= widthOf(text);
    }
    return kept;
}

export function padded(text: string, width: number): string {
    return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/**
 * Breaks the text between words, and cuts it after `most` lines. A word longer than a line is cut. No line begins with a brace, so
 * that no text looks like a line of JSON.
 */
export function wrapped(text: string, width: number, most = Infinity): string[] {
    const lines: string[] = [];
    let line = "";
    for (const word of text.split(/ (?!\{)/).filter(Boolean)) {
        const longer = line === "" ? word : `${line} ${word}`;
        if (widthOf(longer) <= width) line = longer;
        else if (lines.length === most - 1) return [...lines, cut(longer, width)];
        else {
            if (line !== "") lines.push(line);
            line = cut(word, width);
        }
    }
    return line === "" ? lines : [...lines, line];
}

/** Broken before a span that has no more room. Punctuation stays where it is. */
export function wrappedSpans(spans: Span[], width: number): Span[][] {
    const lines: Span[][] = [];
    let line: Span[] = [];
    for (const each of spans) {
        const stays = line.length === 0 || PUNCTUATION.test(each.text);
        if (!stays && widthOfAll([...line, each]) >= width) {
            lines.push(line);
            line = [];
        }
        line.push(each);
    }
    return [...lines, line];
}

const PUNCTUATION = /^[,;:] $/;

/** The line as it is printed: cut to the width, coloured, without spaces at its end. */
export function painted(spans: Span[], width: number, palette: Palette): string {
    const kept = cutAll(spans, width);
    while (kept.at(-1)?.text.trimEnd() === "") kept.pop();
    return kept
        .map(({ text, style }, index) => {
            const shown = index === kept.length - 1 ? text.trimEnd() : text;
            return style === undefined || shown.trim() === "" ? shown : palette(shown, style);
        })
        .join("");
}
