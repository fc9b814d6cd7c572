/**
 * Makes text from AWS and from settings safe for a terminal, a log and a line of JSON.
 *
 * Members of the organization choose parts of this text, such as role names and policies. It must not move the cursor, end a line
 * or colour later text. So each control character becomes `\uXXXX`, which JSON reads as the same character.
 */

/** Characters that control a terminal, end a line, or are invisible. The joiners stay, because some scripts need them. */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Pulumi's own markup for colours, `<{%fg 1%}>`. */
const COLOUR_TAG = /(?<=<)\{(?=%)/g;

/** Escapes a text of one line. */
export function printable(text: string): string {
    return text.replace(INVISIBLE, escape).replace(COLOUR_TAG, escape);
}

/** Escapes a text of several lines, but keeps its line breaks and tabs. */
export function printableLines(text: string): string {
    return text.replace(/[^\n\t]+/g, printable);
}

function escape(character: string): string {
    return character
        .split("")
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
        .join("");
}
