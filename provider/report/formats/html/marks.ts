/** The look of a mark: a shape, its name, and a colour that adds no meaning. */
import { ACCOUNT_MARKS, type AccountMark } from "../../model";
import { Markup, markup } from "./markup";

/** The CSS class of the mark, and the id of its shape. */
export function slug(mark: AccountMark): string {
    return mark.replaceAll(" ", "-");
}

export function iconOf(mark: AccountMark): Markup {
    return markup`<svg aria-hidden="true"><use href="#${slug(mark)}"/></svg>`;
}

export function markOf(mark: AccountMark): Markup {
    return markup`<span class="mark ${slug(mark)}">${iconOf(mark)}${mark}</span>`;
}

/** Drawn, because not every machine has a font with these shapes. Each is in a square of 16. */
const SHAPES: Record<AccountMark, string> = {
    drifted: `<path d="M8 1.5 15.2 14.5H.8Z"/>`,
    unreadable: `<path d="M5 1h6l4 4v6l-4 4H5l-4-4V5Z"/><path class="cut" d="M4.5 8h7"/>`,
    "not inspected": `<circle class="line" cx="8" cy="8" r="6.3" stroke-dasharray="3 2.4"/>`,
    excepted: `<circle class="line" cx="8" cy="8" r="6.3"/><path class="line" d="M8 4.4V8l2.6 1.8"/>`,
    acknowledged: `<circle class="line" cx="8" cy="8" r="6.3"/><path class="line" d="M6.2 5.6v4.8m3.6-4.8v4.8"/>`,
    clean: `<path class="line" d="m2 8.6 4 4L14 4"/>`,
    "out of scope": `<path class="line" d="M3 8h10"/>`,
    skipped: `<path class="line" d="m3 3.5 5 4.5-5 4.5m5.5-9 5 4.5-5 4.5"/>`,
};

export const SPRITES = new Markup(
    `<svg class="sprites" aria-hidden="true">${ACCOUNT_MARKS.map(
        (mark) => `<symbol id="${slug(mark)}" viewBox="0 0 16 16">${SHAPES[mark]}</symbol>`,
    ).join("")}</svg>`,
);

const MEANINGS: Record<AccountMark, string> = {
    drifted:
        "The account was inspected, and there is something to change: root credentials to remove (all that are listed and do not stay), or a recovery to allow.",
    unreadable: "Something could not be inspected. There may be more root credentials than those listed.",
    "not inspected": "There is no result.",
    excepted: "The account was inspected, and is as its open exception allows.",
    acknowledged:
        "Something could not be inspected, for a cause that the settings acknowledge for a while. It is unknown whether there are root credentials.",
    clean: "The account was inspected, and has no root credentials.",
    "out of scope": "The settings leave it out.",
    skipped: "The account cannot be inspected, for example the management account or a suspended account.",
};

export function meaningsOf(marks: Set<AccountMark>): Markup {
    const used = ACCOUNT_MARKS.filter((mark) => marks.has(mark));
    return markup`<dl class="meanings">
${used.map(
    (mark) => markup`<div><dt>${markOf(mark)}</dt> <dd>${MEANINGS[mark]}</dd></div>
`,
)}</dl>`;
}
