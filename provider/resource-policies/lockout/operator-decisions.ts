/** The operator's decisions about single statements, by Sid. */
import type { EvaluatedStatement } from "./statement";

export interface Decisions {
    /** Sids of statements to be removed, even if they lock nobody out. */
    remove?: string[];
    /** Sids of statements to be kept, even if they lock everybody out. */
    keep?: string[];
}

export type Decision = "remove" | "keep";

/** A decision that does not fit the policy. */
export class InvalidDecision extends Error {
    override readonly name = "InvalidDecision";
}

/**
 * Returns a function that finds the decision about a statement.
 *
 * A statement in `remove` may be missing, because it may have been removed already. A statement in `keep` must exist, because a
 * mistyped Sid would otherwise let it be removed.
 */
export function decisionLookup(
    statements: readonly EvaluatedStatement[],
    { remove = [], keep = [] }: Decisions,
): (statement: EvaluatedStatement) => Decision | undefined {
    for (const sid of new Set([...remove, ...keep])) {
        const named = statements.filter((statement) => statement.sid === sid);
        const problem = problemWith(named, remove.includes(sid), keep.includes(sid));
        if (problem) throw new InvalidDecision(`"${sid}" ${problem}`);
    }
    return ({ sid = "" }) => (remove.includes(sid) ? "remove" : keep.includes(sid) ? "keep" : undefined);
}

function problemWith(named: EvaluatedStatement[], isRemoved: boolean, isKept: boolean): string | undefined {
    if (isRemoved && isKept) return "is to be removed and to be kept: leave it out of one of the two";
    if (named.length > 1)
        return `is the Sid of ${named.length} statements, so it does not say which one is meant`;
    if (isKept && named.length === 0) return "is to be kept, but the policy has no statement with this Sid";
    if (isRemoved && named[0]?.allows) return "is to be removed, but it is an Allow, which locks nobody out";
    return undefined;
}
