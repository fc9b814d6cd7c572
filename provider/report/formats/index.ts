/** The formats of a report. */
import type { Report } from "../model";
import { csv } from "./csv";
import { html } from "./html";
import { json } from "./json";
import { markdown } from "./markdown";
import { sarif } from "./sarif";
import { text, type Screen } from "./text";

const WRITERS = {
    text,
    markdown: (report) => markdown(report),
    html,
    json,
    sarif,
    csv,
} satisfies Record<string, (report: Report, screen?: Partial<Screen>) => string>;

export type Format = keyof typeof WRITERS;

export const FORMATS = Object.keys(WRITERS) as Format[];

export function isFormat(name: string): name is Format {
    return Object.hasOwn(WRITERS, name);
}

/** @param screen the place that shows a text; the other formats look the same everywhere */
export function formatted(report: Report, format: Format, screen?: Partial<Screen>): string {
    return format === "text" ? text(report, screen) : WRITERS[format](report);
}
