import assert from "node:assert/strict";
import { KEYS, OPERATORS, OTHER_OWNERS } from "./condition-cases";
import { ACTIONS, ODDITIES, PRINCIPALS, RESOURCES } from "./element-cases";
import { LOCKED_BUCKETS, LOCKED_QUEUES } from "./lockout-cases";
import {
    BUCKET_OWNER,
    denyBucket,
    denyQueue,
    analyzeLockout,
    policyOf,
    QUEUE_OWNER,
    type PolicyCase,
    type PolicyOwner,
} from "./fixtures";
import { PUBLISHED_FOR_BUCKETS } from "./published-bucket-cases";
import { PUBLISHED_FOR_QUEUES } from "./published-queue-cases";

const CASES: [what: string, cases: PolicyCase[], owner: PolicyOwner][] = [
    ["A bucket's policy that AWS publishes", PUBLISHED_FOR_BUCKETS, BUCKET_OWNER],
    ["A queue's policy that AWS publishes", PUBLISHED_FOR_QUEUES, QUEUE_OWNER],
    ["A bucket's policy that locks everybody out", LOCKED_BUCKETS, BUCKET_OWNER],
    ["A queue's policy that locks everybody out", LOCKED_QUEUES, QUEUE_OWNER],
    ["A statement's principal", PRINCIPALS, BUCKET_OWNER],
    ["A statement's action", ACTIONS, BUCKET_OWNER],
    ["A statement's resource", RESOURCES, BUCKET_OWNER],
    ["A statement that cannot be understood", ODDITIES, BUCKET_OWNER],
    ["A policy in other circumstances", OTHER_OWNERS, BUCKET_OWNER],
];

for (const [what, cases, byDefault] of CASES) {
    describe(what, () => {
        for (const { name, page, statements, expected, owner, version = "2012-10-17" } of cases) {
            it(`${name}: ${expected.join(", ")}${page ? ` (${page})` : ""}`, () => {
                const text = JSON.stringify({ Version: version, Statement: statements });

                const verdict = analyzeLockout(text, { ...byDefault, ...owner });

                assert.deepEqual(
                    verdict.statements.map(({ is }) => is),
                    expected,
                    verdict.statements.map(({ because }) => because).join("\n"),
                );
                const undecided = expected.includes("undecided") && "undecided";
                assert.equal(
                    verdict.is,
                    undecided || (expected.includes("locks") ? "locks" : "locks nobody"),
                );
            });
        }
    });
}

describe("A bucket's policy that denies everything under a condition", () => {
    for (const [condition, expected] of [...OPERATORS, ...KEYS]) {
        it(`${JSON.stringify(condition)}: ${expected}`, () => {
            const { statements } = analyzeLockout(
                policyOf(denyBucket({ Condition: condition })),
                BUCKET_OWNER,
            );

            assert.equal(statements[0]?.is, expected, statements[0]?.because);
        });
    }

    it("speaks of S3's own keys for buckets only", () => {
        const condition = { NumericLessThan: { "s3:TlsVersion": "1.2" } };

        const { is } = analyzeLockout(policyOf(denyQueue({ Condition: condition })), QUEUE_OWNER);

        assert.equal(is, "undecided");
    });
});

const IN_DOUBT = { StringNotEquals: { "aws:PrincipalTag/team": "security" } };
const [PUT, DELETE] = ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"];

describe("Statements that deny together what each of them does not", () => {
    const cases: PolicyCase[] = [
        {
            name: "either way to write, one of them perhaps",
            statements: [
                denyBucket({ Action: PUT }),
                denyBucket({ Action: DELETE, Condition: IN_DOUBT }),
                denyBucket({ Action: "s3:PutObject" }),
            ],
            expected: ["undecided", "undecided", "harmless"],
        },
        {
            name: "the same way to write, one of them perhaps",
            statements: [denyBucket({ Action: PUT }), denyBucket({ Action: PUT, Condition: IN_DOUBT })],
            expected: ["harmless", "harmless"],
        },
        {
            name: "a guard beside what perhaps denies everything",
            statements: [denyBucket({ Action: DELETE }), denyBucket({ Condition: IN_DOUBT })],
            expected: ["harmless", "undecided"],
        },
        {
            name: "a guard beside what denies everything",
            statements: [denyBucket({ Action: PUT }), denyBucket()],
            expected: ["harmless", "locks"],
        },
        {
            name: "either way to write, and perhaps everything",
            statements: [
                denyBucket({ Action: PUT }),
                denyBucket({ Condition: IN_DOUBT }),
                denyBucket({ Action: DELETE }),
            ],
            expected: ["locks", "undecided", "locks"],
        },
        {
            name: "a guard of the whole bucket and one of its policy, of which one would have to go",
            statements: [denyBucket({ Action: "s3:Delete*" }), denyBucket({ Action: PUT })],
            expected: ["undecided", "undecided"],
        },
        {
            name: "either way to write, but one of them to others only",
            statements: [
                denyBucket({ Action: PUT }),
                denyBucket({
                    Action: DELETE,
                    Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
                }),
            ],
            expected: ["harmless", "harmless"],
        },
    ];
    for (const { name, statements, expected } of cases) {
        it(`${name}: ${expected.join(", ")}`, () => {
            const verdict = analyzeLockout(policyOf(...statements), BUCKET_OWNER);

            assert.deepEqual(
                verdict.statements.map(({ is }) => is),
                expected,
            );
        });
    }
});
