import { closest, distance } from "fastest-levenshtein";

/** ` (did you mean Sandbox?)` if a known word is similar, otherwise nothing. */
export function didYouMean(given: string, known: readonly string[]): string {
    if (known.length === 0) return "";
    const [lower, lowerKnown] = [given.toLowerCase(), known.map((each) => each.toLowerCase())];
    const nearest = closest(lower, lowerKnown);
    const mistakes = distance(lower, nearest);
    if (mistakes > Math.max(1, Math.floor(given.length / 3))) return "";
    return ` (did you mean ${known[lowerKnown.indexOf(nearest)]}?)`;
}
