/**
 * Analyzes whether the policy of a bucket or queue locks out the administrators of the owning account, and which statements do it.
 *
 * An administrator is any user or role of that account that is allowed everything and calls AWS directly over HTTPS. If the answer
 * depends on facts that are unknown here, the result is `undecided` and nothing may be changed.
 */
import { printable } from "../../process/printable";
import { decisionLookup, type Decision, type Decisions } from "./operator-decisions";
import { parsePolicy } from "./document";
import { POLICY_ACTIONS, type AnalyzedResource } from "./owner";
import { evaluateStatement, type EvaluatedStatement } from "./statement";
import { joinWords } from "./words";

export { InvalidDecision, type Decisions } from "./operator-decisions";
export { samePolicy, UnreadablePolicy, withoutStatements } from "./document";
export type { AnalyzedResource } from "./owner";

export interface StatementAnalysis {
    /** From 0. */
    position: number;
    sid?: string;
    /** `statement "DenyAll"`, or `statement 2 (without Sid)`. */
    label: string;
    is: "locks" | "harmless" | "undecided";
    /** One clause for people: `denies everybody s3:* on the bucket`, `it denies only requests without TLS`. */
    because: string;
}

export interface LockoutAnalysis {
    is: "locks" | "locks nobody" | "undecided";
    statements: StatementAnalysis[];
}

/** Throws `UnreadablePolicy` if the text is no policy, and `InvalidDecision` if a decision does not fit the policy. */
export function analyzeLockout(
    text: string,
    owner: AnalyzedResource,
    decisions: Decisions = {},
): LockoutAnalysis {
    const { statements, hasVariables } = parsePolicy(text);
    const evaluated = statements
        .map((statement, position) => evaluateStatement(statement, position, owner, hasVariables))
        // Both quote the policy, and its author may have put control characters there.
        .map((each) => ({ ...each, label: printable(each.label), because: printable(each.because) }));
    const decisionOn = decisionLookup(evaluated, decisions);
    const denials = evaluated.filter((statement) => isConsidered(statement, decisionOn(statement)));
    const locking = lockingAmong(
        denials.filter(({ denies }) => denies === "yes"),
        owner,
    );
    const doubtful = lockingAmong(without(denials, locking), owner);
    const context = { locking, doubtful, decisionOn };
    const analyzed = evaluated.map((statement) => {
        const { position, sid, label } = statement;
        const result =
            applyDecision(statement, decisionOn(statement)) ?? analyzeStatement(statement, context, owner);
        return { position, ...(sid !== undefined && { sid }), label, ...result };
    });
    const results = new Set(analyzed.map(({ is }) => is));
    return {
        is: results.has("undecided") ? "undecided" : results.has("locks") ? "locks" : "locks nobody",
        statements: analyzed,
    };
}

/** Ignores statements in `remove`. A statement in `keep` whose effect is unknown counts as harmless, because the operator decided so. */
function isConsidered({ denies }: EvaluatedStatement, decision: Decision | undefined): boolean {
    return decision === undefined ? denies !== "no" : decision === "keep" && denies === "yes";
}

/**
 * Returns the statements that deny everybody reading the policy, or every way to write it.
 *
 * Statements that lock only together are returned only if they still lock without those that lock by themselves. So a statement
 * that denies only s3:DeleteBucketPolicy is kept beside one that denies everything.
 */
function lockingAmong(denials: EvaluatedStatement[], owner: AnalyzedResource): EvaluatedStatement[] {
    const alone = denials.filter((statement) => locksByItself(statement, owner));
    const others = without(denials, alone);
    const { write } = POLICY_ACTIONS[owner.service];
    const lockTogether = write.every((action) =>
        others.some(({ policyActions }) => policyActions.includes(action)),
    );
    return lockTogether ? denials : alone;
}

function locksByItself({ policyActions }: EvaluatedStatement, owner: AnalyzedResource): boolean {
    const { read, write } = POLICY_ACTIONS[owner.service];
    return policyActions.includes(read) || write.every((action) => policyActions.includes(action));
}

function without(statements: EvaluatedStatement[], excluded: EvaluatedStatement[]): EvaluatedStatement[] {
    return statements.filter((statement) => !excluded.includes(statement));
}

interface Context {
    locking: EvaluatedStatement[];
    /** Statements that lock if the statements in doubt deny everybody. */
    doubtful: EvaluatedStatement[];
    decisionOn: (statement: EvaluatedStatement) => Decision | undefined;
}

type Result = Pick<StatementAnalysis, "is" | "because">;

function analyzeStatement(statement: EvaluatedStatement, context: Context, owner: AnalyzedResource): Result {
    const { locking, doubtful } = context;
    const { because, policyActions, denies } = statement;
    if (locking.includes(statement)) {
        const reason = because + describeOthers(statement, locking, owner);
        if (!needsDecision(statement, context, owner)) return { is: "locks", because: reason };
        const choice = "name the one to be removed in remove, or the one to be kept in keep";
        return { is: "undecided", because: `${reason}: ${choice}` };
    }
    if (doubtful.includes(statement)) {
        return { is: "undecided", because: because + describeOthers(statement, doubtful, owner) };
    }
    if (denies === "no") return { is: "harmless", because };
    const open = POLICY_ACTIONS[owner.service].write.filter((action) => !policyActions.includes(action));
    return { is: "harmless", because: `it denies ${joinWords(policyActions)}, but not ${joinWords(open)}` };
}

/**
 * If statements lock only together, removing one of them is enough. If one also denies other actions (s3:Delete*), the operator
 * must choose. If all of them deny only actions on the policy, all are removed, because that loses nothing else.
 */
function needsDecision(
    statement: EvaluatedStatement,
    { locking, decisionOn }: Context,
    owner: AnalyzedResource,
): boolean {
    const together = locking.filter((each) => !locksByItself(each, owner));
    const open = together.filter((each) => decisionOn(each) !== "keep");
    return together.includes(statement) && open.some(({ hasOtherActions }) => hasOtherActions);
}

/** Names the statements that deny the ways to write that this statement leaves open. */
function describeOthers(
    statement: EvaluatedStatement,
    candidates: EvaluatedStatement[],
    owner: AnalyzedResource,
): string {
    if (locksByItself(statement, owner)) return "";
    const { write } = POLICY_ACTIONS[owner.service];
    const open = write.filter((action) => !statement.policyActions.includes(action));
    const others = candidates.filter(
        (other) =>
            !locksByItself(other, owner) && open.every((action) => other.policyActions.includes(action)),
    );
    return `; with ${joinWords(others.map(({ label }) => label))} denying ${joinWords(open)}, nobody could write the policy`;
}

function applyDecision(
    { denies, because }: EvaluatedStatement,
    decision: Decision | undefined,
): Result | undefined {
    if (decision === "remove") return { is: "locks", because: `to be removed (setting remove): ${because}` };
    if (decision === "keep" && denies !== "no") {
        return { is: "harmless", because: `to be kept as decided: ${because}` };
    }
    return undefined;
}
