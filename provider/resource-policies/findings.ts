/** The findings about a policy: as stored in the stack's state, and in words for people. */
import { messageOf } from "../process/error-text";
import type { PolicyConfiguration, PolicyState } from "./declaration";
import {
    analyzeLockout,
    samePolicy,
    type LockoutAnalysis,
    type AnalyzedResource,
    type StatementAnalysis,
} from "./lockout/analyze";
import { joinWords } from "./lockout/words";

/** Describes a policy in words that follow the name of its bucket or queue. */
export function describePolicy(
    declared: PolicyConfiguration,
    policy: string | undefined,
    owner: AnalyzedResource,
): { words: string; isLocked: boolean } {
    const open = (words: string) => ({ words, isLocked: false });
    if (policy === undefined) return open("has no policy");
    const asFound = analyzePolicy({}, policy, owner);
    const isKept = ({ sid = "" }: StatementAnalysis) => declared.keep?.includes(sid) ?? false;
    const locking = lockingStatements(asFound.analysis).filter((each) => !isKept(each));
    if (locking.length > 0) {
        const reasons = locking.map(({ label, because }) => `${label} ${because}`);
        return { words: `has a policy that locks everybody out: ${reasons.join("; ")}`, isLocked: true };
    }
    const removed = lockingStatements(analyzePolicy(declared, policy, owner).analysis);
    if (removed.length > 0) {
        const labels = removed.map(({ label }) => label);
        return open(
            `has a policy from which ${joinWords(labels, "and", Infinity)} will be removed (setting remove)`,
        );
    }
    const statements = asFound.analysis?.statements ?? [];
    const kept = statements.filter((each) => each.is !== "harmless" && isKept(each));
    if (kept.length > 0) {
        const reasons = kept.map(({ label, because }) => `${label}, which ${because}`);
        return open(`has a policy that keeps ${joinWords(reasons, "and", Infinity)} (setting keep)`);
    }
    if ("undecided" in asFound) return open(`has a policy, and the provider ${asFound.undecided}`);
    return open("has a policy that locks nobody");
}

/** The stored findings about an observed policy. */
export function policyStateOf(
    declared: PolicyConfiguration,
    policy: string | undefined,
    owner: AnalyzedResource,
): PolicyState & { auditErrorDetail: string } {
    const result = policy === undefined ? undefined : analyzePolicy(declared, policy, owner);
    const statements = result && "analysis" in result ? result.analysis.statements : [];
    const lockedBy = statements
        .filter(({ is }) => is === "locks")
        .map(({ label, because }) => `${label} ${because}`);
    const policyIs = comparedWithDeclared(declared, policy);
    // A policy that is deleted or replaced as a whole need not be understood.
    const mustBeDecided = declared.mode !== "delete" && declared.policy === undefined;
    const undecided = mustBeDecided && result && "undecided" in result ? result.undecided : "";
    return {
        lockedBy,
        ...(policyIs && { policyIs }),
        auditError: undecided,
        auditErrorDetail: undecided === "" ? "" : `${undecided}. ${HOW_TO_DECIDE}`,
    };
}

const HOW_TO_DECIDE =
    "Nothing is changed until that is decided. Name the statement's Sid in remove or in keep, put a policy of your own (policy), or delete it as a whole (mode: delete).";

function comparedWithDeclared(
    { mode, policy: declared }: PolicyConfiguration,
    policy: string | undefined,
): PolicyState["policyIs"] {
    if (declared !== undefined) {
        if (policy === undefined) return "absent";
        return samePolicy(policy, declared) ? "as declared" : "another one";
    }
    if (mode !== "delete") return undefined;
    return policy === undefined ? "absent" : "present";
}

function lockingStatements(analysis: LockoutAnalysis | undefined): StatementAnalysis[] {
    return analysis?.statements.filter(({ is }) => is === "locks") ?? [];
}

/** Returns an analysis without undecided statements, or the reason why the policy is undecided. */
export function analyzePolicy(
    { keep = [], remove = [] }: Pick<PolicyConfiguration, "keep" | "remove">,
    policy: string,
    owner: AnalyzedResource,
): { analysis: LockoutAnalysis } | { undecided: string; analysis?: LockoutAnalysis } {
    try {
        const analysis = analyzeLockout(policy, owner, { keep, remove });
        const open = analysis.statements.filter(({ is }) => is === "undecided");
        if (open.length === 0) return { analysis };
        const reasons = open.map(({ label, because }) => `${label} locks: it ${because}`);
        return { analysis, undecided: `cannot tell whether ${reasons.join("; nor whether ")}` };
    } catch (error) {
        return { undecided: `cannot tell whether the policy locks: ${messageOf(error)}` };
    }
}
