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

describe("What the operator has decided about statements", () => {
    const cases: [what: string, statements: unknown[], judged: Decisions, expected: string][] = [
        ["nothing", [ROLE_ONLY], {}, "undecided: undecided"],
        ["an undecided one goes", [ROLE_ONLY], { remove: ["RoleOnly"] }, "locks: locks"],
        ["an undecided one stays", [ROLE_ONLY], { keep: ["RoleOnly"] }, "locks nobody: harmless"],
        ["one that locks stays", [DENY_ALL], { keep: ["DenyAll"] }, "locks nobody: harmless"],
        ["one that locks goes", [DENY_ALL], { remove: ["DenyAll"] }, "locks: locks"],
        ["a harmless one goes", [NO_DELETE, OPEN], { remove: ["NoDelete"] }, "locks: locks, harmless"],
        ["a harmless one stays", [NO_DELETE], { keep: ["NoDelete"] }, "locks nobody: harmless"],
        ["an Allow stays", [OPEN, DENY_ALL], { keep: ["Open"] }, "locks: harmless, locks"],
        [
            "one stays, another one still locks",
            [ROLE_ONLY, DENY_ALL],
            { keep: ["RoleOnly"] },
            "locks: harmless, locks",
        ],
        [
            "one goes, another one is undecided",
            [ROLE_ONLY, DENY_ALL],
            { remove: ["DenyAll"] },
            "undecided: undecided, locks",
        ],
        ["what has gone already is to go", [NO_DELETE], { remove: ["DenyAll"] }, "locks nobody: harmless"],
        // Of two that lock together, either is enough.
        ["one of a pair goes", [NO_WRITE, NO_DELETE], { remove: ["NoWrite"] }, "locks: locks, harmless"],
        ["one of a pair stays", [NO_WRITE, NO_DELETE], { keep: ["NoWrite"] }, "locks: harmless, locks"],
        // Of a pair of which one guards more than the policy, somebody has to say which.
        ["nothing of such a pair", [NO_WRITE, NO_DELETES], {}, "undecided: undecided, undecided"],
        ["its guard stays", [NO_WRITE, NO_DELETES], { keep: ["NoDeletes"] }, "locks: locks, harmless"],
        [
            "its other one stays",
            [NO_WRITE, NO_DELETES],
            { keep: ["NoWrite"] },
            "undecided: harmless, undecided",
        ],
        ["its other one goes", [NO_WRITE, NO_DELETES], { remove: ["NoWrite"] }, "locks: locks, harmless"],
        [
            "the undecided one of a pair stays",
            [NO_WRITE, PERHAPS_NO_DELETE],
            { keep: ["Perhaps"] },
            "locks nobody: harmless, harmless",
        ],
        [
            "the undecided one of a pair goes",
            [NO_WRITE, PERHAPS_NO_DELETE],
            { remove: ["Perhaps"] },
            "locks: harmless, locks",
        ],
    ];
    for (const [what, statements, judged, expected] of cases) {
        it(`${what}: ${expected}`, () => {
            const verdict = analyzeLockout(policyOf(...statements), BUCKET_OWNER, judged);

            assert.equal(summary(verdict), expected);
        });
    }

    it("is named where it has made a difference", () => {
        const text = policyOf(ROLE_ONLY, DENY_ALL, NO_DELETE, OPEN);

        const { statements } = analyzeLockout(text, BUCKET_OWNER, {
            remove: ["RoleOnly", "NoDelete"],
            keep: ["DenyAll", "Open"],
        });

        assert.deepEqual(
            statements.map(({ because }) => because),
            [
                "to be removed as decided: denies everybody but role Admin of the account s3:*: it is unknown whether that role can still be used",
                "to be kept as decided: denies everybody s3:* on the bucket",
                "to be removed as decided: denies everybody s3:DeleteBucketPolicy on the bucket",
                "it denies nothing",
            ],
        );
    });

    const unfit: [what: string, statements: unknown[], judged: Decisions, message: RegExp][] = [
        ["an Allow goes", [OPEN], { remove: ["Open"] }, /^"Open" is to be removed, but it is an Allow/],
        [
            "what is not there stays",
            [DENY_ALL],
            { keep: ["DenyAl"] },
            /^"DenyAl" is to be kept, but the policy has no/,
        ],
        [
            "one goes and stays",
            [DENY_ALL],
            { keep: ["DenyAll"], remove: ["DenyAll"] },
            /^"DenyAll" is to be removed and to be kept/,
        ],
        [
            "one goes and stays that is not there",
            [],
            { keep: ["Gone"], remove: ["Gone"] },
            /^"Gone" is to be removed and to be kept/,
        ],
        [
            "two of the same Sid go",
            [DENY_ALL, DENY_ALL],
            { remove: ["DenyAll"] },
            /^"DenyAll" is the Sid of 2 statements/,
        ],
        [
            "two of the same Sid stay",
            [DENY_ALL, DENY_ALL],
            { keep: ["DenyAll"] },
            /^"DenyAll" is the Sid of 2 statements/,
        ],
        [
            "one without Sid stays",
            [denyBucket({ Sid: "" })],
            { keep: [""] },
            /^"" is to be kept, but the policy has no/,
        ],
    ];
    for (const [what, statements, judged, message] of unfit) {
        it(`is refused where ${what}`, () => {
            assert.throws(
                () => analyzeLockout(policyOf(...statements), BUCKET_OWNER, judged),
                (error) => error instanceof InvalidDecision && message.test(error.message),
            );
        });
    }
});
