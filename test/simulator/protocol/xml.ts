import type { Answer, AnswerValue } from "../call";

/**
 * The members of an answer as XML elements, the way AWS's Query protocol writes lists, maps and times. S3 has names of
 * its own for the items of its lists.
 */
export function toXml(answer: Answer, item = "member"): string {
    let xml = "";
    for (const [name, value] of Object.entries(answer)) xml += element(name, value, item);
    return xml;
}

function element(name: string, value: AnswerValue, item: string): string {
    return value === undefined ? "" : `<${name}>${content(value, item)}</${name}>`;
}

function content(value: Exclude<AnswerValue, undefined>, item: string): string {
    if (typeof value !== "object") return escaped(String(value));
    if (value instanceof Date) return value.toISOString().replace(/\.\d+Z$/, "Z");
    if (Array.isArray(value)) return value.map((each) => element(item, each, item)).join("");
    if (value instanceof Map)
        return [...value].map(([key, number]) => element("entry", { key, value: number }, item)).join("");
    return toXml(value, item);
}

export function escaped(text: string): string {
    return text
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;")
        .replaceAll('"', "&quot;");
}
