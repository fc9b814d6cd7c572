/**
 * Credentials as rows of one table. The columns are the same in the whole tree, so that ages stand below ages.
 *
 * The table says "3 years old" and "used 92 days ago", because a reader would have to convert dates. Under 100 days the number is exact,
 * because the usual limits are 45 and 90 days. If the line has room, the date of the last use follows, for a search in CloudTrail.
 */
import type { CredentialInReport, Report } from "../../model";
import { day, KINDS as WORDS } from "../../words";
import type { Style } from "./palette";
import { cut, padded, span, widthOf, type Span } from "./spans";

/** Something may still use a credential that was used within so many days. */
export const RECENT_DAYS = 90;

const DAY = 86_400_000;

export function usedRecently({ lastUsed }: CredentialInReport, now: string): boolean {
    return typeof lastUsed === "object" && daysBetween(lastUsed.at, now) < RECENT_DAYS;
}

/** The number of found credentials that were used recently. */
export function recentIn({ accounts, generated }: Report): number {
    return accounts
        .flatMap(({ credentials = [] }) => credentials)
        .filter((credential) => usedRecently(credential, generated)).length;
}

type Column = "kind" | "id" | "age" | "use" | "date" | "notes";

interface Layout {
    columns: Column[];
    /** `3y` in place of `3 years`. */
    short?: true;
    /** The least width of the notes, in cells. Longer notes are cut at the end of the line. */
    notes: number;
}

/** From the fullest to the tightest. */
const LAYOUTS: Layout[] = [
    { columns: ["kind", "id", "age", "use", "date", "notes"], notes: Infinity },
    { columns: ["kind", "id", "age", "use", "notes"], notes: 8 },
];
const TIGHTEST: Layout = { columns: ["kind", "id", "age", "use", "notes"], notes: 0, short: true };

/** No text of AWS makes a column wider than this. */
const WIDEST = 24;
const NARROWEST_ID = 8;
const GAP = "  ";

const KINDS: Record<CredentialInReport["kind"], string> = { ...WORDS, signingCertificate: "certificate" };

/** @returns what makes one row, in columns that fit all of the given credentials into the room there is */
export function credentialTable(
    credentials: CredentialInReport[],
    now: string,
    room: number,
): (credential: CredentialInReport) => Span[] {
    const fits = (each: Layout) => neededBy(widthsOf(credentials, each, now), each) <= room;
    const layout = LAYOUTS.find(fits) ?? TIGHTEST;
    const widths = widthsOf(credentials, layout, now);
    const id = widths.get("id") ?? 0;
    const over = neededBy(widths, layout) - room;
    if (over > 0 && id > NARROWEST_ID) widths.set("id", Math.max(NARROWEST_ID, id - over));
    return (credential) => {
        const cells = [...widths].map(([column, width]): Span => {
            const [text, style] = cell(column, credential, now, layout);
            return { text: padded(cut(text, width), width) + GAP, ...(style && { style }) };
        });
        const filled = cells.slice(0, cells.findLastIndex(({ text }) => text.trim() !== "") + 1);
        return filled.map((each, at) =>
            at < filled.length - 1 ? each : { ...each, text: each.text.trimEnd() },
        );
    };
}

/** Columns that are empty throughout have no width. */
function widthsOf(credentials: CredentialInReport[], layout: Layout, now: string): Map<Column, number> {
    const widths = layout.columns.map((column): [Column, number] => {
        const widest = credentials.reduce(
            (most, each) => Math.max(most, widthOf(cell(column, each, now, layout)[0])),
            0,
        );
        return [column, column === "notes" ? widest : Math.min(WIDEST, widest)];
    });
    return new Map(widths.filter(([, width]) => width > 0));
}

function neededBy(widths: Map<Column, number>, { notes }: Layout): number {
    const needed = [...widths].map(([column, width]) =>
        column === "notes" ? Math.min(notes, width) : width,
    );
    return needed.filter((each) => each > 0).reduce((sum, each) => sum + each + GAP.length, -GAP.length);
}

function cell(
    column: Column,
    credential: CredentialInReport,
    now: string,
    { short }: Layout,
): [text: string, style?: Style] {
    const { kind, id, created, lastUsed } = credential;
    switch (column) {
        case "kind":
            return [KINDS[kind]];
        case "id":
            return [kind === "loginProfile" ? "" : safe(id.replace(/^arn:.*:mfa\//, ""))];
        case "age":
            return [created === undefined ? "" : `${lasting(created, now, short)} old`];
        case "use":
            return useOf(credential, now, short);
        case "date":
            return [typeof lastUsed === "object" ? safe(day(lastUsed.at)) : ""];
        case "notes":
            return [notesOn(credential)];
    }
}

/** `kept, inactive, s3 eu-central-1`. The usual status `active` is left out. */
function notesOn({ status = "", lastUsed, stays }: CredentialInReport): string {
    const { service = "", region = "" } = typeof lastUsed === "object" ? lastUsed : {};
    const state = status.toLowerCase();
    const notes = [
        stays === undefined ? "" : "kept",
        state === "active" ? "" : state,
        `${service} ${region}`,
    ];
    return notes
        .map((each) => safe(each.trim()))
        .filter(Boolean)
        .join(", ");
}

function useOf(
    credential: CredentialInReport,
    now: string,
    short: true | undefined,
): [text: string, style?: Style] {
    const { lastUsed } = credential;
    if (lastUsed === undefined) return [short ? "no record" : "use not recorded", "faint"];
    if (lastUsed === "never") return ["never used"];
    if (lastUsed === "unknown") return ["use unknown", "unknown"];
    const when = `used ${ago(lastUsed.at, now, short)}`;
    return usedRecently(credential, now) ? [`${when} !`, "recent"] : [when];
}

function ago(time: string, now: string, short?: true): string {
    return daysBetween(time, now) < 1 ? "today" : `${lasting(time, now, short)} ago`;
}

/** `12 days`, `14 months`, `3 years`; in short `12d`, `14mo`, `3y`. */
function lasting(from: string, now: string, short?: true): string {
    const days = daysBetween(from, now);
    const [count, unit, letters] =
        days < 100
            ? [days, "day", "d"]
            : days < 2 * 365.25
              ? [days / 30.44, "month", "mo"]
              : [days / 365.25, "year", "y"];
    const whole = Math.floor(count);
    return short ? `${whole}${letters}` : `${whole} ${unit}${whole === 1 ? "" : "s"}`;
}

function daysBetween(from: string, to: string): number {
    const days = Math.floor((Date.parse(to) - Date.parse(from)) / DAY);
    return Number.isNaN(days) ? 0 : Math.max(0, days);
}

function safe(text: string): string {
    return span(text).text;
}
