/**
 * Whether a bucket's or queue's policy locks out the administrators of the account that owns it, and by which statements.
 *
 * The administrator in question is any user or role of that account who may do everything, and calls AWS directly over HTTPS.
 * Where it depends on what cannot be seen from here, the verdict says so, and nothing shall be changed.
 */
import { printable } from "../../process/printable";
import { decisionsAbout, type Decision, type Judged } from "./decisions";
import { readPolicy } from "./document";
import { POLICY_CALLS, type PolicyOwner } from "./owner";
import { readStatement, type ReadStatement } from "./statement";
import { listed } from "./words";

export { UnfitDecision, type Judged } from "./decisions";
export { samePolicy, UnreadablePolicy, withoutStatements } from "./document";
export type { PolicyOwner } from "./owner";

export interface StatementVerdict {
    /** From 0. */
    position: number;
    sid?: string;
    /** `statement "DenyAll"`, or `statement 2 (without Sid)`. */
    called: string;
    is: "locks" | "harmless" | "undecided";
    /** One clause for people: `denies everybody s3:* on the bucket`, `it denies only requests without TLS`. */
    because: string;
}

export interface PolicyVerdict {
    is: "locks" | "locks nobody" | "undecided";
    statements: StatementVerdict[];
}

/** Throws `UnreadablePolicy` for what is no policy, and `UnfitDecision` where `judged` does not fit it. */
export function analyzeLockout(text: string, owner: PolicyOwner, judged: Judged = {}): PolicyVerdict {
    const { statements, hasVariables } = readPolicy(text);
    const read = statements
        .map((statement, position) => readStatement(statement, position, owner, hasVariables))
        // Its words quote the policy, and whoever may write that has chosen them.
        .map((each) => ({ ...each, called: printable(each.called), because: printable(each.because) }));
    const decisionOn = decisionsAbout(read, judged);
    const denials = read.filter((statement) => isCounted(statement, decisionOn(statement)));
    const locking = shutting(
        denials.filter(({ denies }) => denies === "yes"),
        owner,
    );
    const doubtful = shutting(without(denials, locking), owner);
    const verdicts = read.map((statement) => {
        const decision = decisionOn(statement);
        const sorted = { locking, doubtful, decisionOn };
        const verdict = decided(statement, decision) ?? verdictOn(statement, sorted, owner);
        return { ...named(statement), ...verdict };
    });
    const found = new Set(verdicts.map(({ is }) => is));
    return {
        is: found.has("undecided") ? "undecided" : found.has("locks") ? "locks" : "locks nobody",
        statements: verdicts,
    };
}

/** A statement that goes denies nothing any more, nor does one that is said to leave somebody in. */
function isCounted({ denies }: ReadStatement, decision: Decision | undefined): boolean {
    return decision === undefined ? denies !== "no" : decision === "keep" && denies === "yes";
}

/**
 * Of these statements, those that shut everybody out: from reading the policy, or from every way to write it. A statement that
 * does not do so by itself does it with others only if something is left to do: whoever denies s3:DeleteBucketPolicy guards
 * the policy, also beside a statement that denies everything.
 */
function shutting(denials: ReadStatement[], owner: PolicyOwner): ReadStatement[] {
    const alone = denials.filter((statement) => shutsAlone(statement, owner));
    const others = without(denials, alone);
    const { write } = POLICY_CALLS[owner.service];
    const isShut = write.every((call) => others.some(({ calls }) => calls.includes(call)));
    return isShut ? denials : alone;
}

function shutsAlone({ calls }: ReadStatement, owner: PolicyOwner): boolean {
    const { read, write } = POLICY_CALLS[owner.service];
    return calls.includes(read) || write.every((call) => calls.includes(call));
}

function without(statements: ReadStatement[], these: ReadStatement[]): ReadStatement[] {
    return statements.filter((statement) => !these.includes(statement));
}

interface Sorted {
    locking: ReadStatement[];
    doubtful: ReadStatement[];
    decisionOn: (statement: ReadStatement) => Decision | undefined;
}

type Verdict = Pick<StatementVerdict, "is" | "because">;

function verdictOn(statement: ReadStatement, sorted: Sorted, owner: PolicyOwner): Verdict {
    const { locking, doubtful } = sorted;
    const { because, calls, denies } = statement;
    if (locking.includes(statement)) {
        const words = because + besides(statement, locking, owner);
        return isOneOfSeveral(statement, sorted, owner)
            ? {
                  is: "undecided",
                  because: `${words}: name the one to go in remove, or the one to stay in keep`,
              }
            : { is: "locks", because: words };
    }
    if (doubtful.includes(statement)) {
        return { is: "undecided", because: because + besides(statement, doubtful, owner) };
    }
    if (denies === "no") return { is: "harmless", because };
    const open = POLICY_CALLS[owner.service].write.filter((call) => !calls.includes(call));
    return { is: "harmless", because: `it denies ${listed(calls)}, but not ${listed(open)}` };
}

/**
 * Statements that lock only together need not all go, and one of them may guard more than the policy (s3:Delete*): which one is to
 * go, somebody has to say. Where all of them are about the policy alone, nothing is lost with them.
 */
function isOneOfSeveral(
    statement: ReadStatement,
    { locking, decisionOn }: Sorted,
    owner: PolicyOwner,
): boolean {
    const together = locking.filter((each) => !shutsAlone(each, owner));
    const open = together.filter((each) => decisionOn(each) !== "keep");
    return together.includes(statement) && open.some(({ more }) => more);
}

/** Who shuts the other ways to write, where a statement does not shut all of them. */
function besides(statement: ReadStatement, these: ReadStatement[], owner: PolicyOwner): string {
    if (shutsAlone(statement, owner)) return "";
    const left = POLICY_CALLS[owner.service].write.filter((call) => !statement.calls.includes(call));
    const others = these.filter(
        (other) => !shutsAlone(other, owner) && left.every((call) => other.calls.includes(call)),
    );
    return `; with ${listed(others.map(({ called }) => called))} denying ${listed(left)}, nobody could write the policy`;
}

function decided({ denies, because }: ReadStatement, decision: Decision | undefined): Verdict | undefined {
    if (decision === "remove") return { is: "locks", because: `to be removed as decided: ${because}` };
    if (decision === "keep" && denies !== "no") {
        return { is: "harmless", because: `to be kept as decided: ${because}` };
    }
    return undefined;
}

function named({
    position,
    sid,
    called,
}: ReadStatement): Pick<StatementVerdict, "position" | "sid" | "called"> {
    return { position, ...(sid !== undefined && { sid }), called };
}
