import assert from "node:assert/strict";
import { KEYS, OPERATORS, OTHER_OWNERS } from "./condition-cases";
import { ACTIONS, UNREADABLE, PRINCIPALS, RESOURCES } from "./element-cases";
import { LOCKED_BUCKETS, LOCKED_QUEUES } from "./lockout-cases";
import {
    BUCKET_OWNER,
    denyBucket,
    denyQueue,
    analyzeLockout,
    policyOf,
    QUEUE_OWNER,
    type PolicyCase,
    type AnalyzedResource,
} from "./fixtures";
import { PUBLISHED_FOR_BUCKETS } from "./published-bucket-cases";
import { PUBLISHED_FOR_QUEUES } from "./published-queue-cases";

const CASES: [what: string, cases: PolicyCase[], owner: AnalyzedResource][] = [
    ["A bucket policy that AWS publishes", PUBLISHED_FOR_BUCKETS, BUCKET_OWNER],
    ["A queue policy that AWS publishes", PUBLISHED_FOR_QUEUES, QUEUE_OWNER],
    ["A bucket policy that locks everybody out", LOCKED_BUCKETS, BUCKET_OWNER],
    ["A queue policy that locks everybody out", LOCKED_QUEUES, QUEUE_OWNER],
    ["A statement that denies everything, with the principal", PRINCIPALS, BUCKET_OWNER],
    ["A statement that denies everybody, with the action", ACTIONS, BUCKET_OWNER],
    ["A statement that denies everybody, with the resource", RESOURCES, BUCKET_OWNER],
    ["A statement that is unreadable, with", UNREADABLE, BUCKET_OWNER],
    ["A policy of another owner, or in the first version of the policy language", OTHER_OWNERS, BUCKET_OWNER],
];

for (const [what, cases, byDefault] of CASES) {
    describe(what, () => {
        for (const { name, page, statements, expected, owner, version = "2012-10-17" } of cases) {
            it(`${name}: ${expected.join(", ")}${page ? ` (${page})` : ""}`, () => {
                const text = JSON.stringify({ Version: version, Statement: statements });

                const analysis = analyzeLockout(text, { ...byDefault, ...owner });

                assert.deepEqual(
                    analysis.statements.map(({ is }) => is),
                    expected,
                    analysis.statements.map(({ because }) => because).join("\n"),
                );
                const undecided = expected.includes("undecided") && "undecided";
                assert.equal(
                    analysis.is,
                    undecided || (expected.includes("locks") ? "locks" : "locks nobody"),
                );
            });
        }
    });
}

describe("A statement that denies everything on the bucket if", () => {
    for (const [condition, expected] of [...OPERATORS, ...KEYS]) {
        it(`${JSON.stringify(condition)}: ${expected}`, () => {
            const { statements } = analyzeLockout(
                policyOf(denyBucket({ Condition: condition })),
                BUCKET_OWNER,
            );

            assert.equal(statements[0]?.is, expected, statements[0]?.because);
        });
    }

    it("s3:TlsVersion is undecided in a queue policy, because the key is S3's own", () => {
        const condition = { NumericLessThan: { "s3:TlsVersion": "1.2" } };

        const { is } = analyzeLockout(policyOf(denyQueue({ Condition: condition })), QUEUE_OWNER);

        assert.equal(is, "undecided");
    });
});

const IN_DOUBT = { StringNotEquals: { "aws:PrincipalTag/team": "security" } };
const [PUT, DELETE] = ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"];

describe("Two or three statements that lock only together", () => {
    const cases: PolicyCase[] = [
        {
            name: "one denies putting, one in doubt denies deleting",
            statements: [
                denyBucket({ Action: PUT }),
                denyBucket({ Action: DELETE, Condition: IN_DOUBT }),
                denyBucket({ Action: "s3:PutObject" }),
            ],
            expected: ["undecided", "undecided", "harmless"],
        },
        {
            name: "one denies putting, one in doubt denies putting too",
            statements: [denyBucket({ Action: PUT }), denyBucket({ Action: PUT, Condition: IN_DOUBT })],
            expected: ["harmless", "harmless"],
        },
        {
            name: "one denies deleting, one in doubt denies everything",
            statements: [denyBucket({ Action: DELETE }), denyBucket({ Condition: IN_DOUBT })],
            expected: ["harmless", "undecided"],
        },
        {
            name: "one denies putting, one denies everything",
            statements: [denyBucket({ Action: PUT }), denyBucket()],
            expected: ["harmless", "locks"],
        },
        {
            name: "one denies putting, one denies deleting, one in doubt denies everything",
            statements: [
                denyBucket({ Action: PUT }),
                denyBucket({ Condition: IN_DOUBT }),
                denyBucket({ Action: DELETE }),
            ],
            expected: ["locks", "undecided", "locks"],
        },
        {
            name: "one denies deleting the bucket and its policy, one denies putting the policy",
            statements: [denyBucket({ Action: "s3:Delete*" }), denyBucket({ Action: PUT })],
            expected: ["undecided", "undecided"],
        },
        {
            name: "one denies putting, one denies deleting to callers outside of the organization only",
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
            const analysis = analyzeLockout(policyOf(...statements), BUCKET_OWNER);

            assert.deepEqual(
                analysis.statements.map(({ is }) => is),
                expected,
            );
        });
    }
});
