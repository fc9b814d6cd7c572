/** What is to become of a policy, decided without asking anybody: from what was seen and what is declared. */
import { messageOf } from "../refusals";
import type { PolicyConfiguration, PolicyState } from "./declaration";
import {
    judgePolicy,
    samePolicy,
    withoutStatements,
    type PolicyOwner,
    type PolicyVerdict,
    type StatementVerdict,
} from "./verdict";

export type Plan =
    | { is: "nothing" }
    /** `text`: what is put in its place, undefined for deleting it. In words: `will` be done, was `done`. */
    | { is: "change"; text: string | undefined; will: string; done: string; keeps: number }
    | { is: "undecided"; because: string };

/** @param policy undefined where there is none */
export function planFor(declared: PolicyConfiguration, policy: string | undefined, owner: PolicyOwner): Plan {
    if (declared.policy !== undefined) {
        const lock = lockOf(declared.policy, owner);
        if (lock)
            return { is: "undecided", because: `the declared policy would shut everybody out: ${lock}` };
        if (policy !== undefined && samePolicy(policy, declared.policy)) return { is: "nothing" };
        const words =
            policy === undefined
                ? { will: "puts the declared policy", done: "put the declared policy" }
                : {
                      will: "replaces it by the declared one",
                      done: "replaced the policy by the declared one",
                  };
        return { is: "change", text: declared.policy, ...words, keeps: 0 };
    }
    if (policy === undefined) return { is: "nothing" };
    if (declared.mode === "delete") {
        return { is: "change", text: undefined, will: "deletes it", done: "deleted the policy", keeps: 0 };
    }
    return withoutLocks(declared, policy, owner);
}

/** By what a policy that is to be put somewhere would lock there; where the owner decides, only this knows. */
function lockOf(policy: string, owner: PolicyOwner): string | undefined {
    const judgement = judged({}, policy, owner);
    const locking = judgement.verdict?.statements.find(({ is }) => is === "locks");
    return locking && `${locking.called} ${locking.because}`;
}

function withoutLocks(declared: PolicyConfiguration, policy: string, owner: PolicyOwner): Plan {
    const judgement = judged(declared, policy, owner);
    if ("undecided" in judgement) return { is: "undecided", because: judgement.undecided };
    const { verdict } = judgement;
    if (verdict.is === "locks nobody") return { is: "nothing" };
    const locking = verdict.statements.filter(({ is }) => is === "locks");
    const text = withoutStatements(
        policy,
        locking.map(({ position }) => position),
    );
    const left = text === undefined ? undefined : judged(declared, text, owner);
    if (left && !("verdict" in left && left.verdict.is === "locks nobody")) {
        return { is: "undecided", because: "without the statements that lock, the rest would still lock" };
    }
    const keeps = verdict.statements.length - locking.length;
    const which = inWords(locking.map(({ called }) => called));
    return { is: "change", text, will: `removes ${which}`, done: `removed ${which}`, keeps };
}

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
    if (going.length > 0) return open(`has a policy of which ${inWords(going)} is to go as decided`);
    const kept = (itself.verdict?.statements ?? []).filter((each) => each.is !== "harmless" && isKept(each));
    if (kept.length > 0) {
        const reasons = kept.map(({ called, because }) => `${called}, which ${because}`);
        return open(`has a policy that keeps as decided ${inWords(reasons)}`);
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
function judged(
    { keep = [], remove = [] }: Pick<PolicyConfiguration, "keep" | "remove">,
    policy: string,
    owner: PolicyOwner,
): { verdict: PolicyVerdict } | { undecided: string; verdict?: PolicyVerdict } {
    try {
        const verdict = judgePolicy(policy, owner, { keep, remove });
        const open = verdict.statements.filter(({ is }) => is === "undecided");
        if (open.length === 0) return { verdict };
        const reasons = open.map(({ called, because }) => `${called} locks: it ${because}`);
        return { verdict, undecided: `cannot tell whether ${reasons.join("; nor whether ")}` };
    } catch (error) {
        return { undecided: `cannot tell whether the policy locks: ${messageOf(error)}` };
    }
}

function inWords(items: string[]): string {
    return new Intl.ListFormat("en-GB").format(items);
}
