import type { Answer, AnswerValue } from "../call";

/** The members of an answer as XML elements, the way AWS's Query protocol writes lists, maps and times. */
export function toXml(answer: Answer): string {
    let xml = "";
    for (const [name, value] of Object.entries(answer)) xml += element(name, value);
    return xml;
}

function element(name: string, value: AnswerValue): string {
    return value === undefined ? "" : `<${name}>${content(value)}</${name}>`;
}

function content(value: Exclude<AnswerValue, undefined>): string {
    if (typeof value !== "object") return escaped(String(value));
    if (value instanceof Date) return value.toISOString().replace(/\.\d+Z$/, "Z");
    if (Array.isArray(value)) return value.map((item) => element("member", item)).join("");
    if (value instanceof Map)
        return [...value].map(([key, number]) => element("entry", { key, value: number })).join("");
    return toXml(value);
}

export function escaped(text: string): string {
    return text
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;")
        .replaceAll('"', "&quot;");
}
