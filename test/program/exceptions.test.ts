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

const HOUR = 60 * 60 * 1000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR + HOUR / 2).toISOString();

/** The refresh's outputs of a clean account, and of an account whose password can be recovered. */
const FOUND = {
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
const OPEN = {
    loginProfile: "present",
    evidence: { loginProfile: { password: { created: "2026-11-01T08:00:00Z", lastUsed: "never" } } },
};

const withExceptions = (...exceptions: object[]): ProgramOptions => ({
    seed: SEED,
    config: { "aws-root-credentials:exceptions": JSON.stringify(exceptions) },
    known: (id) => ({ ...FOUND, ...(id === PAYMENTS && OPEN), __observedInRun: runUnderWay() }),
    refreshed: [LOGS, PAYMENTS],
});

describe("The program, with exceptions", () => {
    it("declares the login profile of an open account as present, with end and reason, and of no other account", () => {
        const open = { account: PAYMENTS, until: inHours(5), reason: "tax form" };

        return runProgram(withExceptions(open), ({ registered, report }) => {
            const [logs, payments] = registered.map(({ inputs }) => inputs);
            assert.partialDeepStrictEqual(payments, {
                loginProfile: "present",
                until: open.until,
                reason: "tax form",
            });
            assert.deepEqual(
                ["loginProfile", "until", "reason"].filter((key) => key in (logs ?? {})),
                [],
            );
            assert.partialDeepStrictEqual(report.totals, { clean: 1, drifted: 0, excepted: 1 });
            assert.partialDeepStrictEqual(report.accounts, [
                {},
                {},
                {},
                {
                    mark: "excepted",
                    credentials: [{ kind: "loginProfile", id: "password" }],
                    exception: { until: open.until, reason: "tax form" },
                },
            ]);
        });
    });

    it("ignores an ended exception and asks to remove it from the settings", () =>
        runProgram(
            withExceptions({ account: PAYMENTS, until: inHours(-2), reason: "tax form" }),
            ({ registered, said, report }) => {
                assert.deepEqual(
                    registered.filter(({ inputs }) => "loginProfile" in inputs || "until" in inputs),
                    [],
                );
                assert.match(
                    said(),
                    /ended exception: 100000000002 payments since .* \(tax form\): the account must hold no root credentials again\. Take it out of the setting exceptions/,
                );
                assert.equal(report.totals.clean, 2);
            },
        ));

    it("warns of exceptions that end soon, and lists all open ones in the tree", () =>
        runProgram(
            withExceptions(
                { account: PAYMENTS, until: inHours(24 * 20), reason: "tax form" },
                { account: LOGS, until: inHours(5), reason: "support case" },
            ),
            ({ said }) => {
                const lines = said()
                    .split("\n")
                    .filter((line) => line.includes("open exception:"));
                assert.match(
                    lines[0] ?? "",
                    /100000000001 logs until .* \(5 hours left\): support case; after that, credentials/,
                );
                assert.equal(lines.length, 1);
                assert.match(said(), /exception until .*: tax form/);
            },
        ));

    it("names the credentials that the open account already holds and keeps", () => {
        const root = { password: { lastUsed: "2026-03-01" }, mfaDevices: [{ serial: "GAHT00000001" }] };
        return runProgram(
            {
                ...withExceptions({ account: PAYMENTS, until: inHours(5), reason: "tax form" }),
                seed: { accounts: [{ id: PAYMENTS, name: "payments", root }] },
                refreshed: [],
                callsHooks: true,
            },
            ({ report }) => {
                const payments = report.accounts.find(({ id }) => id === PAYMENTS);
                assert.deepEqual(
                    payments?.credentials?.map(({ id, stays }) => [id, stays]),
                    [
                        ["password", "the account's exception allows it"],
                        ["GAHT00000001", "the account's exception allows it"],
                    ],
                );
            },
        );
    });

    for (const [what, seconds, expected] of [
        ["minutes", 90, /\(1 minute left\)/],
        ["minutes", 59 * 60 + 30, /\(59 minutes left\)/],
        ["less than a minute", 30, /\(less than a minute left\)/],
    ] as const) {
        it(`reports the time left as ${what} if it is ${seconds} s`, () =>
            runProgram(
                withExceptions({
                    account: LOGS,
                    until: new Date(Date.now() + seconds * 1000).toISOString(),
                    reason: "x",
                }),
                ({ said }) => assert.match(said(), expected),
            ));
    }

    it("prints nothing about them in an update", () =>
        runProgram(
            { ...withExceptions({ account: LOGS, until: inHours(5), reason: "x" }), preview: false },
            ({ said }) => assert.equal(said(), ""),
        ));

    it("stops at an open exception of an account outside the organization", async () => {
        await assert.rejects(
            runProgram(withExceptions({ account: "123456789012", until: inHours(5), reason: "x" }), () =>
                assert.fail("the program went on"),
            ),
            (error: unknown) => {
                assert.ok(pulumi.RunError.isInstance(error));
                assert.match(
                    error.message,
                    /exceptions names account 123456789012 .*expected an account of this organization/,
                );
                return true;
            },
        );
    });

    it("accepts an ended exception of an account that has left", () =>
        runProgram(
            withExceptions({ account: "123456789012", until: inHours(-5), reason: "left" }),
            ({ registered, said }) => {
                assert.equal(registered.length, 2);
                assert.match(said(), /ended exception: 123456789012 since .*not an active member any more/);
            },
        ));

    it("accepts an open exception of a suspended account", () =>
        runProgram(
            withExceptions({ account: CLOSING, until: inHours(5), reason: "closing down" }),
            ({ registered, said }) => {
                assert.equal(registered.length, 2);
                assert.match(said(), /open exception: 100000000003 closing until .*suspended/);
            },
        ));
});
