/** The report itself, as `schema/report.schema.json` describes it. */
import { printableLines } from "../../process/printable";
import type { Report } from "../model";

/** The `$id` of the schema. */
export const SCHEMA = "urn:pulumi-aws-root-credentials:report:1";

/** The order of the properties in every object. */
export const KEYS: readonly string[] = [
    ...[
        "$schema",
        "version",
        "source",
        "started",
        "generated",
        "complete",
        "run",
        "project",
        "stack",
        "caller",
    ],
    ...["organizationId", "parts", "organizations"],
    ...["files", "totals", "accounts", "leaving", "policies", "problems", "evidence"],
    ...["writes", "controls", "done", "alreadyGone", "alreadyPresent", "failed", "unknown"],
    ...["perhapsOpened", "withoutAttempt", "damaged"],
    ...["inspected", "clean", "drifted", "notInspected", "excepted", "acknowledged"],
    ...["outOfScope", "skipped"],
    ...["file", "line", "accountId", "attempted", "answered", "action", "by", "id", "name", "records"],
    ...["accountName", "organizationalUnit", "mark", "then", "resource", "finding"],
    ...["kind", "operator", "session", "requestId", "attempts", "result"],
    ...["httpStatus", "error", "before", "check", "lines"],
    ...["title", "kinds", "passes", "configRule", "configRuleAnswer"],
    ...["thirdParty", "standard", "requirements", "removed", "opened"],
    ...["status", "created", "lastUsed", "stays", "at", "service"],
    ...["eventSource", "eventName", "region", "eventHistoryUntil"],
    ...["inMemberAccount", "inCallerAccount", "athena"],
    ...["credentials", "unreadable", "exception", "because", "text"],
    ...["cause", "detail", "next", "until", "reason", "opens"],
];

/** The same report gives the same bytes. */
export function json(report: Report): string {
    return `${stable({ $schema: SCHEMA, ...report })}\n`;
}

/** Escapes invisible characters and those that turn the direction of text. */
export function stable(value: unknown): string {
    return printableLines(JSON.stringify(value, ordered, 2));
}

function ordered(_: string, value: unknown): unknown {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => rank(a) - rank(b)));
}

const RANKS = new Map(KEYS.map((key, rank) => [key, rank]));

function rank(key: string): number {
    return RANKS.get(key) ?? KEYS.length;
}
