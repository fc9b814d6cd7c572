import type { dynamic } from "@pulumi/pulumi";
import type { RootCredentialConfiguration } from "./state";

/** What Pulumi passes in a preview for a value that is not known yet (`pulumi.runtime.unknownValue`). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const RULES: Record<
    keyof RootCredentialConfiguration,
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
};

/** Wrong and unknown arguments, each with what was found and what was expected. Values that are not known yet pass. */
export function validate(news: Partial<RootCredentialConfiguration>): dynamic.CheckFailure[] {
    const given = Object.entries(news).filter(([key]) => key !== "__provider");
    const unknown = given.flatMap(([key]) => (key in RULES ? [] : [unknownArgument(key)]));
    const wrong = Object.entries(RULES).flatMap(([key, rule]) => {
        const value = news[key as keyof RootCredentialConfiguration];
        if (value === UNKNOWN || rule.holds(value)) return [];
        return [
            { property: key, reason: `expected ${rule.expected}, got ${JSON.stringify(value) ?? "nothing"}` },
        ];
    });
    return [...unknown, ...wrong];
}

function unknownArgument(property: string): dynamic.CheckFailure {
    return {
        property,
        reason: `there is no such argument; expected one of ${Object.keys(RULES).join(", ")}`,
    };
}

function optional(holds: (value: unknown) => boolean): (value: unknown) => boolean {
    return (value) => value === undefined || holds(value);
}
