import type { RequestContext } from "./request-context";

/** Whether a value is what a policy's text describes. */
export type Pattern = (value: string, context: RequestContext) => boolean;

export interface Reading {
    ignoreCase?: boolean;
    /** Whether `*` and `?` stand for other characters, as they do in most places. */
    wildcards?: boolean;
}

/** `*` is any run of characters, `?` any one, and `${aws:PrincipalAccount}` what the request has for that key. */
export function pattern(text: string, { ignoreCase = false, wildcards = true }: Reading = {}): Pattern {
    const flags = ignoreCase ? "is" : "s";
    const pieces = text.split(VARIABLE).map((piece, at) => {
        if (at % 2 === 1) return (context: RequestContext) => context.get(piece.toLowerCase());
        const expression = wildcards ? spread(escaped(piece)) : escaped(piece);
        return () => ({ expression });
    });
    const expressionFor = (context: RequestContext) => {
        const parts = pieces.map((piece) => piece(context));
        // A variable that the request has no value for: what holds it matches nothing.
        if (parts.includes(undefined)) return undefined;
        const source = parts.map((part) =>
            typeof part === "object" ? part.expression : escaped(part ?? ""),
        );
        return new RegExp(`^${source.join("")}$`, flags);
    };
    if (pieces.length > 1) return (value, context) => expressionFor(context)?.test(value) ?? false;
    const expression = expressionFor(new Map());
    return (value) => expression?.test(value) ?? false;
}

/**
 * An ARN, part by part: a wildcard stays between its colons, but for the last part, which may hold colons itself.
 * Undefined for a text that is no ARN.
 */
export function arnPattern(text: string): Pattern | undefined {
    const parts = arnParts(text);
    if (parts[0] !== "arn" || parts.length < 6) return undefined;
    const patterns = parts.map((part) => pattern(part));
    return (value, context) => {
        const given = arnParts(value);
        return given.length === 6 && patterns.every((part, at) => part(given[at] ?? "", context));
    };
}

/** The names of the variables in a text, such as "aws:PrincipalAccount". */
export function variablesIn(text: string): string[] {
    return text.split(VARIABLE).filter((_, at) => at % 2 === 1);
}

const VARIABLE = /\$\{([^}]*)\}/;

function arnParts(text: string): string[] {
    const parts = text.split(/:(?![^{}]*\})/);
    return parts.length > 6 ? [...parts.slice(0, 5), parts.slice(5).join(":")] : parts;
}

function escaped(text: string): string {
    return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function spread(expression: string): string {
    return expression.replaceAll("\\*", ".*").replaceAll("\\?", ".");
}
