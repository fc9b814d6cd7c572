/** The validation of a declaration, for `check`. */
import type { RootCredentialDeclaration } from "./desired";

/** A wrong argument, in the form that Pulumi expects from `check`. */
export interface CheckFailure {
    property: string;
    reason: string;
}

/** In a preview, Pulumi passes this text for a value that is not known yet (`pulumi.runtime.unknownValue`). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const TIME = "an ISO 8601 time with its time zone, such as 2026-12-01T18:00:00Z or 2026-12-01T18:00:00+01:00";
const REASON = "a text that says why";

const RULES: Record<
    keyof RootCredentialDeclaration,
    { expected: string; holds: (value: unknown) => boolean }
> = {
    accountId: {
        expected: "12 digits",
        holds: (value) => typeof value === "string" && /^\d{12}$/.test(value),
    },
    accountName: { expected: "a text", holds: optional((value) => typeof value === "string") },
    organizationalUnit: { expected: "a text", holds: optional((value) => typeof value === "string") },
    onDelete: {
        expected: '"allow-recovery" or "retain"',
        holds: optional((value) => value === "allow-recovery" || value === "retain"),
    },
    maxRemovals: {
        expected: "a whole number from 0",
        holds: optional((value) => Number.isInteger(value) && (value as number) >= 0),
    },
    refuseIfUsedWithinDays: {
        expected: "a whole number from 1",
        holds: optional((value) => Number.isInteger(value) && (value as number) >= 1),
    },
    audit: {
        expected: '"summary" or "full"',
        holds: optional((value) => value === "summary" || value === "full"),
    },
    loginProfile: {
        expected: '"absent" or "present"',
        holds: optional((value) => value === "absent" || value === "present"),
    },
    until: {
        expected: TIME,
        holds: optional((value) => typeof value === "string" && isTimeWithZone(value)),
    },
    reason: { expected: REASON, holds: optional(isReason) },
    acknowledged: {
        expected: `an object with until (${TIME}) and reason (${REASON})`,
        holds: optional(isAcknowledgement),
    },
};

function isAcknowledgement(value: unknown): boolean {
    if (typeof value !== "object" || value === null) return false;
    const { until, reason, ...others } = value as Record<string, unknown>;
    const isOpen = typeof until === "string" && isTimeWithZone(until);
    return isOpen && isReason(reason) && Object.keys(others).length === 0;
}

function isReason(value: unknown): boolean {
    return typeof value === "string" && value.trim() !== "";
}

/** ISO 8601, to the minute or finer. A time zone is required, because machines have different local times. */
export function isTimeWithZone(value: string): boolean {
    const parts = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.exec(value);
    // JavaScript takes February 30 for March 2.
    const [, date] = parts ?? [];
    if (date === undefined || Number.isNaN(Date.parse(value))) return false;
    return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}

/** Wrong and unknown arguments, each with the value found and the value expected. Values that are not known yet pass. */
export function validate(news: Partial<RootCredentialDeclaration>): CheckFailure[] {
    const given = Object.entries(news).filter(([key]) => key !== "__provider");
    const unknown = given.flatMap(([key]) => (key in RULES ? [] : [unknownArgument(key)]));
    const wrong = Object.entries(RULES).flatMap(([key, rule]) => {
        const value = news[key as keyof RootCredentialDeclaration];
        if (value === UNKNOWN || rule.holds(value)) return [];
        return [
            { property: key, reason: `expected ${rule.expected}, got ${JSON.stringify(value) ?? "nothing"}` },
        ];
    });
    return [...unknown, ...wrong, ...incompleteException(news), ...acknowledgedException(news)];
}

/** If an account cannot be inspected, its recovery cannot be allowed either. */
function acknowledgedException({ acknowledged, loginProfile }: Partial<RootCredentialDeclaration>) {
    if (acknowledged === undefined || loginProfile !== "present") return [];
    const reason = `is for an account that cannot be inspected, and loginProfile: "present" opens it; leave one of them out`;
    return [{ property: "acknowledged", reason }];
}

/** An exception needs both `until` and `reason`. Without an exception, neither has a meaning. */
function incompleteException(news: Partial<RootCredentialDeclaration>): CheckFailure[] {
    if ((news.loginProfile as string | undefined) === UNKNOWN) return [];
    return (["until", "reason"] as const).flatMap((property) => {
        const given = news[property] !== undefined;
        if (given === (news.loginProfile === "present")) return [];
        const reason = given
            ? `applies only to loginProfile: "present", which is not declared; leave it out`
            : `is required if loginProfile is "present": expected ${RULES[property].expected}, got nothing`;
        return [{ property, reason }];
    });
}

function unknownArgument(property: string): CheckFailure {
    return {
        property,
        reason: `there is no such argument; expected one of ${Object.keys(RULES).join(", ")}`,
    };
}

function optional(holds: (value: unknown) => boolean): (value: unknown) => boolean {
    return (value) => value === undefined || holds(value);
}
