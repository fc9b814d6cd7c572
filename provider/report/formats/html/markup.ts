/**
 * Safe markup. A `markup` template escapes every value that is not `Markup` itself, so markup in a name is shown as text.
 */
import { htmlEscape } from "escape-goat";
import { printableLines } from "../../../process/printable";

export class Markup {
    /** @param source written unchanged, so no text of others */
    constructor(readonly source: string) {}
}

/** `undefined` and `false` give no text, as in `count > 0 && markup...`. */
export type Content = Markup | string | number | undefined | false | Content[];

/** Attributes must be in double quotes. */
export function markup(strings: TemplateStringsArray, ...contents: Content[]): Markup {
    let source = strings[0] ?? "";
    contents.forEach((content, index) => (source += sourceOf(content) + (strings[index + 1] ?? "")));
    return new Markup(source);
}

function sourceOf(content: Content): string {
    if (content === undefined || content === false) return "";
    if (content instanceof Markup) return content.source;
    if (Array.isArray(content)) return content.map(sourceOf).join("");
    return htmlEscape(printableLines(String(content)));
}

/** A sentence in which text between backticks is code. */
export function prose(text: string): Markup {
    const parts = text.split(/`([^`]+)`/);
    return markup`${parts.map((part, index) => (index % 2 === 1 ? markup`<code class="said">${part}</code>` : part))}`;
}
