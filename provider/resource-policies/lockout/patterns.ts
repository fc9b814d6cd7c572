/**
 * Texts with wildcards: `*` for any number of characters, `?` for one. Compared with a whole text, or with all the texts that
 * begin in the same way: what an administrator is called is not known, but how it begins is.
 */

/** How many of the texts that begin so a pattern matches. */
export type Share = "all" | "some" | "none";

export function hasWildcard(pattern: string): boolean {
    return /[*?]/.test(pattern);
}

export function matches(pattern: string, text: string): boolean {
    return positionsAfter(pattern, text).has(pattern.length);
}

export function shareOf(pattern: string, beginning: string): Share {
    const goingOn = [...positionsAfter(pattern, beginning)].filter((position) => position < pattern.length);
    if (goingOn.length === 0) return "none";
    return goingOn.some((position) => /^\*+$/.test(pattern.slice(position))) ? "all" : "some";
}

/** Where in the pattern one may be once it has matched the text. */
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
    // Grows while it is walked: a star may stand for nothing, and so may the next.
    for (const position of all) if (pattern[position] === "*") all.add(position + 1);
    return all;
}

/**
 * Each of an ARN's six parts is compared on its own; `*` alone matches all. Undefined where either has fewer parts: the
 * documentation says nothing of that.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function arnMatches(pattern: string, arn: string): boolean | undefined {
    if (pattern === "*") return true;
    const [wanted, given] = [partsOf(pattern), partsOf(arn)];
    if (wanted.length < 6 || given.length < 6) return undefined;
    return wanted.every((part, place) => matches(part, given[place] ?? ""));
}

/** As `shareOf`, for ARNs that differ in what follows the beginning of their last part. */
export function shareOfArns(pattern: string, beginning: string): Share {
    if (pattern === "*") return "all";
    const [wanted, given] = [partsOf(pattern), partsOf(beginning)];
    if (wanted.length < 6 || given.length < 6) return "some";
    const [last = "", lastBeginning = ""] = [wanted.pop(), given.pop()];
    const isSame = wanted.every((part, place) => matches(part, given[place] ?? ""));
    return isSame ? shareOf(last, lastBeginning) : "none";
}

function partsOf(arn: string): string[] {
    const parts = arn.split(":");
    return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}
