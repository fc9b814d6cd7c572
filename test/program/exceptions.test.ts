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

/** What the refresh has stored of an account that is clean, and of one whose password can be recovered. */
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
    it("declares the login profile of an open one as present, with its end and its reason, and no other's", () => {
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
            assert.partialDeepStrictEqual(report.totals, { clean: 1, drifted: 0, exceptions: 1 });
            assert.partialDeepStrictEqual(report.accounts, [
                {},
                {},
                {},
                {
                    mark: "exception",
                    credentials: [{ kind: "loginProfile", id: "password" }],
                    exception: { until: open.until, reason: "tax form" },
                },
            ]);
        });
    });

    it("declares nothing of one that has ended, and asks to take it out of the settings", () =>
        runProgram(
            withExceptions({ account: PAYMENTS, until: inHours(-2), reason: "tax form" }),
            ({ registered, said, report }) => {
                assert.deepEqual(
                    registered.filter(({ inputs }) => "loginProfile" in inputs || "until" in inputs),
                    [],
                );
                assert.match(
                    said(),
                    /ended exception: 100000000002 payments since .* \(tax form\): the account is to hold no root credentials again\. Take it out of the setting exceptions/,
                );
                assert.equal(report.totals.clean, 2);
            },
        ));

    it("warns of those that end soon, and lists all that are open in the tree", () =>
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
                    /100000000001 logs until .* \(5 hours left\): support case; what was set up/,
                );
                assert.equal(lines.length, 1);
                assert.match(said(), /exception until .*: tax form/);
            },
        ));

    it("names what its account holds already, and that it stays, be it somebody else's", () => {
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
        it(`says that one ends in ${what}: ${seconds} s`, () =>
            runProgram(
                withExceptions({
                    account: LOGS,
                    until: new Date(Date.now() + seconds * 1000).toISOString(),
                    reason: "x",
                }),
                ({ said }) => assert.match(said(), expected),
            ));
    }

    it("says nothing of them in an update", () =>
        runProgram(
            { ...withExceptions({ account: LOGS, until: inHours(5), reason: "x" }), preview: false },
            ({ said }) => assert.equal(said(), ""),
        ));

    it("goes no further with an open one of an account that the organization does not have", async () => {
        await assert.rejects(
            runProgram(withExceptions({ account: "123456789012", until: inHours(5), reason: "x" }), () =>
                assert.fail("the program went on"),
            ),
            (error: unknown) => {
                assert.ok(pulumi.RunError.isInstance(error));
                assert.match(
                    error.message,
                    /exceptions holds account 123456789012 .*expected an account of this organization/,
                );
                return true;
            },
        );
    });

    it("goes on with one that has ended of an account that has left", () =>
        runProgram(
            withExceptions({ account: "123456789012", until: inHours(-5), reason: "left" }),
            ({ registered, said }) => {
                assert.equal(registered.length, 2);
                assert.match(said(), /ended exception: 123456789012 since .*not an active member any more/);
            },
        ));

    it("goes on with an open one of an account that is suspended", () =>
        runProgram(
            withExceptions({ account: CLOSING, until: inHours(5), reason: "closing down" }),
            ({ registered, said }) => {
                assert.equal(registered.length, 2);
                assert.match(said(), /open exception: 100000000003 closing until .*suspended/);
            },
        ));
});
