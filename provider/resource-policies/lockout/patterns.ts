/**
 * Matches patterns with wildcards: `*` for any number of characters, `?` for one.
 *
 * A pattern is compared with a whole text, or with all texts that share a prefix. Administrators' names are unknown, but their
 * prefixes are known.
 */

/** How many of the texts with a certain prefix a pattern matches. */
export type Coverage = "all" | "some" | "none";

export function hasWildcard(pattern: string): boolean {
    return /[*?]/.test(pattern);
}

export function matchesPattern(pattern: string, text: string): boolean {
    return positionsAfter(pattern, text).has(pattern.length);
}

export function coverageOf(pattern: string, prefix: string): Coverage {
    const open = [...positionsAfter(pattern, prefix)].filter((position) => position < pattern.length);
    if (open.length === 0) return "none";
    return open.some((position) => /^\*+$/.test(pattern.slice(position))) ? "all" : "some";
}

/** The possible positions in the pattern after it has matched the text. */
function positionsAfter(pattern: string, text: string): Set<number> {
    let positions = withEmptyStars(pattern, [0]);
    for (const character of text) {
        const next = [...positions].flatMap((position) => {
            if (pattern[position] === "*") return [position];
            return pattern[position] === "?" || pattern[position] === character ? [position + 1] : [];
        });
        positions = withEmptyStars(pattern, next);
    }
    return positions;
}

function withEmptyStars(pattern: string, positions: number[]): Set<number> {
    const all = new Set(positions);
    // The loop also visits the positions that it adds, because several stars in a row may all stand for nothing.
    for (const position of all) if (pattern[position] === "*") all.add(position + 1);
    return all;
}

/**
 * Compares each of an ARN's six parts on its own; `*` alone matches every ARN. Undefined if either side has fewer parts, because
 * the documentation does not describe that case.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function arnMatches(pattern: string, arn: string): boolean | undefined {
    if (pattern === "*") return true;
    const [patternParts, arnParts] = [partsOf(pattern), partsOf(arn)];
    if (patternParts.length < 6 || arnParts.length < 6) return undefined;
    return patternParts.every((part, index) => matchesPattern(part, arnParts[index] ?? ""));
}

/** Like `coverageOf`, for ARNs whose last part begins in the same way. */
export function coverageOfArns(pattern: string, prefix: string): Coverage {
    if (pattern === "*") return "all";
    const [patternParts, prefixParts] = [partsOf(pattern), partsOf(prefix)];
    if (patternParts.length < 6 || prefixParts.length < 6) return "some";
    const [lastPattern = "", lastPrefix = ""] = [patternParts.pop(), prefixParts.pop()];
    const isSame = patternParts.every((part, index) => matchesPattern(part, prefixParts[index] ?? ""));
    return isSame ? coverageOf(lastPattern, lastPrefix) : "none";
}

function partsOf(arn: string): string[] {
    const parts = arn.split(":");
    return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}
