import assert from "node:assert/strict";
import * as fc from "fast-check";
import { NONSENSE, STATEMENTS } from "./generated-policies";
import {
    ACCOUNT,
    analyzeLockout,
    BUCKET_OWNER,
    denyBucket,
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

/** One choice for each statement; a policy has at most five. */
const CHOICES = fc.array(fc.boolean(), { minLength: 5, maxLength: 5 });

function analyze(statements: Statement[], decisions?: Decisions): LockoutAnalysis {
    return analyzeLockout(policyOf(...statements), BUCKET_OWNER, decisions);
}

function results(statements: Statement[]): string[] {
    return analyze(statements).statements.map(({ is }) => is);
}

function positionsOf(which: string, { statements }: LockoutAnalysis): number[] {
    return statements.flatMap(({ is, position }) => (is === which ? [position] : []));
}

function statementsIn(text: string): Statement[] {
    return (JSON.parse(text) as { Statement: Statement[] }).Statement;
}

function property<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void): void {
    fc.assert(fc.property(arbitrary, holds), { numRuns: 400 });
}

describe("The analysis of any policy", () => {
    it("has one of three results, or throws UnreadablePolicy", () => {
        property(NONSENSE, (text) => {
            try {
                assert.match(analyzeLockout(text, BUCKET_OWNER).is, /^(locks|locks nobody|undecided)$/);
            } catch (error) {
                assert.ok(error instanceof UnreadablePolicy, String(error));
            }
        });
    });

    it('is "locks" only if every request to read, or every request to write, is denied', () => {
        property(STATEMENTS, (statements) => {
            const locking = positionsOf("locks", analyze(statements)).map(
                (position) => statements[position] ?? {},
            );
            const always = (action: string) =>
                REQUESTS.every((request) => isDenied(locking, action, request));
            if (locking.length > 0) assert.ok(always(READ) || (always(PUT) && always(DELETE)));
        });
    });

    it('is "locks nobody" only if an ordinary request can read the policy and change it', () => {
        property(STATEMENTS, (statements) => {
            if (analyze(statements).is !== "locks nobody") return;
            const denied = (action: string) => isDenied(statements, action, ORDINARY);
            assert.ok(!denied(READ) && !(denied(PUT) && denied(DELETE)));
        });
    });

    it("does not depend on the order of statements, or on Allow statements", () => {
        property(STATEMENTS, (statements) => {
            const allow = { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" };

            assert.deepEqual(results(statements.toReversed()).toReversed(), results(statements));
            assert.deepEqual(results([...statements, allow]).slice(0, -1), results(statements));
        });
    });

    it("does not depend on the order of keys, or on lists with one member", () => {
        property(STATEMENTS, (statements) => {
            const written = policyOf(...statements);
            const [reversed, short] = [
                rewritten(withReversedKeys, written),
                rewritten(withoutSingleLists, written),
            ];
            for (const text of [reversed, short, rewritten(withLists, written)]) {
                const { is, statements: analyzed } = analyzeLockout(text, BUCKET_OWNER);

                assert.equal(is, analyze(statements).is);
                assert.deepEqual(
                    analyzed.map((statement) => statement.is),
                    results(statements),
                );
            }
            assert.ok(samePolicy(written, reversed) && samePolicy(written, short));
        });
    });
});

describe("A policy", () => {
    it("locks nobody after the statements that lock are removed", () => {
        property(STATEMENTS, (statements) => {
            const analysis = analyze(statements);
            const left = withoutStatements(policyOf(...statements), positionsOf("locks", analysis));
            if (analysis.is === "undecided" || left === undefined) return;
            assert.equal(analyzeLockout(left, BUCKET_OWNER).is, "locks nobody");
        });
    });

    /** Decides about the undecided statements until none is left. Returns the number of rounds, at most one for each statement. */
    function roundsUntilDecided(statements: Statement[], choices: boolean[]): number {
        const decided = new Set<number>();
        for (let round = 0; ; round++) {
            const sids = (choice: boolean) =>
                [...decided]
                    .filter((position) => choices[position] === choice)
                    .map((position) => `S${position}`);
            const analysis = analyze(statements, { remove: sids(true), keep: sids(false) });
            if (analysis.is !== "undecided") return round;
            const undecided = positionsOf("undecided", analysis);
            assert.ok(undecided.length > 0 && undecided.every((position) => !decided.has(position)));
            for (const position of undecided) decided.add(position);
        }
    }

    it("is decided after the operator has decided about each statement that is undecided", () => {
        property(fc.tuple(STATEMENTS, CHOICES), ([statements, choices]) => {
            assert.ok(roundsUntilDecided(statements, choices) <= statements.length);
        });
    });

    it("may need a second decision, because a kept statement may lock together with one that was harmless before", () => {
        const exempt = { NotPrincipal: { AWS: [`arn:aws:iam::${ACCOUNT}:role/Admin`, ACCOUNT] } };
        const statements = [
            denyBucket({ Action: "s3:DeleteBucketPolicy", Principal: undefined, ...exempt }),
            denyBucket({ Action: "s3:PutBucketPolicy" }),
            denyBucket({ Action: ["s3:PutObject", "s3:DeleteBucketPolicy"] }),
        ].map((statement, position) => ({ ...statement, Sid: `S${position}` }));

        assert.deepEqual(results(statements), ["harmless", "undecided", "undecided"]);
        assert.equal(roundsUntilDecided(statements, [false, false, true]), 2);
    });
});

describe("A policy from which any statements are removed", () => {
    it("keeps the other statements in order", () => {
        property(fc.tuple(STATEMENTS, CHOICES), ([statements, choices]) => {
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

function withReversedKeys(value: unknown): unknown {
    return Array.isArray(value) ? value : Object.fromEntries(Object.entries(value as object).toReversed());
}

function withoutSingleLists(value: unknown): unknown {
    return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** Every string of a statement may be a list with one member, except Sid, Effect and the Principal `"*"`. */
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
