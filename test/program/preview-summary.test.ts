import assert from "node:assert/strict";
import type { AccountInReport } from "pulumi-aws-root-credentials/report";
import { summarized } from "./harness";

const account = (id: string) => ({ id, name: id, organizationalUnit: "", within: [] });

const SCOPE = {
    active: ["100000000001", "100000000002", "100000000003", "100000000004"].map(account),
    excluded: [],
    skipped: [{ ...account("999988887777"), reason: "management account" }],
    organizationId: "o-simulated1",
};

const marked = (id: string, mark: AccountInReport["mark"]): AccountInReport => ({
    id,
    name: id,
    organizationalUnit: "",
    mark,
});

describe("The summary of a run", () => {
    it("counts each account by its result, and an account without a result as not inspected", async () => {
        const excluded = [{ ...account("200000000001"), rule: "not in include" }];

        const { report } = await summarized({ ...SCOPE, excluded }, (summary) => {
            summary.setUnchanged(marked("100000000001", "clean"));
            summary.setResult(marked("100000000002", "drifted"));
            summary.setResult(marked("100000000003", "unreadable"));
        });

        assert.deepEqual(
            report.accounts.map(({ id, mark, because }) => [id, mark, because]),
            [
                ["100000000001", "clean", undefined],
                ["100000000002", "drifted", undefined],
                ["100000000003", "unreadable", undefined],
                ["100000000004", "not inspected", "this run has no result for it"],
                ["200000000001", "out of scope", "not in include"],
                ["999988887777", "skipped", "management account"],
            ],
        );
    });

    it("never reports an account with a finding as clean, in any order of results", async () => {
        const { report } = await summarized(SCOPE, (summary) => {
            summary.setResult(marked("100000000001", "drifted"));
            summary.setUnchanged(marked("100000000001", "clean"));
            summary.setUnchanged(marked("100000000002", "clean"));
            summary.setResult(marked("100000000002", "unreadable"));
        });

        assert.partialDeepStrictEqual(report.totals, { inspected: 1, clean: 0, drifted: 1, unreadable: 1 });
    });

    it("is printed as a tree in Pulumi's colours", async () => {
        const name = "<{%fg 1%}>coloured\u001b[31m";

        const { said } = await summarized(SCOPE, (summary) => {
            summary.setResult({
                ...marked("100000000002", "drifted"),
                name,
                organizationalUnit: "Workloads",
            });
        });

        const [, tree = ""] = said.split("info: [runtime] ");
        assert.match(tree, /^<\{%bold%\}>Organization<\{%reset%\}> .*1 drifted.*3 not inspected/);
        assert.match(tree, /✖ <\{%reset%\}>100000000002 <\{%bold%\}><\\u007b%fg 1%}>coloured\\u001b\[31m</);
        assert.match(tree, /1 of 4 accounts inspected.*1 drifted.*3 not inspected.*1 skipped/);
    });
});
