/**
 * Text from AWS and from settings, fit for a terminal, a log and a line of JSON.
 *
 * Members of the organization choose a part of it: the text of a policy, the name of a role. It must not move the cursor, end a line
 * or colour the text behind it. Each such character becomes a `\uXXXX`. In a string of JSON that is the same character; elsewhere a
 * reader sees it.
 */

/** Characters that control a terminal, end a line, or are not seen; without the joiners, which some scripts are written with. */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Pulumi's own markup for colours, `<{%fg 1%}>`. */
const COLOUR_TAG = /(?<=<)\{(?=%)/g;

/** On one line. */
export function printable(text: string): string {
    return text.replace(INVISIBLE, escape).replace(COLOUR_TAG, escape);
}

/** The same for a text of several lines, which stay. */
export function printableLines(text: string): string {
    return text.replace(/[^\n\t]+/g, printable);
}

function escape(character: string): string {
    return character
        .split("")
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
        .join("");
}
