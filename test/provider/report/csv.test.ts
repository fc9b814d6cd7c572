import assert from "node:assert/strict";
import { parse } from "csv-parse/sync";
import * as fc from "fast-check";
import type { Report } from "../../../provider/report/model";
import { printableLines } from "pulumi-aws-root-credentials";
import { providerModule } from "../harness/package";
import { evidence, everything, HOSTILE, quiet, tenThousand } from "./documents";
import { EXAMPLE_REPORT } from "./example-report";

const { COLUMNS, csv } = providerModule("report/formats/csv");
const { ACCOUNT_MARKS, reportOf } = providerModule("report/model");

/** What spreadsheets calculate. */
const FORMULA = /^[\s\0]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

describe("A report as a table", () => {
    it("has a row for each credential, each account without credentials, and each other part of the report", () => {
        const report = everything();

        const rows = rowsOf(report);

        const credentials = report.accounts.flatMap(({ credentials = [] }) => credentials);
        const without = report.accounts.filter(({ credentials = [] }) => credentials.length === 0);
        assert.deepEqual(counted(rows), {
            credential: credentials.length,
            account: without.length,
            leaving: report.leaving.length,
            policy: report.policies.length,
            problem: report.problems.length,
            write: report.evidence?.writes.length,
            "damaged line": report.evidence?.damaged.length,
        });
        const marks = new Set(rows.map(({ mark }) => mark));
        for (const mark of ACCOUNT_MARKS) assert.ok(marks.has(mark), mark);
    });

    it("has the known facts of each credential", () => {
        const row = rowsOf(everything()).find(({ id }) => id === "AKIAZ3MEXQ7RTBWL5NJU");

        assert.deepEqual(told(row), {
            row: "credential",
            account_id: "687420519933",
            account_name: "payments-prod",
            organization: "o-h2qz81mv4k",
            organizational_unit: "Workloads/Prod",
            mark: "drifted",
            kind: "accessKey",
            id: "AKIAZ3MEXQ7RTBWL5NJU",
            status: "Active",
            created: "2023-10-02T14:20:00Z",
            last_used: "2026-11-26T02:00:00Z",
            last_used_service: "s3",
            last_used_region: "eu-central-1",
            stays: "used 2 days ago; `keepIfUsedWithin` keeps it for 90 days after its last use",
        });
    });

    it("has the end, the reason and the cause of an acknowledgement", () => {
        const row = rowsOf(EXAMPLE_REPORT).find(({ mark }) => mark === "acknowledged");

        assert.equal(row?.acknowledged_until, "2027-03-31T18:00:00Z");
        assert.equal(row.acknowledged_reason, "TICKET-4731: frozen by court order");
        assert.match(row.cause ?? "", /^the service control policy p-f8w3n6rt denies it/);
    });

    it("of an incomplete report has rows for its problems", () => {
        const problems = ["It broke."];
        const report = reportOf({
            source: "preview",
            started: "2026-11-28T10:00:00Z",
            complete: true,
            generated: "2026-11-28T12:00:00Z",
            accounts: [],
            problems,
        });

        assert.deepEqual(rowsOf(report).map(told), [{ row: "problem", detail: "It broke." }]);
    });

    it("of evidence alone has a row for each write", () => {
        const report = reportOf({
            source: "evidence",
            started: "2026-11-28T10:00:00Z",
            complete: true,
            generated: "2026-11-28T12:00:00Z",
            accounts: [],
        });

        const rows = rowsOf({ ...report, evidence: evidence() });

        assert.deepEqual(
            rows.map(({ row, result, action, lines }) => [row, result, action, lines]),
            [
                ["write", "done", "iam:DeleteAccessKey", "record.jsonl:1 record.jsonl:2"],
                ["write", "failed", "iam:DeleteLoginProfile", "record.jsonl:3 record.jsonl:4"],
                ["write", "unknown", "s3:PutBucketPolicy", "record.jsonl:5"],
                ["damaged line", "", "", "record.jsonl:6"],
            ],
        );
        assert.match(rows[0]?.controls ?? "", /Security Hub CSPM IAM\.4 .*Benchmark v5\.0\.0 1\.3/);
        assert.ok(!("mark" in (rows[0] ?? {})), "nothing was looked at");
    });

    it("has the documented columns in their order, and every cell in quotation marks", () => {
        const [header = "", ...lines] = csv(everything()).split("\r\n");

        assert.equal(
            header,
            Object.keys(COLUMNS)
                .map((name) => `"${name}"`)
                .join(","),
        );
        assert.equal(lines.at(-1), "");
        assert.match(csv(quiet()).split("\r\n")[1] ?? "", /^("[^"]*"|)(,("[^"]*"|))*$/);
    });

    it("keeps every name, escapes invisible characters, and holds no formula", () => {
        const names = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary" }));
        fc.assert(
            fc.property(names, names, (name, organizationalUnit) => {
                const account = { id: "111122223333", name, organizationalUnit, mark: "clean" } as const;
                const report = { ...quiet(), accounts: [account] };
                const [row] = rowsOf(report);
                for (const [given, written] of [
                    [name, row?.account_name],
                    [organizationalUnit, row?.organizational_unit],
                ]) {
                    const shown = printableLines(given ?? "");
                    assert.equal(written, FORMULA.test(shown) ? `'${shown}` : shown);
                    assert.doesNotMatch(written ?? "", FORMULA);
                }
            }),
        );
        for (const row of rowsOf(everything()))
            for (const cell of Object.values(row)) assert.doesNotMatch(cell, FORMULA);
    });

    it("is the same text for accounts in any order", () => {
        assert.ok(csv(tenThousand(1)) === csv(tenThousand(2)), "the texts differ");
        assert.equal(rowsOf(tenThousand(3)).length, 2_000 + 2 * 8_000);
    });
});

function rowsOf(report: Report): Record<string, string>[] {
    return parse(csv(report), { columns: true, record_delimiter: "\r\n" });
}

function counted(rows: Record<string, string>[]): Record<string, number> {
    const groups = Object.groupBy(rows, ({ row = "" }) => row);
    return Object.fromEntries(Object.entries(groups).map(([row, all]) => [row, all?.length ?? 0]));
}

function told(row: Record<string, string> | undefined): Record<string, string> {
    return Object.fromEntries(Object.entries(row ?? {}).filter(([, cell]) => cell !== ""));
}
