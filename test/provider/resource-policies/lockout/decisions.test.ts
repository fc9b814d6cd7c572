import assert from "node:assert/strict";
import {
    ACCOUNT,
    BUCKET_OWNER,
    denyBucket,
    analyzeLockout,
    policyOf,
    InvalidDecision,
    type Decisions,
    type LockoutAnalysis,
} from "./fixtures";

const ROLE_ONLY = denyBucket({
    Sid: "RoleOnly",
    Condition: { ArnNotEquals: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/Admin` } },
});
const DENY_ALL = denyBucket({ Sid: "DenyAll" });
const NO_WRITE = denyBucket({ Sid: "NoWrite", Action: "s3:PutBucketPolicy" });
const NO_DELETE = denyBucket({ Sid: "NoDelete", Action: "s3:DeleteBucketPolicy" });
const NO_DELETES = denyBucket({ Sid: "NoDeletes", Action: "s3:Delete*" });
const OPEN = denyBucket({ Sid: "Open", Effect: "Allow" });
const PERHAPS_NO_DELETE = denyBucket({ ...ROLE_ONLY, Sid: "Perhaps", Action: "s3:DeleteBucketPolicy" });

function summary({ is, statements }: LockoutAnalysis): string {
    return `${is}: ${statements.map((statement) => statement.is).join(", ")}`;
}

describe("A policy with decisions of the operator about its statements", () => {
    const cases: [what: string, statements: unknown[], decisions: Decisions, expected: string][] = [
        ["no decision about an undecided statement", [ROLE_ONLY], {}, "undecided: undecided"],
        ["an undecided statement in remove", [ROLE_ONLY], { remove: ["RoleOnly"] }, "locks: locks"],
        ["an undecided statement in keep", [ROLE_ONLY], { keep: ["RoleOnly"] }, "locks nobody: harmless"],
        ["a locking statement in keep", [DENY_ALL], { keep: ["DenyAll"] }, "locks nobody: harmless"],
        ["a locking statement in remove", [DENY_ALL], { remove: ["DenyAll"] }, "locks: locks"],
        [
            "a harmless statement in remove",
            [NO_DELETE, OPEN],
            { remove: ["NoDelete"] },
            "locks: locks, harmless",
        ],
        ["a harmless statement in keep", [NO_DELETE], { keep: ["NoDelete"] }, "locks nobody: harmless"],
        ["an Allow in keep", [OPEN, DENY_ALL], { keep: ["Open"] }, "locks: harmless, locks"],
        [
            "an undecided statement in keep beside a locking one",
            [ROLE_ONLY, DENY_ALL],
            { keep: ["RoleOnly"] },
            "locks: harmless, locks",
        ],
        [
            "a locking statement in remove beside an undecided one",
            [ROLE_ONLY, DENY_ALL],
            { remove: ["DenyAll"] },
            "undecided: undecided, locks",
        ],
        [
            "a statement in remove that does not exist any more",
            [NO_DELETE],
            { remove: ["DenyAll"] },
            "locks nobody: harmless",
        ],
        // If two statements lock together, removing one is enough.
        [
            "one of two statements that lock together, in remove",
            [NO_WRITE, NO_DELETE],
            { remove: ["NoWrite"] },
            "locks: locks, harmless",
        ],
        [
            "one of two statements that lock together, in keep",
            [NO_WRITE, NO_DELETE],
            { keep: ["NoWrite"] },
            "locks: harmless, locks",
        ],
        // If one of the two also denies other actions, the operator must choose.
        [
            "no decision about a pair of which one denies other actions too",
            [NO_WRITE, NO_DELETES],
            {},
            "undecided: undecided, undecided",
        ],
        [
            "the wider statement of the pair in keep",
            [NO_WRITE, NO_DELETES],
            { keep: ["NoDeletes"] },
            "locks: locks, harmless",
        ],
        [
            "the narrower statement of the pair in keep",
            [NO_WRITE, NO_DELETES],
            { keep: ["NoWrite"] },
            "undecided: harmless, undecided",
        ],
        [
            "the narrower statement of the pair in remove",
            [NO_WRITE, NO_DELETES],
            { remove: ["NoWrite"] },
            "locks: locks, harmless",
        ],
        [
            "the undecided statement of a pair in keep",
            [NO_WRITE, PERHAPS_NO_DELETE],
            { keep: ["Perhaps"] },
            "locks nobody: harmless, harmless",
        ],
        [
            "the undecided statement of a pair in remove",
            [NO_WRITE, PERHAPS_NO_DELETE],
            { remove: ["Perhaps"] },
            "locks: harmless, locks",
        ],
    ];
    for (const [what, statements, decisions, expected] of cases) {
        it(`${what}: ${expected}`, () => {
            const analysis = analyzeLockout(policyOf(...statements), BUCKET_OWNER, decisions);

            assert.equal(summary(analysis), expected);
        });
    }

    it("names a decision in the reason of each statement that it changes", () => {
        const text = policyOf(ROLE_ONLY, DENY_ALL, NO_DELETE, OPEN);

        const { statements } = analyzeLockout(text, BUCKET_OWNER, {
            remove: ["RoleOnly", "NoDelete"],
            keep: ["DenyAll", "Open"],
        });

        assert.deepEqual(
            statements.map(({ because }) => because),
            [
                "to be removed (setting remove): denies everybody but role Admin of the account s3:*: it is unknown whether that role can still be used",
                "to be kept as decided: denies everybody s3:* on the bucket",
                "to be removed (setting remove): denies everybody s3:DeleteBucketPolicy on the bucket",
                "it denies nothing",
            ],
        );
    });

    const invalid: [what: string, statements: unknown[], decisions: Decisions, message: RegExp][] = [
        ["an Allow in remove", [OPEN], { remove: ["Open"] }, /^"Open" is to be removed, but it is an Allow/],
        [
            "a Sid in keep that the policy does not have",
            [DENY_ALL],
            { keep: ["DenyAl"] },
            /^"DenyAl" is to be kept, but the policy has no/,
        ],
        [
            "the same Sid in keep and in remove",
            [DENY_ALL],
            { keep: ["DenyAll"], remove: ["DenyAll"] },
            /^"DenyAll" is to be removed and to be kept/,
        ],
        [
            "the same Sid in keep and in remove that the policy does not have",
            [],
            { keep: ["Gone"], remove: ["Gone"] },
            /^"Gone" is to be removed and to be kept/,
        ],
        [
            "a Sid of two statements in remove",
            [DENY_ALL, DENY_ALL],
            { remove: ["DenyAll"] },
            /^"DenyAll" is the Sid of 2 statements/,
        ],
        [
            "a Sid of two statements in keep",
            [DENY_ALL, DENY_ALL],
            { keep: ["DenyAll"] },
            /^"DenyAll" is the Sid of 2 statements/,
        ],
        [
            "an empty Sid in keep",
            [denyBucket({ Sid: "" })],
            { keep: [""] },
            /^"" is to be kept, but the policy has no/,
        ],
    ];
    for (const [what, statements, decisions, message] of invalid) {
        it(`is refused with ${what}`, () => {
            assert.throws(
                () => analyzeLockout(policyOf(...statements), BUCKET_OWNER, decisions),
                (error) => error instanceof InvalidDecision && message.test(error.message),
            );
        });
    }
});
