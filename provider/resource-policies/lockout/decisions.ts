/** What the operator has decided about single statements, by Sid. */
import type { ReadStatement } from "./statement";

export interface Judged {
    /** Statements to be removed although they may lock nobody out. */
    remove?: string[];
    /** Statements to be kept although they may lock everybody out. */
    keep?: string[];
}

export type Decision = "remove" | "keep";

/** A decision that does not fit the policy. */
export class UnfitDecision extends Error {
    override readonly name = "UnfitDecision";
}

/**
 * The decision about each statement that there is one about.
 *
 * A statement to be removed may be gone already. One to be kept must be there: a slip of the pen in its Sid would be its end.
 */
export function decisionsAbout(
    statements: readonly ReadStatement[],
    { remove = [], keep = [] }: Judged,
): (statement: ReadStatement) => Decision | undefined {
    for (const sid of new Set([...remove, ...keep])) {
        const meant = statements.filter((statement) => statement.sid === sid);
        const wrong = whatIsWrong(meant, remove.includes(sid), keep.includes(sid));
        if (wrong) throw new UnfitDecision(`"${sid}" ${wrong}`);
    }
    return ({ sid = "" }) => (remove.includes(sid) ? "remove" : keep.includes(sid) ? "keep" : undefined);
}

function whatIsWrong(meant: ReadStatement[], isRemoved: boolean, isKept: boolean): string | undefined {
    if (isRemoved && isKept) return "is to be removed and to be kept: leave it out of one of the two";
    if (meant.length > 1)
        return `is the Sid of ${meant.length} statements, so which one is meant cannot be told`;
    if (isKept && meant.length === 0) return "is to be kept, but the policy has no statement with this Sid";
    if (isRemoved && meant[0]?.allows) return "is to be removed, but it is an Allow, which locks nobody out";
    return undefined;
}
