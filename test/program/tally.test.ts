import assert from "node:assert/strict";
import {
    findingsIn,
    fingerprintOf,
    MOST_NAMED,
    type AccountInReport,
} from "pulumi-aws-root-credentials/report";
import { tallied } from "./harness";

const account = (id: string) => ({ id, name: id, organizationalUnit: "", within: [] });

const SCOPE = {
    active: ["100000000001", "100000000002", "100000000003", "100000000004"].map(account),
    excluded: [],
    skipped: [{ ...account("999988887777"), reason: "management account" }],
};

/** What was logged, message by message, as `pulumi preview --json` has it. */
const messagesIn = (said: string) =>
    said.split("info: [runtime] ").map((message) => ({ severity: "info", message }));

const marked = (id: string, mark: AccountInReport["mark"]): AccountInReport => ({
    id,
    name: id,
    organizationalUnit: "",
    mark,
});

describe("The tally of a preview", () => {
    it("counts each account by what was found, and what has no result as not looked at", async () => {
        const said = await tallied(SCOPE, (tally) => {
            tally.unchanged(marked("100000000001", "clean"));
            tally.found(marked("100000000002", "drifted"));
            tally.found(marked("100000000003", "blocked"));
        });

        assert.match(
            said,
            /looked at 3 of 4 member accounts: 1 clean, 1 with root credentials, 1 that could not be looked at; 1 skipped/,
        );
        const [, json] = /^root-credentials-summary (.*)$/m.exec(said) ?? [];
        assert.deepEqual(JSON.parse(json ?? ""), {
            accounts: 4,
            lookedAt: 3,
            clean: 1,
            dirty: 1,
            blocked: 1,
            notLookedAt: 1,
            exceptions: 0,
            excluded: {},
            skipped: { "999988887777": "management account" },
        });
    });

    it("counts what the settings leave out, by the rule that does", async () => {
        const excluded = [
            { ...account("200000000001"), rule: "exclude[0] (tag team=red)" },
            { ...account("200000000002"), rule: "not in include" },
            { ...account("200000000003"), rule: "exclude[0] (tag team=red)" },
        ];

        const said = await tallied({ ...SCOPE, excluded }, (tally) =>
            tally.unchanged(marked("100000000001", "clean")),
        );

        assert.match(
            said,
            /looked at 1 of 4 .*; 3 excluded \(2 exclude\[0\] \(tag team=red\), 1 not in include\), 1 skipped \(1 management account\)/,
        );
        assert.match(said, /"excluded":\{"exclude\[0\] \(tag team=red\)":2,"not in include":1\}/);
    });

    it("never calls an account clean in which something was found, whichever comes first", async () => {
        const said = await tallied(SCOPE, (tally) => {
            tally.found(marked("100000000001", "drifted"));
            tally.unchanged(marked("100000000001", "clean"));
            tally.unchanged(marked("100000000002", "clean"));
            tally.found(marked("100000000002", "blocked"));
        });

        assert.match(said, /looked at 2 of 4 .*: 0 clean, 1 with root credentials, 1 that could not be/);
    });

    it("names every account but the clean ones, which it counts and fingerprints", async () => {
        const excluded = [{ ...account("200000000001"), rule: "not in include" }];

        const said = await tallied({ ...SCOPE, excluded }, (tally) => {
            tally.unchanged(marked("100000000001", "clean"));
            tally.found(marked("100000000002", "drifted"));
            tally.unchanged(marked("100000000003", "clean"));
        });

        const { findings } = findingsIn(messagesIn(said));
        assert.deepEqual(
            findings?.accounts.map(({ id, mark, because }) => [id, mark, because]),
            [
                ["100000000002", "drifted", undefined],
                ["100000000004", "not looked at", "this preview has no result for it"],
                ["200000000001", "out of scope", "not in include"],
                ["999988887777", "skipped", "management account"],
            ],
        );
        assert.deepEqual(findings?.clean, {
            accounts: 2,
            fingerprint: fingerprintOf(["100000000003", "100000000001"]),
        });
    });

    it("ends with the organization as a tree in Pulumi's colours, after the lines for machines", async () => {
        const name = "<{%fg 1%}>coloured\u001b[31m";

        const said = await tallied(SCOPE, (tally) => {
            tally.found({ ...marked("100000000002", "drifted"), name, organizationalUnit: "Workloads" });
        });

        const last = messagesIn(said).at(-1)?.message ?? "";
        assert.match(last, /^<\{%bold%\}>Root<\{%reset%\}> .*1 drifted.*3 not inspected/);
        assert.match(last, /✖ <\{%reset%\}>100000000002 <\{%bold%\}><\\u007b%fg 1%}>coloured\\u001b\[31m</);
        assert.match(last, /1 of 4 accounts inspected.*1 drifted.*3 not inspected.*1 skipped/);
        assert.doesNotMatch(last, /root-credentials-(summary|accounts)/);
    });

    it("names accounts out of scope up to a number, and above that counts them by what leaves them out", async () => {
        const excluded = Array.from({ length: MOST_NAMED + 1 }, (_, index) => ({
            ...account(String(200_000_000_000 + index)),
            rule: index === 0 ? "exclude[0] (account 200000000000)" : "not in include",
        }));

        const said = await tallied({ ...SCOPE, excluded }, () => {});

        const { findings } = findingsIn(messagesIn(said));
        assert.deepEqual(findings?.unnamed, {
            "exclude[0] (account 200000000000)": 1,
            "not in include": MOST_NAMED,
        });
        assert.ok(findings?.accounts.every(({ mark }) => mark !== "out of scope"));
    });
});
