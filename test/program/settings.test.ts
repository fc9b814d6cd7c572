import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { settingsFrom } from "./harness";

const EXCEPTION = { account: "111122223333", until: "2026-12-01T18:00:00Z", reason: "tax form" };
const ACKNOWLEDGED = { account: "222233334444", until: "2099-01-01T00:00:00Z", reason: "a frozen account" };

describe("The stack's settings", () => {
    it("have defaults: recovery is allowed, and the provider chooses the limit", async () => {
        const defaults = {
            selection: { include: [], exclude: [] },
            sharedArguments: { onDelete: "allow-recovery" },
            exceptions: [],
            acknowledged: [],
            siblingStacks: [],
            unlock: [],
        };
        assert.deepEqual(await settingsFrom({}), defaults);
        assert.deepEqual(
            await settingsFrom({
                "aws-root-credentials:onDelete": "allow-recovery",
                "aws-root-credentials:maxRemovals": "automatic",
                "aws-root-credentials:refuseIfUsedWithinDays": "off",
                "aws-root-credentials:audit": "summary",
                "aws-root-credentials:exceptions": "[]",
                "aws-root-credentials:include": "[]",
                "aws-root-credentials:exclude": "[]",
            }),
            defaults,
        );
    });

    it("are used as given", async () => {
        const config = {
            "aws-root-credentials:onDelete": "retain",
            "aws-root-credentials:maxRemovals": "0",
            "aws-root-credentials:refuseIfUsedWithinDays": "30",
            "aws-root-credentials:audit": "full",
            "aws-root-credentials:exceptions": JSON.stringify([EXCEPTION]),
            "aws-root-credentials:acknowledged": JSON.stringify([{ ...ACKNOWLEDGED, reason: 4711 }]),
            "aws-root-credentials:siblingStacks": JSON.stringify([
                "sandbox",
                "acme/aws-root-credentials/prod",
            ]),
            // `pulumi config set --path` stores text that looks like a number as a number.
            "aws-root-credentials:unlock": JSON.stringify([
                { account: 111122223333, bucket: "payments-logs", keep: ["TlsOnly"], reason: 4711 },
            ]),
            "aws-root-credentials:include": JSON.stringify([{ organizationalUnit: "Workloads" }]),
            "aws-root-credentials:exclude": JSON.stringify([{ account: "legacy" }, { tag: "tier=1" }]),
            "aws:region": "eu-west-1",
        };

        assert.deepEqual(await settingsFrom(config), {
            selection: {
                include: [{ organizationalUnit: "Workloads" }],
                exclude: [{ account: "legacy" }, { tag: "tier=1" }],
            },
            sharedArguments: {
                onDelete: "retain",
                maxRemovals: 0,
                refuseIfUsedWithinDays: 30,
                audit: "full",
            },
            exceptions: [EXCEPTION],
            acknowledged: [{ ...ACKNOWLEDGED, reason: "4711" }],
            siblingStacks: ["sandbox", "acme/aws-root-credentials/prod"],
            unlock: [{ account: "111122223333", bucket: "payments-logs", keep: ["TlsOnly"], reason: "4711" }],
        });
    });

    it("accept an account id that the CLI stored as a number", async () => {
        const config = {
            "aws-root-credentials:exceptions": JSON.stringify([{ ...EXCEPTION, account: 111122223333 }]),
        };

        assert.deepEqual((await settingsFrom(config)).exceptions, [EXCEPTION]);
    });

    for (const [what, exceptions, expectation] of [
        [
            "no list",
            "111122223333",
            /exceptions is 111122223333: expected a list of objects with account, until/,
        ],
        ["no JSON", "[", /exceptions is "\[": expected a list of objects/],
        ["an entry that is no object", '["111122223333"]', /exceptions\[0\] is "111122223333": expected/],
        [
            "an account of eleven digits",
            [{ ...EXCEPTION, account: "12345678901" }],
            /exceptions\[0\]\.account is "12345678901": expected an account id of 12 digits, in quotes/,
        ],
        [
            "an account that lost its leading zero",
            [{ ...EXCEPTION, account: 12345678901 }],
            /account is 12345678901: .*in quotes/,
        ],
        [
            "no end",
            [{ ...EXCEPTION, until: undefined }],
            /exceptions\[0\]\.until is missing: expected an ISO 8601 time with its time zone/,
        ],
        [
            "an end without a time zone",
            [{ ...EXCEPTION, until: "2026-12-01T18:00:00" }],
            /until is "2026-12-01T18:00:00": expected an ISO 8601/,
        ],
        [
            "an end without quotes, which YAML reads as a timestamp",
            [{ ...EXCEPTION, until: "2026-12-01 18:00:00 +0000 UTC" }],
            /until is "2026-12-01 18:00:00 \+0000 UTC": .*in quotes, such as "2026-12-01T18:00:00Z"/,
        ],
        [
            "no reason",
            [{ ...EXCEPTION, reason: " " }],
            /exceptions\[0\]\.reason is " ": expected a text that says why/,
        ],
        [
            "an unknown key",
            [{ ...EXCEPTION, untill: "" }],
            /no setting aws-root-credentials:exceptions\[0\]\.untill; expected one of account, until, reason \(did you mean until\?\); pulumi config rm --path 'exceptions\[0\]\.untill' removes/,
        ],
        [
            "the same account twice",
            [EXCEPTION, EXCEPTION],
            /exceptions\[1\]\.account is "111122223333": expected one entry for each account/,
        ],
    ] as const) {
        it(`end the program if the exceptions contain ${what}`, async () => {
            const given = typeof exceptions === "string" ? exceptions : JSON.stringify(exceptions);
            await assert.rejects(
                settingsFrom({ "aws-root-credentials:exceptions": given }),
                runError(expectation),
            );
        });
    }

    for (const [what, acknowledged, expectation] of [
        [
            "no end",
            [{ ...ACKNOWLEDGED, until: undefined }],
            /acknowledged\[0\]\.until is missing: expected an ISO 8601/,
        ],
        [
            "no reason",
            [{ ...ACKNOWLEDGED, reason: "" }],
            /acknowledged\[0\]\.reason is "": expected a text that says why/,
        ],
        [
            "an end in the past",
            [{ ...ACKNOWLEDGED, until: "2020-01-01T00:00:00Z" }],
            /acknowledged\[0\]\.until is "2020-01-01T00:00:00Z": expected a time in the future\. Prolong it, or take the account out/,
        ],
        [
            "the same account twice",
            [ACKNOWLEDGED, ACKNOWLEDGED],
            /acknowledged\[1\]\.account is "222233334444": expected one entry for each account, and acknowledged\[0\]/,
        ],
        [
            "an account with an exception",
            [{ ...ACKNOWLEDGED, account: EXCEPTION.account }],
            /acknowledged\[0\]\.account is "111122223333": expected an account without an exception, and exceptions\[0\] names the same/,
        ],
        [
            "an unknown key",
            [{ ...ACKNOWLEDGED, untill: "" }],
            /acknowledged\[0\]\.untill; expected one of account, until, reason/,
        ],
    ] as const) {
        it(`end the program with one sentence if acknowledged contains ${what}`, async () => {
            const config = {
                "aws-root-credentials:acknowledged": JSON.stringify(acknowledged),
                "aws-root-credentials:exceptions": JSON.stringify([EXCEPTION]),
            };
            await assert.rejects(settingsFrom(config), (error: Error) => {
                assert.equal(error.message.split("\n").length, 1, error.message);
                return runError(expectation)(error);
            });
        });
    }

    it("accept a ticket number as a reason, which the CLI stores as a number", async () => {
        const config = {
            "aws-root-credentials:exceptions": JSON.stringify([{ ...EXCEPTION, reason: 4711 }]),
        };

        assert.deepEqual((await settingsFrom(config)).exceptions, [{ ...EXCEPTION, reason: "4711" }]);
    });

    for (const [stray, meant] of [
        ["aws:refuseIfUsedWithinDays", "refuseIfUsedWithinDays"],
        ["aws-root-credential:refuseifusedwithindays", "refuseIfUsedWithinDays"],
        ["root-credentials:exceptions", "exceptions"],
    ]) {
        it(`end the program at ${stray}, which no program reads`, async () => {
            await assert.rejects(
                settingsFrom({ [stray ?? ""]: "30" }),
                runError(
                    new RegExp(
                        `^there is no setting ${stray}; expected aws-root-credentials:${meant} \\(pulumi config rm ${stray} `,
                    ),
                ),
            );
        });
    }

    it("end the program at an unknown setting and name the known ones", async () => {
        await assert.rejects(
            settingsFrom({ "aws-root-credentials:onDelte": "retain" }),
            runError(
                /no setting aws-root-credentials:onDelte; expected one of include, exclude, .* \(did you mean onDelete\?\)/,
            ),
        );
    });

    for (const [key, value, expectation] of [
        ["onDelete", "delete", /onDelete is "delete": expected allow-recovery or retain/],
        ["maxRemovals", "many", /maxRemovals is "many": expected a whole number from 0, or automatic/],
        ["maxRemovals", "-1", /maxRemovals is "-1": expected a whole number from 0/],
        ["maxRemovals", "1.5", /maxRemovals is "1.5": expected a whole number from 0/],
        ["maxRemovals", "", /maxRemovals is "": expected a whole number from 0/],
        [
            "refuseIfUsedWithinDays",
            "0",
            /refuseIfUsedWithinDays is "0": expected a whole number of days from 1, or off/,
        ],
        ["audit", "lists", /audit is "lists": expected summary or full/],
    ] as const) {
        it(`end the program if ${key} is "${value}", with the expected value`, async () => {
            await assert.rejects(
                settingsFrom({ [`aws-root-credentials:${key}`]: value }),
                runError(expectation),
            );
        });
    }

    for (const [what, include, expectation] of [
        ["a text", "Sandbox", /include is "Sandbox": expected a list of objects, each of which selects/],
        [
            "a list of texts",
            ["Sandbox"],
            /include\[0\] is "Sandbox": expected an object with one or more of organ/,
        ],
        ["an empty object", [{}], /include\[0\] is \{\}: expected an object with one or more of organ/],
        [
            "an empty unit",
            [{ organizationalUnit: " " }],
            /include\[0\]\.organizationalUnit is " ": expected the id/,
        ],
        [
            "a tag without value",
            [{ tag: "tier" }],
            /include\[0\]\.tag is "tier": expected a tag as key=value/,
        ],
        ["a tag without key", [{ tag: "=1" }], /include\[0\]\.tag is "=1": expected a tag as key=value/],
        [
            "an unknown joined method",
            [{ joinedMethod: "created" }],
            /joinedMethod is "created": expected CREATED or/,
        ],
        [
            "a day that does not exist",
            [{ joinedSince: "2026-02-30" }],
            /joinedSince is "2026-02-30": expected a date/,
        ],
        [
            "a time without zone",
            [{ joinedSince: "2026-02-20T10:00" }],
            /joinedSince is "2026-02-20T10:00": expected/,
        ],
        [
            "a misspelt condition",
            [{ account: "log-archive" }, { organisationalUnit: "Sandbox" }],
            /no setting aws-root-credentials:include\[1\]\.organisationalUnit; .* \(did you mean organizationalUnit\?\)/,
        ],
    ] as const) {
        it(`end the program if include contains ${what}`, async () => {
            const given = typeof include === "string" ? include : JSON.stringify(include);
            await assert.rejects(
                settingsFrom({ "aws-root-credentials:include": given }),
                runError(expectation),
            );
        });
    }

    for (const [stacks, expectation] of [
        ["sandbox", /siblingStacks is "sandbox": expected a list of stacks/],
        [
            ["a/b"],
            /siblingStacks\[0\] is "a\/b": expected the name of a stack, or organization\/project\/stack/,
        ],
        [
            ["sandbox", "test"],
            /siblingStacks\[1\] is "test": expected another stack, and this is the stack itself/,
        ],
    ] as const) {
        it(`end the program if siblingStacks is ${JSON.stringify(stacks)}`, async () => {
            const given = typeof stacks === "string" ? stacks : JSON.stringify(stacks);
            await assert.rejects(
                settingsFrom({ "aws-root-credentials:siblingStacks": given }),
                runError(expectation),
            );
        });
    }

    it("are refused all at once, in a sentence each", async () => {
        const config = {
            "aws-root-credentials:onDelete": "no",
            "aws-root-credentials:maxRemovals": "no",
            "aws-root-credentials:color": "red",
        };

        await assert.rejects(settingsFrom(config), (error: Error) => error.message.split("\n").length === 3);
    });
});

/** An error that Pulumi prints without a stack. */
function runError(message: RegExp): (error: unknown) => boolean {
    return (error) => {
        assert.ok(pulumi.RunError.isInstance(error));
        assert.match(error.message, message);
        return true;
    };
}
