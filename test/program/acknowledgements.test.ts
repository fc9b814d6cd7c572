import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { runProgram, runUnderWay, type ProgramOptions } from "./harness";

const LOGS = "100000000001";
const PAYMENTS = "100000000002";
const CLOSING = "100000000003";
const SEED = {
    accounts: [
        { id: LOGS, name: "logs" },
        { id: PAYMENTS, name: "payments" },
        { id: CLOSING, name: "closing", state: "SUSPENDED" as const },
    ],
};

const inDays = (days: number) => new Date(Date.now() + (days + 0.5) * 24 * 60 * 60 * 1000).toISOString();

/** The refresh's outputs of an account that an SCP blocks, and of a clean account. */
const BLOCKED = {
    loginProfile: "unknown",
    accessKeys: ["unknown"],
    signingCertificates: ["unknown"],
    mfaDevices: ["unknown"],
    auditError: "blocked by SCP p-guard123 (iam:GetAccountSummary)",
    auditErrorDetail: "in full",
    __nextStep: "",
    evidence: {},
    unreadableBecause: ["scp"],
};
const CLEAN = {
    loginProfile: "absent",
    accessKeys: [],
    signingCertificates: [],
    mfaDevices: [],
    auditError: "",
    auditErrorDetail: "",
    __nextStep: "",
    evidence: {},
    unreadableBecause: [],
};

const withAcknowledged = (
    entry: object,
    found: object = BLOCKED,
    more: Partial<ProgramOptions> = {},
): ProgramOptions => ({
    seed: SEED,
    config: { "aws-root-credentials:acknowledged": JSON.stringify([entry]) },
    known: (id) => ({ ...(id === PAYMENTS ? found : CLEAN), __observedInRun: runUnderWay() }),
    refreshed: [LOGS],
    ...more,
});

const warnings = (said: string) => said.split("\n").filter((line) => line.startsWith("warning: "));

describe("The program, with acknowledged accounts", () => {
    it("declares the acknowledgement for its account only, and lists its end, reason and cause", () => {
        const until = inDays(20);

        return runProgram(
            withAcknowledged({ account: PAYMENTS, until, reason: "TICKET-7" }),
            ({ registered, said }) => {
                const [logs, payments] = registered.map(({ inputs }) => inputs);
                assert.deepEqual(payments?.["acknowledged"], { until, reason: "TICKET-7" });
                assert.ok(!("acknowledged" in (logs ?? {})));
                assert.match(
                    said(),
                    /◇ .*100000000002 .*payments.*acknowledged.*\n.*acknowledged until .* UTC: TICKET-7/,
                );
                assert.match(said(), /blocked by SCP p-guard123 \(iam:GetAccountSummary\)/);
                assert.match(said(), /1 of 2 accounts inspected.*1 acknowledged.*1 clean/);
                assert.deepEqual(warnings(said()), []);
            },
        );
    });

    it("warns of an acknowledgement in its last seven days", () =>
        runProgram(
            withAcknowledged({ account: PAYMENTS, until: inDays(6), reason: "TICKET-7" }),
            ({ said }) =>
                assert.match(
                    said(),
                    /acknowledged account 100000000002 payments until .* \(6 days left\): TICKET-7\. Prolong or remove the entry before then: after its end/,
                ),
        ));

    it("asks to remove an acknowledgement if the account can be inspected again", () =>
        runProgram(
            withAcknowledged({ account: PAYMENTS, until: inDays(2), reason: "TICKET-7" }, CLEAN),
            ({ said }) => {
                assert.match(
                    said(),
                    /acknowledged account 100000000002 payments can be inspected again\. Take it out of the setting acknowledged\./,
                );
                assert.doesNotMatch(said(), /days left/);
            },
        ));

    it("reports an acknowledged account as unreadable if the cause lies outside the account", () =>
        runProgram(
            {
                ...withAcknowledged({ account: LOGS, until: inDays(20), reason: "TICKET-7" }),
                refreshed: [],
                callsHooks: true,
                arrange: (organization) =>
                    organization.withholdPermissions(
                        "999988887777",
                        ["sts:AssumeRoot"],
                        [`arn:aws:iam::${LOGS}:root`],
                    ),
            },
            ({ report }) => {
                const logs = report.accounts.find(({ id }) => id === LOGS);
                assert.equal(logs?.mark, "unreadable");
                assert.match(logs.unreadable?.detail ?? "", /^sts:AssumeRoot was refused/);
            },
        ));

    it("accepts an acknowledgement of a suspended account and asks to remove it", () =>
        runProgram(
            withAcknowledged({ account: CLOSING, until: inDays(20), reason: "TICKET-7" }),
            ({ registered, said }) => {
                assert.equal(registered.length, 2);
                assert.match(
                    said(),
                    /acknowledged account 100000000003 closing is skipped \(suspended\).*Take it out/,
                );
            },
        ));

    it("prints nothing about them in an update", () =>
        runProgram(
            withAcknowledged({ account: PAYMENTS, until: inDays(2), reason: "x" }, BLOCKED, {
                preview: false,
            }),
            ({ said }) => assert.equal(said(), ""),
        ));

    for (const [what, account, exclude, expected] of [
        [
            "that the organization does not have",
            "123456789012",
            [],
            /^the setting acknowledged names account 123456789012 .*expected an account of this organization/,
        ],
        [
            "that is out of scope",
            PAYMENTS,
            [{ account: PAYMENTS }],
            /^the setting acknowledged names account 100000000002 payments .*does not declare: exclude\[0\].*this stack inspects no other/,
        ],
    ] as const) {
        it(`stops at an account ${what}`, async () => {
            const { config, ...options } = withAcknowledged({ account, until: inDays(20), reason: "x" });
            const excluding = { ...config, "aws-root-credentials:exclude": JSON.stringify(exclude) };
            await assert.rejects(
                runProgram({ ...options, config: excluding }, () => assert.fail("the program went on")),
                (error: unknown) => {
                    assert.ok(pulumi.RunError.isInstance(error));
                    assert.match(error.message, expected);
                    assert.equal(error.message.split("\n").length, 1);
                    return true;
                },
            );
        });
    }
});
