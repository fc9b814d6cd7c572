/** Several reports as one: stacks of one organization, and several organizations. */
import assert from "node:assert/strict";
import {
    formatted,
    merged,
    outcomeOf,
    readReport,
    reportOf,
    textLines,
    type AccountInReport,
    type ReportInput,
} from "pulumi-aws-root-credentials/report";

const NOW = "2026-11-28T12:00:00.000Z";

function account(number: number, mark: AccountInReport["mark"], unit = "Workloads"): AccountInReport {
    const id = String(100_000_000_000 + number);
    return { id, name: `account-${number}`, organizationalUnit: unit, mark };
}

function named(name: string, accounts: AccountInReport[], more: Partial<ReportInput> = {}) {
    const header = { source: "preview", started: "2026-11-28T10:00:00.000Z", generated: NOW } as const;
    const stack = { complete: true, project: "root", stack: name, organizationId: "o-aaaaaaaaaa" };
    return { name: `${name}.json`, report: reportOf({ ...header, ...stack, accounts, ...more }) };
}

describe("Merged reports", () => {
    it("count an account once, by the report that inspected it", () => {
        const prod = named("prod", [account(1, "clean"), account(2, "out of scope"), account(3, "skipped")]);
        const sandbox = named("sandbox", [
            account(1, "out of scope"),
            account(2, "drifted"),
            account(3, "skipped"),
        ]);

        for (const reports of [
            [prod, sandbox],
            [sandbox, prod],
        ]) {
            const report = merged(reports, NOW);
            assert.deepEqual(
                report.accounts.map(({ mark }) => mark),
                ["clean", "drifted", "skipped"],
            );
            assert.partialDeepStrictEqual(report.totals, { accounts: 2, inspected: 2, outOfScope: 0 });
        }
    });

    it("call an account not inspected if the stack that declares it did not inspect it", () => {
        const report = merged(
            [named("prod", [account(1, "not inspected")]), named("sandbox", [account(1, "out of scope")])],
            NOW,
        );

        assert.deepEqual(
            report.accounts.map(({ mark }) => mark),
            ["not inspected"],
        );
    });

    it("refuse an account that two reports inspected", () => {
        const reports = [named("old", [account(1, "clean")]), named("new", [account(1, "drifted")])];

        assert.throws(
            () => merged(reports, NOW),
            /^InvalidInput: account 100000000001 was inspected by old\.json and by new\.json, .*leave out the older report\./,
        );
    });

    it("are incomplete if one of them is, and name that report", () => {
        const reports = [
            named("prod", [account(1, "clean")]),
            named("sandbox", [], { complete: false, problems: ["the feature is off"] }),
        ];

        const report = merged(reports, NOW);

        assert.equal(report.complete, false);
        assert.deepEqual(report.problems, ["sandbox.json: the feature is off"]);
        assert.equal(outcomeOf(report), "incomplete");
    });

    it("have the totals of each organization, and a tree for each", () => {
        const one = named("one", [account(1, "clean"), account(2, "drifted")]);
        const other = named("other", [account(3, "drifted", "Workloads/Prod")], {
            organizationId: "o-bbbbbbbbbb",
            leaving: [
                { id: "100000000009", name: "left", organizationalUnit: "Sandbox", then: "allow-recovery" },
            ],
        });

        const report = merged([one, other], NOW);

        assert.deepEqual(
            report.organizations?.map(({ id, totals }) => [id, totals.clean, totals.drifted]),
            [
                ["o-aaaaaaaaaa", 1, 1],
                ["o-bbbbbbbbbb", 0, 1],
            ],
        );
        const lines = textLines(report).join("\n");
        assert.match(
            lines,
            /^2 organizations +1 leaving, 2 drifted, 1 clean\n├─ o-aaaaaaaaaa +1 drifted, 1 clean\n/,
        );
        assert.match(lines, /\n└─ o-bbbbbbbbbb +1 leaving, 1 drifted\n {3}├─ Sandbox +1 leaving\n/);
        assert.match(lines, /\n {3}└─ Workloads +1 drifted\n {6}└─ Prod +1 drifted\n/);
    });

    it("can be merged again, and keep the original parts", () => {
        const first = { name: "first.json", report: merged([named("a", []), named("b", [])], NOW) };
        const again = merged([first, named("c", [account(1, "clean")])], NOW);

        assert.deepEqual(
            again.parts?.map(({ stack }) => stack),
            ["a", "b", "c"],
        );
        assert.deepEqual(readReport(formatted(again, "json"), "again.json"), again);
    });
});
