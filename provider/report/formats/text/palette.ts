/** Colours of a terminal. A colour only repeats the meaning of a word or a sign. */

export type Style = "drifted" | "unknown" | "opens" | "excepted" | "clean" | "recent" | "strong" | "faint";

/** Puts a text into a style. The text is fit for a terminal already. */
export type Palette = (text: string, style: Style) => string;

export const plain: Palette = (text) => text;

const SGR: Record<Style, string> = {
    drifted: "31",
    unknown: "33",
    opens: "35",
    excepted: "36",
    clean: "32",
    recent: "1;31",
    strong: "1",
    faint: "2",
};

export const ansi: Palette = (text, style) => `\u001b[${SGR[style]}m${text}\u001b[0m`;

const TAGS: Record<Style, string[]> = {
    drifted: ["fg 1"],
    unknown: ["fg 3"],
    opens: ["fg 5"],
    excepted: ["fg 6"],
    clean: ["fg 2"],
    recent: ["bold", "fg 1"],
    strong: ["bold"],
    faint: [], // Pulumi has none, and its dark grey is invisible on some backgrounds.
};

/** Pulumi's own tags: the CLI turns them into colours, or drops them, as its output needs. */
export const pulumiTags: Palette = (text, style) => {
    const tags = TAGS[style].map((tag) => `<{%${tag}%}>`).join("");
    return (tags && `${tags}${text}<{%reset%}>`) || text;
};
