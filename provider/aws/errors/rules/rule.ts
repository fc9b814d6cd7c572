/** A rule recognizes one cause of a failed AWS call, and has the sentences for it. */
import type { Facts } from "../facts";

export const FAILURE_REASONS = [
    "scp",
    "scp-of-caller",
    "rcp",
    "permissions-boundary",
    "session-policy",
    "endpoint-policy",
    "identity-policy",
    "mfa-required",
    "feature-off",
    "trusted-access-off",
    "not-delegated",
    "not-allowed",
    "own-account",
    "region-disabled",
    "global-endpoint",
    "credentials",
    "session-expired",
    "throttled",
    "busy",
    "unreachable",
    "service-error",
    "incomplete-answer",
    "wrong-account",
    "record-not-kept",
    "foreign-organization",
    "in-use",
    "no-such-bucket",
    "other-region",
    "not-the-owner",
    "no-such-queue",
    "bad-policy",
    "other",
] as const;

export type FailureReason = (typeof FAILURE_REASONS)[number];

export type RuleText = string | ((facts: Facts) => string);

export interface Rule {
    reason: FailureReason;
    applies: (facts: Facts) => boolean;
    because: RuleText;
    next: RuleText;
}
