/** Parses a policy, removes statements from it, and compares two policies. */
import { isDeepStrictEqual } from "node:util";

/** The text is no policy, or a policy that this analysis does not understand. */
export class UnreadablePolicy extends Error {
    override readonly name = "UnreadablePolicy";
}

export interface PolicyDocument {
    policy: Record<string, unknown>;
    statements: unknown[];
    /** False for Version 2008-10-17, in which policy variables such as `${aws:username}` are plain text. */
    hasVariables: boolean;
}

const VERSIONS = ["2012-10-17", "2008-10-17"];

export function parsePolicy(text: string): PolicyDocument {
    const policy = parsed(text);
    if (!isRecord(policy)) throw new UnreadablePolicy("the policy is no JSON object");
    const { Version: version = "2008-10-17", Statement: statement } = policy;
    if (!VERSIONS.includes(version as string)) {
        throw new UnreadablePolicy(
            `the policy's Version ${JSON.stringify(version)} is unknown: expected ${VERSIONS.join(" or ")}`,
        );
    }
    const statements = Array.isArray(statement) ? (statement as unknown[]) : [statement];
    if (!Array.isArray(statement) && !isRecord(statement)) {
        throw new UnreadablePolicy(
            statement === undefined
                ? "the policy has no Statement"
                : "the policy's Statement is neither an object nor a list",
        );
    }
    return { policy, statements, hasVariables: version === "2012-10-17" };
}

/** Removes these statements and keeps everything else in order. Undefined if no statement is left. */
export function withoutStatements(text: string, positions: number[]): string | undefined {
    const { policy, statements } = parsePolicy(text);
    const missing = positions.find((position) => !(position in statements));
    if (missing !== undefined) throw new RangeError(`the policy has no statement at position ${missing}`);
    const kept = statements.filter((_, position) => !positions.includes(position));
    if (kept.length === 0) return undefined;
    return JSON.stringify({ ...policy, Statement: Array.isArray(policy.Statement) ? kept : kept[0] });
}

/**
 * Whether two texts are the same policy. A list with one member equals that member, and texts in a list may have any order. An
 * account's number equals its ARN, because AWS may store either.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
 */
export function samePolicy(a: string, b: string): boolean {
    if (a === b) return true;
    try {
        return isDeepStrictEqual(canonical(parsed(a)), canonical(parsed(b)));
    } catch (error) {
        if (error instanceof UnreadablePolicy) return false;
        throw error;
    }
}

function canonical(value: unknown, key = ""): unknown {
    if (Array.isArray(value)) {
        const list = value.map((item) => canonical(item, key));
        if (list.every((item) => typeof item === "string")) list.sort();
        return list.length === 1 ? list[0] : list;
    }
    if (isRecord(value)) {
        const entries = Object.entries(value).map(([name, held]) => [name, canonical(held, name)] as const);
        return Object.fromEntries(entries);
    }
    const isAccount = key === "AWS" && typeof value === "string" && /^\d{12}$/.test(value);
    return isAccount ? `arn:aws:iam::${value}:root` : value;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The strings of a string or a list of strings. Undefined for anything else. */
export function stringsIn(value: unknown): string[] | undefined {
    const list: unknown[] = Array.isArray(value) ? value : [value];
    const isTexts = list.length > 0 && list.every((item) => typeof item === "string");
    return isTexts ? list : undefined;
}

function parsed(text: string): unknown {
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch {
        throw new UnreadablePolicy("the policy is no JSON");
    }
    if (/\d{16}/.test(text.replaceAll(/"(?:[^"\\]|\\.)*"/g, ""))) {
        throw new UnreadablePolicy("the policy has a number that is too long to be kept as it is");
    }
    const repeated = duplicateKey(text);
    if (repeated === undefined) return value;
    throw new UnreadablePolicy(
        `the policy has ${JSON.stringify(repeated)} twice in one place, and it is unknown which one AWS uses`,
    );
}

/** JSON.parse drops the first of two equal keys, which may hold the condition that spares everybody. */
function duplicateKey(json: string): string | undefined {
    const scopes: Set<string>[] = [];
    for (const [token, key] of json.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
        if (token === "{" || token === "[") scopes.push(new Set());
        else if (token === "}" || token === "]") scopes.pop();
        else if (key !== undefined) {
            const name = JSON.parse(key) as string;
            if (scopes.at(-1)?.has(name)) return name;
            scopes.at(-1)?.add(name);
        }
    }
    return undefined;
}
