/** All rules for failures of AWS calls. docs/refusals.md has the table for users, and a test compares it with this list. */
import { BUCKETS_AND_QUEUES } from "./buckets-and-queues";
import { CALLER_RULES } from "./caller";
import { CONNECTION_RULES } from "./connection";
import { DENIALS } from "./denials-without-policy";
import { ORGANIZATION_SETTINGS } from "./organization";
import { RULES_BY_POLICY } from "./denials-by-policy";
import { RESPONSES } from "./responses";
import type { Rule } from "./rule";

/** The first rule that applies is used. */
export const RULES: readonly Rule[] = [
    ...RESPONSES,
    ...CONNECTION_RULES,
    ...CALLER_RULES,
    ...BUCKETS_AND_QUEUES,
    ...RULES_BY_POLICY,
    ...ORGANIZATION_SETTINGS,
    ...DENIALS,
];

export const FALLBACK: Rule = {
    reason: "other",
    applies: () => true,
    because: ({ fromAws, code }) => (fromAws ? `AWS answered ${code}` : `it ended with ${code}`),
    next: "Everything that could not be inspected counts as unknown. Run again; if it persists, look the answer up in AWS's documentation of the call.",
};
