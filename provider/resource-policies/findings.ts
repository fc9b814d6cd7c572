/** What was found in a policy, for the stack's state and in words for people. */
import { messageOf } from "../process/error-text";
import type { PolicyConfiguration, PolicyState } from "./declaration";
import {
    analyzeLockout,
    samePolicy,
    type PolicyOwner,
    type PolicyVerdict,
    type StatementVerdict,
} from "./lockout/index";
import { listed } from "./lockout/words";

/** A policy in words that follow the name of its bucket or queue: what locks, what is decided, what nobody can tell. */
export function described(
    declared: PolicyConfiguration,
    policy: string | undefined,
    owner: PolicyOwner,
): { words: string; isLocked: boolean } {
    const open = (words: string) => ({ words, isLocked: false });
    if (policy === undefined) return open("has no policy");
    const itself = judged({}, policy, owner);
    const isKept = ({ sid = "" }: StatementVerdict) => declared.keep?.includes(sid) ?? false;
    const locking = lockingIn(itself.verdict).filter((each) => !isKept(each));
    if (locking.length > 0) {
        const reasons = locking.map(({ called, because }) => `${called} ${because}`);
        return { words: `has a policy that shuts everybody out: ${reasons.join("; ")}`, isLocked: true };
    }
    const going = lockingIn(judged(declared, policy, owner).verdict).map(({ called }) => called);
    if (going.length > 0)
        return open(`has a policy of which ${listed(going, "and", Infinity)} is to go as decided`);
    const kept = (itself.verdict?.statements ?? []).filter((each) => each.is !== "harmless" && isKept(each));
    if (kept.length > 0) {
        const reasons = kept.map(({ called, because }) => `${called}, which ${because}`);
        return open(`has a policy that keeps as decided ${listed(reasons, "and", Infinity)}`);
    }
    if ("undecided" in itself) return open(`has a policy of which one ${itself.undecided}`);
    return open("has a policy that locks nobody");
}

/** What is stored of a policy that was seen. */
export function stateOf(
    declared: PolicyConfiguration,
    policy: string | undefined,
    owner: PolicyOwner,
): PolicyState & { auditErrorDetail: string } {
    const judgement = policy === undefined ? undefined : judged(declared, policy, owner);
    const statements = judgement && "verdict" in judgement ? judgement.verdict.statements : [];
    const lockedBy = statements
        .filter(({ is }) => is === "locks")
        .map(({ called, because }) => `${called} ${because}`);
    const policyIs = whatIsThere(declared, policy);
    // What is deleted or replaced as a whole need not be understood.
    const decides = declared.mode !== "delete" && declared.policy === undefined;
    const undecided = decides && judgement && "undecided" in judgement ? judgement.undecided : "";
    return {
        lockedBy,
        ...(policyIs && { policyIs }),
        auditError: undecided,
        auditErrorDetail: undecided === "" ? "" : `${undecided}. ${HOW_TO_DECIDE}`,
    };
}

const HOW_TO_DECIDE =
    "Nothing is changed as long as that is open. Name the statement's Sid in remove or in keep, put a policy of your own (policy), or delete it as a whole (mode: delete).";

function whatIsThere(
    { mode, policy: wanted }: PolicyConfiguration,
    policy: string | undefined,
): PolicyState["policyIs"] {
    if (wanted !== undefined) {
        if (policy === undefined) return "absent";
        return samePolicy(policy, wanted) ? "as declared" : "another one";
    }
    if (mode !== "delete") return undefined;
    return policy === undefined ? "absent" : "present";
}

function lockingIn(verdict: PolicyVerdict | undefined): StatementVerdict[] {
    return verdict?.statements.filter(({ is }) => is === "locks") ?? [];
}

/** A verdict that is one; otherwise why nobody can tell. */
export function judged(
    { keep = [], remove = [] }: Pick<PolicyConfiguration, "keep" | "remove">,
    policy: string,
    owner: PolicyOwner,
): { verdict: PolicyVerdict } | { undecided: string; verdict?: PolicyVerdict } {
    try {
        const verdict = analyzeLockout(policy, owner, { keep, remove });
        const open = verdict.statements.filter(({ is }) => is === "undecided");
        if (open.length === 0) return { verdict };
        const reasons = open.map(({ called, because }) => `${called} locks: it ${because}`);
        return { verdict, undecided: `cannot tell whether ${reasons.join("; nor whether ")}` };
    } catch (error) {
        return { undecided: `cannot tell whether the policy locks: ${messageOf(error)}` };
    }
}
