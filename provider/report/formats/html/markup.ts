/**
 * Markup that no text can break out of. Whatever stands in a `markup` template is text and is escaped, unless it is `Markup`
 * itself; so a name that is full of markup stays a name, and nobody has to remember that.
 */
import { htmlEscape } from "escape-goat";
import { printableLines } from "../../../process/printable";

export class Markup {
    /** @param source of ours: it is written as it is */
    constructor(readonly source: string) {}
}

/** `undefined` and `false` are nothing at all, as in `count > 0 && markup...`. */
export type Content = Markup | string | number | undefined | false | Content[];

/** Attributes are to stand in double quotes. */
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

/** A sentence of ours: what stands in backticks in it is code. */
export function prose(text: string): Markup {
    const parts = text.split(/`([^`]+)`/);
    return markup`${parts.map((part, index) => (index % 2 === 1 ? markup`<code class="said">${part}</code>` : part))}`;
}
