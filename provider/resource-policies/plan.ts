/** Decides what to do with a policy, from the observed policy and the declaration. Calls nothing. */
import type { PolicyConfiguration } from "./declaration";
import { analyzePolicy } from "./findings";
import { samePolicy, withoutStatements, type AnalyzedResource } from "./lockout/analyze";
import { joinWords } from "./lockout/words";

export type Plan =
    | { is: "nothing" }
    /** `text` is the new policy, or undefined to delete it. `will` and `done` describe the change before and after it. */
    | { is: "change"; text: string | undefined; will: string; done: string; keeps: number }
    | { is: "undecided"; because: string };

/** @param policy undefined if there is none */
export function planFor(
    declared: PolicyConfiguration,
    policy: string | undefined,
    owner: AnalyzedResource,
): Plan {
    if (declared.policy !== undefined) return planToReplace(declared.policy, policy, owner);
    if (policy === undefined) return { is: "nothing" };
    if (declared.mode === "delete") {
        return { is: "change", text: undefined, will: "deletes it", done: "deleted the policy", keeps: 0 };
    }
    return planToUnlock(declared, policy, owner);
}

function planToReplace(declared: string, policy: string | undefined, owner: AnalyzedResource): Plan {
    // `check` cannot find every lock, because it does not know the organization.
    const { analysis } = analyzePolicy({}, declared, owner);
    const lock = analysis?.statements.find(({ is }) => is === "locks");
    if (lock) {
        const reason = `${lock.label} ${lock.because}`;
        return { is: "undecided", because: `the declared policy would lock everybody out: ${reason}` };
    }
    if (policy === undefined) {
        const [will, done] = ["puts the declared policy", "put the declared policy"];
        return { is: "change", text: declared, will, done, keeps: 0 };
    }
    if (samePolicy(policy, declared)) return { is: "nothing" };
    const [will, done] = ["replaces it by the declared one", "replaced the policy by the declared one"];
    return { is: "change", text: declared, will, done, keeps: 0 };
}

function planToUnlock(declared: PolicyConfiguration, policy: string, owner: AnalyzedResource): Plan {
    const result = analyzePolicy(declared, policy, owner);
    if ("undecided" in result) return { is: "undecided", because: result.undecided };
    const { analysis } = result;
    if (analysis.is === "locks nobody") return { is: "nothing" };
    const locking = analysis.statements.filter(({ is }) => is === "locks");
    const text = withoutStatements(
        policy,
        locking.map(({ position }) => position),
    );
    const rest = text === undefined ? undefined : analyzePolicy(declared, text, owner);
    if (rest && !("analysis" in rest && rest.analysis.is === "locks nobody")) {
        return { is: "undecided", because: "without the statements that lock, the rest would still lock" };
    }
    const keeps = analysis.statements.length - locking.length;
    // Messages name every removed statement, however many there are.
    const labels = joinWords(
        locking.map(({ label }) => label),
        "and",
        Infinity,
    );
    return { is: "change", text, will: `removes ${labels}`, done: `removed ${labels}`, keeps };
}
