import assert from "node:assert/strict";
import {
    formatted,
    outcomeOf,
    reportOf,
    type AccountInReport,
    type ReportInput,
} from "pulumi-aws-root-credentials/report";

const account = (mark: AccountInReport["mark"], more: Partial<AccountInReport> = {}): AccountInReport => ({
    id: "111122223333",
    name: "payments",
    organizationalUnit: "",
    mark,
    ...more,
});
const policy = (finding: "as declared" | "locked" | "unknown" | "not inspected" | "leaving" | "skipped") => ({
    accountId: "111122223333",
    resource: "logs",
    finding,
    text: "",
});
const exception = { until: "2026-12-01T00:00:00Z", reason: "TICKET-1" };

/** A report of one clean account, and of what is given beside it. */
function outcome(more: Partial<ReportInput>, accounts = [account("clean")]) {
    return outcomeOf(
        reportOf({
            source: "preview",
            started: "2026-11-28T10:00:00Z",
            complete: true,
            generated: "2026-11-28T10:00:00Z",
            accounts,
            ...more,
        }),
    );
}

describe("The outcome of a report", () => {
    it("is clean only if there are accounts and all of them were inspected", () => {
        assert.equal(outcome({}), "clean");
        assert.equal(outcome({}, []), "incomplete");
        assert.equal(outcome({}, [account("skipped"), account("out of scope")]), "incomplete");
        for (const mark of ["unreadable", "not inspected"] as const)
            assert.equal(outcome({}, [account("clean"), account("drifted"), account(mark)]), "incomplete");
        assert.equal(outcome({ problems: ["the list is not whole"] }), "incomplete");
    });

    it("is clean with an open exception, and a finding with one that up is about to open", () => {
        assert.equal(outcome({}, [account("excepted", { exception })]), "clean");
        assert.equal(
            outcome({}, [account("excepted", { exception: { ...exception, opens: true } })]),
            "findings",
        );
    });

    it("is clean with an acknowledged account, which no total counts as clean", () => {
        const acknowledged = account("acknowledged", { acknowledged: exception });

        assert.equal(outcome({}, [acknowledged]), "clean");
        assert.equal(outcome({}, [account("drifted", { acknowledged: exception })]), "findings");
        const report = reportOf({
            source: "preview",
            started: "2026-11-28T10:00:00Z",
            complete: true,
            generated: "",
            accounts: [acknowledged],
        });
        assert.deepEqual([report.totals.clean, report.totals.acknowledged], [0, 1]);
        assert.match(
            formatted(report, "markdown"),
            /except for 1 account that could not be inspected, as acknowledged/,
        );
    });

    it("is a finding with a leaving account, opened or retained", () => {
        const leaver = { id: "444455556666", name: "logs", organizationalUnit: "" };
        for (const then of ["allow-recovery", "retain"] as const)
            assert.equal(outcome({ leaving: [{ ...leaver, then }] }), "findings");
    });

    it("depends on policies too", () => {
        assert.equal(outcome({ policies: [policy("as declared"), policy("skipped")] }), "clean");
        for (const finding of ["locked", "leaving"] as const)
            assert.equal(outcome({ policies: [policy("as declared"), policy(finding)] }), "findings");
        for (const finding of ["unknown", "not inspected"] as const)
            assert.equal(outcome({ policies: [policy("locked"), policy(finding)] }), "incomplete");
    });
});
