import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { runProgram, settingsFrom, type ProgramOptions } from "./harness";

const PAYMENTS = "100000000001";
const CLOSING = "100000000002";
const LOCK = {
    Version: "2012-10-17",
    Statement: [
        { Sid: "Lock", Effect: "Deny", Principal: "*", Action: "*", Resource: "arn:aws:s3:::payments-logs" },
    ],
};
const QUEUE_URL = `https://sqs.us-east-1.amazonaws.com/${PAYMENTS}/orders`;

const withUnlocks = (...unlock: object[]): ProgramOptions => ({
    seed: {
        accounts: [
            { id: PAYMENTS, name: "payments", buckets: [{ name: "payments-logs", policy: LOCK }] },
            { id: CLOSING, name: "closing", state: "SUSPENDED" as const },
        ],
    },
    config: { "aws-root-credentials:unlock": JSON.stringify(unlock) },
});

describe("The program, with policies to unlock", () => {
    it("declares each policy with its backup and its settings", () => {
        const bucket = {
            account: PAYMENTS,
            bucket: "payments-logs",
            mode: "delete",
            onDelete: "restore-policy",
        };
        const queue = { account: PAYMENTS, queueUrl: QUEUE_URL, keep: ["Tls"], reason: "TICKET-1" };

        return runProgram(withUnlocks(bucket, queue), ({ registered }) => {
            const own = registered.filter(({ type }) => !type.endsWith("RootCredentialsAbsent"));
            assert.deepEqual(
                own.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort(),
                [
                    `BucketPolicyUnlocked ${PAYMENTS}-payments-logs`,
                    `PolicyBackup ${PAYMENTS}-payments-logs-before`,
                    `PolicyBackup ${PAYMENTS}-sqs.us-east-1.amazonaws.com-${PAYMENTS}-orders-before`,
                    `QueuePolicyUnlocked ${PAYMENTS}-sqs.us-east-1.amazonaws.com-${PAYMENTS}-orders`,
                ].sort(),
            );
            const declared = (kind: string) => own.find(({ type }) => type.endsWith(kind))?.inputs;
            const { account, ...rest } = bucket;
            assert.partialDeepStrictEqual(declared("BucketPolicyUnlocked"), { accountId: account, ...rest });
            assert.partialDeepStrictEqual(declared("QueuePolicyUnlocked"), {
                accountId: PAYMENTS,
                queueUrl: QUEUE_URL,
                keep: ["Tls"],
            });
        });
    });

    it("names the locking statement in a first preview, by a hook that changes nothing", () =>
        runProgram(
            {
                ...withUnlocks({ account: PAYMENTS, bucket: "payments-logs", reason: "TICKET-1" }),
                callsHooks: true,
            },
            ({ hooks, report, simulator }) => {
                assert.ok(hooks.get("inspect-policy-before-create")?.opts?.onDryRun);
                const [policy] = report.policies;
                assert.equal(policy?.finding, "locked");
                assert.match(
                    policy.text,
                    /bucket payments-logs of account 100000000001 \(payments\) has a policy that locks everybody out: statement "Lock" .*; pulumi up removes statement "Lock" \(TICKET-1\)/,
                );
                assert.equal(simulator.organization.buckets.policyOf("payments-logs"), JSON.stringify(LOCK));
            },
        ));

    it("counts a policy without a result as not inspected", () =>
        runProgram(withUnlocks({ account: PAYMENTS, bucket: "payments-logs" }), ({ report }) => {
            assert.deepEqual(
                report.policies.map(({ resource, finding }) => [resource, finding]),
                [["payments-logs", "not inspected"]],
            );
        }));

    it("skips a policy of an account that is not active, and warns", () =>
        runProgram(withUnlocks({ account: CLOSING, bucket: "old-logs" }), ({ registered, said }) => {
            assert.deepEqual(
                registered.filter(({ type }) => !type.endsWith("RootCredentialsAbsent")),
                [],
            );
            assert.match(
                said(),
                /the policy of old-logs is not inspected, because account 100000000002 is skipped \(suspended\)/,
            );
        }));

    it("prints nothing about policies if none is declared", () =>
        runProgram(withUnlocks(), ({ said }) => assert.doesNotMatch(said(), /policies/)));

    for (const [account, says] of [
        [
            "999999999999",
            /unlock\[0\] names account 999999999999, which organizations:ListAccounts does not list/,
        ],
        ["999988887777", /unlock\[0\] names account 999988887777, which is the management account/],
    ] as const) {
        it(`stops if account ${account} cannot be inspected`, () =>
            assert.rejects(
                runProgram(withUnlocks({ account, bucket: "payments-logs" }), () => {}),
                (error: Error) => error instanceof pulumi.RunError && says.test(error.message),
            ));
    }
});

describe("The setting unlock", () => {
    const WRONG: [unknown, RegExp][] = [
        [{}, /unlock is \{\}: expected a list of objects with account, and bucket or queueUrl/],
        [
            ["payments-logs"],
            /unlock\[0\] is "payments-logs": expected an object with account, and bucket or queueUrl/,
        ],
        [[{ bucket: "b" }], /unlock\[0\]\.account is missing: expected an account id of 12 digits/],
        [[{ account: "1", bucket: "b" }], /unlock\[0\]\.account is "1": expected an account id of 12 digits/],
        [[{ account: PAYMENTS }], /unlock\[0\] is .*: expected either bucket or queueUrl/],
        [
            [{ account: PAYMENTS, bucket: "b", queueUrl: "u" }],
            /unlock\[0\] is .*: expected either bucket or queueUrl/,
        ],
        [
            [{ account: PAYMENTS, bucket: "b", mode: "open" }],
            /unlock\[0\]\.mode is "open": expected remove-lock or delete/,
        ],
        [
            [{ account: PAYMENTS, bucket: "b", ondelete: "retain" }],
            /there is no setting aws-root-credentials:unlock\[0\]\.ondelete; expected one of account, .*did you mean onDelete\?/,
        ],
        [
            [{ account: PAYMENTS, bucket: "b", onDelete: "allow-recovery" }],
            /onDelete is "allow-recovery": expected retain or restore-policy/,
        ],
        [
            [{ account: PAYMENTS, bucket: "b", keep: "Tls" }],
            /keep is "Tls": expected a list of statements' Sids/,
        ],
        [
            [
                { account: PAYMENTS, bucket: "b" },
                { account: CLOSING, bucket: "b" },
            ],
            /unlock\[1\]\.bucket is "b": expected one entry for each bucket or queue, and unlock\[0\] names the same/,
        ],
    ];
    for (const [unlock, says] of WRONG) {
        it(`is refused as ${JSON.stringify(unlock)}`, () =>
            assert.rejects(
                settingsFrom({ "aws-root-credentials:unlock": JSON.stringify(unlock) }),
                (error: Error) => {
                    assert.match(error.message, says);
                    return true;
                },
            ));
    }
});
