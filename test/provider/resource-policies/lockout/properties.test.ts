import assert from "node:assert/strict";
import * as fc from "fast-check";
import { NONSENSE, STATEMENTS } from "./generated-policies";
import {
    BUCKET_OWNER,
    analyzeLockout,
    policyOf,
    samePolicy,
    UnreadablePolicy,
    withoutStatements,
    type Decisions,
    type LockoutAnalysis,
    type Statement,
} from "./fixtures";
import { isDenied, ORDINARY, REQUESTS } from "./requests";

const [READ, PUT, DELETE] = ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"] as const;

/** One for each statement that there may be. */
const CHOICES = fc.array(fc.boolean(), { minLength: 5, maxLength: 5 });

function judge(statements: Statement[], judged?: Decisions): LockoutAnalysis {
    return analyzeLockout(policyOf(...statements), BUCKET_OWNER, judged);
}

function verdicts(statements: Statement[]): string[] {
    return judge(statements).statements.map(({ is }) => is);
}

function positionsOf(which: string, { statements }: LockoutAnalysis): number[] {
    return statements.flatMap(({ is, position }) => (is === which ? [position] : []));
}

function statementsIn(text: string): Statement[] {
    return (JSON.parse(text) as { Statement: Statement[] }).Statement;
}

function law<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void): void {
    fc.assert(fc.property(arbitrary, holds), { numRuns: 400 });
}

describe("The judgement of any policy", () => {
    it("is a verdict, or a word on why there is none", () => {
        law(NONSENSE, (text) => {
            try {
                assert.match(analyzeLockout(text, BUCKET_OWNER).is, /^(locks|locks nobody|undecided)$/);
            } catch (error) {
                assert.ok(error instanceof UnreadablePolicy, String(error));
            }
        });
    });

    it('is "locks" only where every request to read, or every one to write, is denied', () => {
        law(STATEMENTS, (statements) => {
            const locking = positionsOf("locks", judge(statements)).map(
                (position) => statements[position] ?? {},
            );
            const always = (action: string) =>
                REQUESTS.every((request) => isDenied(locking, action, request));
            if (locking.length > 0) assert.ok(always(READ) || (always(PUT) && always(DELETE)));
        });
    });

    it('is "locks nobody" only where an ordinary request can read the policy and change it', () => {
        law(STATEMENTS, (statements) => {
            if (judge(statements).is !== "locks nobody") return;
            const denied = (action: string) => isDenied(statements, action, ORDINARY);
            assert.ok(!denied(READ) && !(denied(PUT) && denied(DELETE)));
        });
    });

    it("does not change with the order of statements, or with what they allow", () => {
        law(STATEMENTS, (statements) => {
            const allow = { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" };

            assert.deepEqual(verdicts(statements.toReversed()).toReversed(), verdicts(statements));
            assert.deepEqual(verdicts([...statements, allow]).slice(0, -1), verdicts(statements));
        });
    });

    it("does not change with the order of keys, or where a list of one is its only member", () => {
        law(STATEMENTS, (statements) => {
            const written = policyOf(...statements);
            const [turned, short] = [rewritten(turnedRound, written), rewritten(withoutListsOfOne, written)];
            for (const text of [turned, short, rewritten(withLists, written)]) {
                const { is, statements: judged } = analyzeLockout(text, BUCKET_OWNER);

                assert.equal(is, judge(statements).is);
                assert.deepEqual(
                    judged.map((statement) => statement.is),
                    verdicts(statements),
                );
            }
            assert.ok(samePolicy(written, turned) && samePolicy(written, short));
        });
    });
});

describe("The judgement of a policy without the statements that lock", () => {
    it("is that it locks nobody", () => {
        law(STATEMENTS, (statements) => {
            const verdict = judge(statements);
            const left = withoutStatements(policyOf(...statements), positionsOf("locks", verdict));
            if (verdict.is === "undecided" || left === undefined) return;
            assert.equal(analyzeLockout(left, BUCKET_OWNER).is, "locks nobody");
        });
    });

    it("is decided once the operator has decided about each statement in doubt", () => {
        law(fc.tuple(STATEMENTS, CHOICES), ([statements, choices]) => {
            const inDoubt = positionsOf("undecided", judge(statements));
            const sids = (choice: boolean) =>
                inDoubt.filter((position) => choices[position] === choice).map((position) => `S${position}`);

            const decided = judge(statements, { remove: sids(true), keep: sids(false) });

            assert.notEqual(decided.is, "undecided");
        });
    });
});

describe("Taking any statements out of any policy", () => {
    it("leaves the others as they were, in order", () => {
        law(fc.tuple(STATEMENTS, CHOICES), ([statements, choices]) => {
            const kept = statements.filter((_, place) => choices[place]);
            const gone = [...statements.keys()].filter((place) => !choices[place]);

            const left = withoutStatements(policyOf(...statements), gone);

            assert.deepEqual(left === undefined ? [] : statementsIn(left), kept);
        });
    });
});

function rewritten(how: (value: unknown) => unknown, text: string): string {
    const everywhere = (value: unknown): unknown => {
        if (Array.isArray(value)) return how(value.map(everywhere));
        if (typeof value !== "object" || value === null) return value;
        return how(Object.fromEntries(Object.entries(value).map(([key, held]) => [key, everywhere(held)])));
    };
    return JSON.stringify(everywhere(JSON.parse(text)));
}

function turnedRound(value: unknown): unknown {
    return Array.isArray(value) ? value : Object.fromEntries(Object.entries(value as object).toReversed());
}

function withoutListsOfOne(value: unknown): unknown {
    return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** Every text of a statement may be a list of one, but for its Sid and Effect, and for `"*"` as its Principal. */
function withLists(value: unknown): unknown {
    if (Array.isArray(value)) return value;
    const mayBeList = /^(Not)?(Action|Resource)$|^AWS$|^Service$|:/;
    return Object.fromEntries(
        Object.entries(value as object).map(([key, held]: [string, unknown]) => [
            key,
            typeof held === "string" && mayBeList.test(key) ? [held] : held,
        ]),
    );
}
