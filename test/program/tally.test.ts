import assert from "node:assert/strict";
import { tallied } from "./harness";

const account = (id: string) => ({ id, name: id, organizationalUnit: "", within: [] });

const SCOPE = {
    active: ["100000000001", "100000000002", "100000000003", "100000000004"].map(account),
    excluded: [],
    skipped: [{ ...account("999988887777"), reason: "management account" }],
};

describe("The tally of a preview", () => {
    it("counts each account by what was found, and what has no result as not looked at", async () => {
        const said = await tallied(SCOPE, (tally) => {
            tally.clean("100000000001");
            tally.dirty("100000000002");
            tally.blocked("100000000003");
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

        const said = await tallied({ ...SCOPE, excluded }, (tally) => tally.clean("100000000001"));

        assert.match(
            said,
            /looked at 1 of 4 .*; 3 excluded \(2 exclude\[0\] \(tag team=red\), 1 not in include\), 1 skipped \(1 management account\)/,
        );
        assert.match(said, /"excluded":\{"exclude\[0\] \(tag team=red\)":2,"not in include":1\}/);
    });

    it("never calls an account clean in which something was found, whichever comes first", async () => {
        const said = await tallied(SCOPE, (tally) => {
            tally.dirty("100000000001");
            tally.clean("100000000001");
            tally.clean("100000000002");
            tally.blocked("100000000002");
        });

        assert.match(said, /looked at 2 of 4 .*: 0 clean, 1 with root credentials, 1 that could not be/);
    });
});
