/** Reports to write down, and the schemas that what was written is held against. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import addFormats from "ajv-formats";
import { Ajv2020, type AnySchemaObject } from "ajv/dist/2020";
import type { EvidenceReport } from "../../../provider/report/evidence";
import type { AccountInReport, Report } from "../../../provider/report/model";
import { PROJECT_ROOT, providerModule } from "../harness/package";
import { EXAMPLE_ACCOUNTS, EXAMPLE_REPORT } from "./example-report";

const { reportOf } = providerModule("report/model");
const { readEvidence } = providerModule("report/evidence");

/** As users reach it. */
export const REPORT_SCHEMA = createRequire(__filename)(
    "pulumi-aws-root-credentials/schema/report.schema.json",
) as AnySchemaObject;

const SARIF_SCHEMA = JSON.parse(
    readFileSync(join(PROJECT_ROOT, "test/provider/report/sarif-2.1.0.schema.json"), "utf8"),
) as AnySchemaObject;

export const isReport = validator(REPORT_SCHEMA, true);
export const isSarif = validator(SARIF_SCHEMA, false);

/** @param strict whether the schema itself is held to be free of slips */
function validator(schema: AnySchemaObject, strict: boolean): (text: string) => unknown {
    const ajv = new Ajv2020({ allErrors: true, strict });
    addFormats(ajv);
    const validate = ajv.compile(schema);
    return (text) => {
        const document: unknown = JSON.parse(text);
        assert.ok(validate(document), JSON.stringify(validate.errors?.slice(0, 3), null, 2));
        return document;
    };
}

/** Any text that somebody may give an account, a unit or a reason. */
export const HOSTILE = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://example.com","click")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    " =1+1",
    "\t=1+1",
    "\r\n=1+1",
    'a "quoted", name; with\nlines',
    "turned \u202eback\u202c and \u200bhidden",
    "[a link](https://example.com) and {0}",
    "| a pipe ` and a tick \\",
    "@everyone #1",
    "tailing backslash \\",
    "😀 ünïcode",
];

export const RECORD = [
    record(
        "2026-11-20T08:00:00.000Z",
        "attempt",
        "iam:DeleteAccessKey",
        "accessKeys",
        "AKIAZ3MEXQ7RTBWL5NJU",
    ),
    record("2026-11-20T08:00:00.150Z", "done", "iam:DeleteAccessKey", "accessKeys", "AKIAZ3MEXQ7RTBWL5NJU", {
        requestId: "7d1b5f0c-6e0a-4f7e-9a55-1c9b0d7e2f11",
    }),
    record("2026-11-20T08:00:00.160Z", "attempt", "iam:DeleteLoginProfile", "loginProfile", "password"),
    record("2026-11-20T08:00:00.400Z", "failed", "iam:DeleteLoginProfile", "loginProfile", "password", {
        requestId: "0b9e6a52-2f7d-4a0e-8c55-91f0d2b7c3e4",
        status: 403,
        error: "AccessDenied: <b>no</b> | `never`",
    }),
    record("2026-11-20T08:00:00.500Z", "attempt", "s3:PutBucketPolicy", "bucketPolicy", "arn:aws:s3:::logs", {
        before: '{"Statement": [{"Sid": "{\\"time\\":\\"x"}]}',
    }),
]
    .map((line) => `${line}\n`)
    .join("");

function record(time: string, event: string, action: string, kind: string, id: string, more = {}): string {
    const caller = "arn:aws:iam::999988887777:role/root-credentials-remove";
    const write = { accountId: "111122223333", action, kind, id, caller, session: "ASIARTX3GSDSRLFN2KPJ" };
    const run = {
        project: "aws-root-credentials",
        stack: "prod",
        run: "5c0f7d7e-1a6b-4f52-9d3a-2f6f6f0b7c11",
    };
    return JSON.stringify({ time, event, ...write, ...run, ...more });
}

export function evidence(): EvidenceReport {
    return readEvidence([{ name: "record.jsonl", text: `${RECORD}{"time":"2026-11-20T08:00:01` }]);
}

const FINDINGS = ["differs", "undecided", "unknown", "not inspected", "leaving", "skipped"] as const;

const CLEANED: AccountInReport = {
    id: "311122223333",
    name: "cleaned",
    organizationalUnit: "Security",
    mark: "clean",
};

/** Everything that a report can have, and names that would like to be something else. */
export function everything(): Report {
    const { accounts, totals, version, ...rest } = EXAMPLE_REPORT;
    assert.deepEqual([accounts.length, totals.skipped, version], [EXAMPLE_ACCOUNTS.length, 2, 1]);
    const named = HOSTILE.map((name, index): AccountInReport => {
        const id = String(900000000000 + index);
        const place = { id, name, organizationalUnit: `Units/${name.replaceAll("/", "")}` };
        const exception = { until: "2027-01-01T00:00:00+01:00", reason: name, opens: true } as const;
        if (index % 2 === 1) return { ...place, mark: "drifted", exception };
        const unreadable = { cause: name, detail: name };
        if (index % 4 === 0) return { ...place, mark: "unreadable", unreadable };
        return {
            ...place,
            mark: "acknowledged",
            unreadable,
            acknowledged: { until: exception.until, reason: name },
        };
    });
    const removed = {
        at: "2026-11-28T10:01:00Z",
        credentials: ["password", "access key AKIAZ3MEXQ7RTBWL5NJU"],
        session: "ASIARTX3GSDSRLFN2KPJ",
        by: "arn:aws:iam::999988887777:role/root-credentials-remove",
    };
    const cleaned: AccountInReport = { ...CLEANED, removed, organizationId: "o-h2qz81mv4k" };
    const PART = {
        ...{ source: "up" as const, started: rest.started, generated: rest.generated, complete: true },
        ...{ caller: "arn:aws:iam::999988887777:role/x", organizationId: "o-h2qz81mv4k", totals },
    };
    return {
        ...reportOf({
            ...rest,
            accounts: [...accounts, ...named, cleaned],
            policies: [
                ...rest.policies,
                ...FINDINGS.map((finding) => ({
                    accountId: "111122223333",
                    resource: `bucket-${finding.replaceAll(" ", "-")}`,
                    finding,
                    text: "=1+1",
                })),
            ],
        }),
        run: "7c1d6a52e7c0",
        parts: [{ ...PART, run: "7c1d6a52e7c0", project: "aws-root-credentials", stack: "prod" }],
        organizations: [{ id: "o-h2qz81mv4k", totals }],
        evidence: evidence(),
    };
}

/** Ten thousand accounts, two credentials each in most, in an order that `seed` decides. */
export function tenThousand(seed: number): Report {
    const accounts = Array.from({ length: 10_000 }, (_, index): AccountInReport => {
        const id = String(100000000000 + index);
        const place = {
            id,
            name: `account ${index}`,
            organizationalUnit: `Unit ${index % 40}/Team ${index % 7}`,
        };
        if (index % 5 === 0) return { ...place, mark: "clean" };
        const credentials: AccountInReport["credentials"] = [
            { kind: "accessKey", id: `AKIA${id}` },
            { kind: "mfaDevice", id: `arn:aws:iam::${id}:mfa/root-account-mfa-device` },
        ];
        return { ...place, mark: "drifted", credentials };
    });
    const shuffled = accounts.map((account, index) => ({
        account,
        at: (index * 7919 + seed * 104729) % 10_007,
    }));
    const ordered = shuffled.sort((a, b) => a.at - b.at).map(({ account }) => account);
    return reportOf({
        source: "preview",
        started: "2026-11-28T10:00:00Z",
        complete: true,
        generated: "2026-11-28T12:00:00.000Z",
        stack: "big",
        accounts: ordered,
    });
}

/** Without ids, names and places: an organization in which everything is as it should be. */
export function quiet(): Report {
    return reportOf({
        source: "preview",
        started: "2026-11-28T10:00:00Z",
        complete: true,
        generated: "2026-11-28T12:00:00.000Z",
        project: "aws-root-credentials",
        stack: "prod",
        accounts: [{ id: "111122223333", name: "payments", organizationalUnit: "", mark: "clean" }],
    });
}
