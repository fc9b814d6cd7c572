/** The forms that a report can be written in. */
import type { Report } from "../model";
import { csv } from "./csv";
import { html } from "./html";
import { json } from "./json";
import { markdown } from "./markdown";
import { sarif } from "./sarif";

const WRITERS = {
    markdown: (report) => markdown(report),
    html,
    json,
    sarif,
    csv,
} satisfies Record<string, (report: Report) => string>;

export type Format = keyof typeof WRITERS;

export const FORMATS = Object.keys(WRITERS) as Format[];

export function isFormat(name: string): name is Format {
    return Object.hasOwn(WRITERS, name);
}

export function formatted(report: Report, format: Format): string {
    return WRITERS[format](report);
}
