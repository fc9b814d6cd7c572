/** The settings `exceptions` and `acknowledged`: each entry holds for one account until a time. */
import { isTimeWithZone, printable } from "pulumi-aws-root-credentials";
import { z } from "zod";
import { accountId, refuseDuplicates, text } from "./values";

export interface TemporaryEntry {
    account: string;
    /** ISO 8601 with a time zone. */
    until: string;
    reason: string;
}

const UNTIL = 'expected an ISO 8601 time with its time zone, in quotes, such as "2026-12-01T18:00:00Z"';
const KEYS = "account, until and reason";

export const exception = z.strictObject(
    {
        account: accountId,
        until: z.string(UNTIL).refine(isTimeWithZone, UNTIL),
        reason: text("expected a text that says why").transform(printable),
    },
    { error: (issue) => (issue.code === "invalid_type" ? `expected an object with ${KEYS}` : undefined) },
);

const acknowledgement = exception.refine((entry) => !hasEnded(entry), {
    path: ["until"],
    error: "expected a time in the future. Prolong it, or take the account out of the setting acknowledged",
});

export const exceptionsSetting = entries(exception, "exceptions");
export const acknowledgedSetting = entries(acknowledgement, "acknowledged");

export function hasEnded({ until }: Pick<TemporaryEntry, "until">): boolean {
    return Date.parse(until) <= Date.now();
}

function entries(entry: typeof exception, setting: string) {
    return z
        .array(entry, `expected a list of objects with ${KEYS}`)
        .superRefine(
            refuseDuplicates(setting, "account", ({ account }) => ({ key: "account", value: account })),
        )
        .default([]);
}
