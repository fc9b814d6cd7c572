/** What is to become of a policy, decided without asking anybody: from what was seen and what is declared. */
import type { PolicyConfiguration } from "./declaration";
import { judged } from "./findings";
import { samePolicy, withoutStatements, type PolicyOwner } from "./lockout/index";
import { listed } from "./lockout/words";

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
    // All of them: what goes is never told in part.
    const which = listed(
        locking.map(({ called }) => called),
        "and",
        Infinity,
    );
    return { is: "change", text, will: `removes ${which}`, done: `removed ${which}`, keeps };
}
