/** The report as text: the organization as a tree for a terminal. */
import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import {
    ACCOUNT_MARKS,
    ansi,
    MOST_LINES,
    pulumiTags,
    reportOf,
    textLines,
    type AccountInReport,
    type CredentialInReport,
    type ReportInput,
    type Screen,
} from "pulumi-aws-root-credentials/report";
import { assertFit, HOSTILE } from "../../hostile-text";
import { everything } from "./documents";
import { EXAMPLE_REPORT } from "./example-report";

const NOW = "2026-11-28T10:00:00.000Z";

const PASSWORD: CredentialInReport = {
    kind: "loginProfile",
    id: "password",
    created: "2023-09-18T12:30:00Z",
    lastUsed: "never",
};
const KEY: CredentialInReport = {
    kind: "accessKey",
    id: "AKIAZ3MEXQ7RTBWL5NJU",
    status: "active",
    created: "2026-09-20T10:00:00Z",
    lastUsed: { at: "2026-08-20T10:00:00Z", service: "s3", region: "eu-central-1" },
};

function account(number: number, more: Partial<AccountInReport> = {}): AccountInReport {
    const id = String(100_000_000_000 + number);
    return { id, name: `account-${number}`, organizationalUnit: "Workloads", mark: "clean", ...more };
}

function linesOf(accounts: AccountInReport[], screen: Partial<Screen> = {}, more: Partial<ReportInput> = {}) {
    return textLines(
        reportOf({
            source: "preview",
            started: "2026-11-28T10:00:00Z",
            complete: true,
            generated: NOW,
            accounts,
            ...more,
        }),
        screen,
    );
}

const drifted = (number: number, credentials = [PASSWORD], more: Partial<AccountInReport> = {}) =>
    account(number, { mark: "drifted", credentials, ...more });

const unreadable = (number: number, more: Partial<AccountInReport> = {}) =>
    account(number, {
        mark: "unreadable",
        unreadable: {
            cause: "blocked by SCP p-k4q9z2hv (iam:GetAccountSummary)",
            detail: "in full",
            next: "Read it in the management account. Then run again.",
        },
        ...more,
    });

/** Cells of a terminal, for the characters of these tests. */
const cellsOf = (text: string) =>
    [...text].reduce((sum, each) => sum + (each === "\u0301" ? 0 : /[決済本番한🔑]/u.test(each) ? 2 : 1), 0);

describe("A report as text", () => {
    it("shows accounts of every mark in their units, and the totals in the last lines", () => {
        assert.equal(
            textLines(EXAMPLE_REPORT).join("\n"),
            `\
Organization o-h2qz81mv4k         2 leaving, 4 drifted, 1 unreadable, 1 not inspected, 1 excepted, …
├─ Infrastructure                       1 drifted, 1 excepted, 1 acknowledged
│  ✖ 150372896647 shared-services       drifted
│    exception until 2026-12-12 08:00 UTC: TICKET-4720: close the old support contract
│  ◆ 791546203318 network               excepted
│    exception until 2026-12-05 18:00 UTC: TICKET-4713: the registrar wants a signature of the root
│    user
│    password                               3 years old  used 12 months ago  kept
│  ◇ 382640175529 escrow-archive        acknowledged
│    acknowledged until 2027-03-31 18:00 UTC: TICKET-4731: frozen by court order
│    the service control policy p-f8w3n6rt denies it (iam:GetAccountSummary)
├─ Sandbox                              1 leaving, 1 out of scope
│  ▼ 118264550937 lab-berlin            leaving
│    pulumi up leaves it as it is, and no run inspects it any more
├─ Workloads                            1 leaving, 3 drifted, 1 unreadable, 1 not inspected, 1 clean
│  ├─ NonProd                           1 leaving, 1 drifted, 1 not inspected, 1 clean
│  │  ▼ 771203946655 campaign-2024      leaving
│  │    pulumi up allows password recovery: whoever reads its root mailbox can then sign in
│  │  ✖ 509681347712 lindqvist-webshop  drifted
│  │    access key   AKIAJ6QWN2VCDK7XHTSA      9 years old  used 6 years ago    ec2 eu-north-1
│  │    access key   AKIAI4RXYPGUL3MOBEZQ      8 years old  never used          inactive
│  │    certificate  TA7SMP42TDN5Z26OBPJE7QHV  9 years old  use not recorded
│  │    password                               9 years old  use unknown
│  │  ? 215739604486 payments-dev       not inspected
│  │    the preview ended before its turn
│  └─ Prod                              2 drifted, 1 unreadable
│     ✖ 687420519933 payments-prod      drifted
│       pulumi up keeps a recently used credential, so this account fails (refuseIfUsedWithinDays)
│       access key   AKIAZ3MEXQ7RTBWL5NJU      3 years old  used 2 days ago !   kept, s3 eu-central…
│       password                               3 years old  used 8 months ago
│       MFA device   root-account-mfa-device   3 years old  use not recorded
│     ✖ 302958167724 storefront-prod    drifted
│       password                               3 years old  never used
│     ▲ 946013728851 data-lake-prod     unreadable
│       the service control policy p-k4q9z2hv denies it (iam:ListAccessKeys)
│       → Let the policy leave out root sessions that \`sts:AssumeRoot\` opens (docs/foundation.md).
├─ ✔ Security                           2 clean
└─ – Suspended                          1 skipped

Bucket and queue policies 1 as declared or skipped
946013728851 larkspur-data-lake-raw locked
  The bucket's policy shuts out everybody but a role that is gone; \`pulumi up\` deletes the policy.

▲ The preview ended with an error: AWS did not answer within 5 minutes
  (\`organizations:ListAccounts\`).

! 1 credential was used in the last 90 days. Find out by what before you remove it.
8 of 11 accounts inspected: 4 drifted, 1 unreadable, 1 not inspected, 1 excepted, 1 acknowledged,
3 clean; 2 leaving, 1 out of scope, 2 skipped; 9 credentials found`,
        );
    });

    it("names each account that an up cleaned, with its credentials and the root session", () => {
        const removed = {
            at: NOW,
            credentials: ["password", "access key AKIAZ3MEXQ7RTBWL5NJU"],
            session: "ASIARTX3GSDSRLFN2KPJ",
            by: "arn:aws:iam::999988887777:role/root-credentials-remove",
        };

        const lines = linesOf([account(1, { removed }), account(2)], {}, { source: "up" }).join("\n");

        assert.match(
            lines,
            /✔ 100000000001 account-1 +clean\n +removed password and access key AKIAZ3MEXQ7RTBWL5NJU, in root session ASIARTX3GSDSRLFN2KPJ\n/,
        );
        assert.doesNotMatch(lines, /account-2/);
    });

    for (const mark of ACCOUNT_MARKS) {
        it(`gives an account the mark "${mark}" and no other`, () => {
            const lines = linesOf([account(1, { mark })]).join("\n");

            assert.match(lines, new RegExp(`^Organization +1 ${mark}$`, "m"));
            assert.match(lines, new RegExp(`^└─ .*Workloads +1 ${mark}$`, "m"));
            if (mark !== "clean") assert.doesNotMatch(lines, /clean|✔/);
        });
    }

    it("names no account of an organization that is clean", () => {
        const units = ["Security", "Sandbox", "Workloads/Prod", "Workloads/Test"];

        const lines = linesOf(
            Array.from({ length: 40 }, (_, index) =>
                account(index, { organizationalUnit: units[index % 4] ?? "" }),
            ),
        );

        assert.deepEqual(lines, [
            "Organization                  40 clean",
            "└─ ✔ 3 units: Sandbox, Security, Workloads  40 clean",
            "",
            "40 of 40 accounts inspected: 40 clean; 0 credentials found",
        ]);
    });

    it("does not call a unit clean whose accounts are not inspected, skipped or out of scope", () => {
        const lines = linesOf([
            account(1, { organizationalUnit: "A", mark: "skipped" }),
            account(2, { organizationalUnit: "B", mark: "out of scope" }),
            account(3, { organizationalUnit: "C", mark: "not inspected", because: "no result" }),
        ]).join("\n");

        assert.doesNotMatch(lines, /✔|clean/);
        assert.match(lines, /^└─ ○ 2 units: A, B +1 out of scope, 1 skipped$/m);
        assert.match(lines, /^│ {4}no result$/m);
        assert.match(lines, /^0 of 1 account inspected: 1 not inspected; 1 out of scope,/m);
    });

    it("shows an age in days below 100, then in months and years", () => {
        const ages = {
            "2026-11-28T09:00:00Z": "0 days old",
            "2026-11-27T10:00:00Z": "1 day old",
            "2026-08-21T10:00:00Z": "99 days old",
            "2026-08-20T10:00:00Z": "3 months old",
            "2024-12-05T10:00:00Z": "23 months old",
            "2024-11-20T10:00:00Z": "2 years old",
        };
        for (const [created, age] of Object.entries(ages)) {
            const lines = linesOf([drifted(1, [{ ...PASSWORD, created }])]);
            assert.match(lines.join("\n"), new RegExp(`password  ${age}  never used`), created);
        }
    });

    it("marks a use in the last 90 days, and no earlier one", () => {
        const used = (at: string) => linesOf([drifted(1, [{ ...KEY, lastUsed: { at } }])]).join("\n");

        const recent = used("2026-08-30T10:00:01Z");
        assert.match(recent, /used 89 days ago !/);
        assert.match(recent, /^! 1 credential was used in the last 90 days/m);
        assert.doesNotMatch(used("2026-08-30T10:00:00Z"), /!/);
        assert.match(used(NOW), /used today !/);
    });

    it("shows the date and place of a last use if the width allows it", () => {
        const row = (width: number) =>
            linesOf([drifted(1, [KEY])], { width }).find((line) => /AKIA/.test(line));

        assert.match(row(160) ?? "", /69 days old {2}used 3 months ago {2}2026-08-20 {2}s3 eu-central-1$/);
        assert.match(row(80) ?? "", /AKIAZ3MEXQ7RTBWL5NJU {2}69 days old {2}used 3 months ago/);
        assert.match(row(60) ?? "", /AKIAZ3MEXQ7RTBWL5NJU {2}69d old {2}used 3mo ago/);
    });

    it("says what a delete does to each leaving account, listed or not", () => {
        const lines = linesOf(
            [account(1, { mark: "out of scope", because: "not in include" })],
            {},
            {
                leaving: [
                    { id: "100000000001", name: "listed", organizationalUnit: "", then: "allow-recovery" },
                    { id: "100000000002", name: "gone", organizationalUnit: "Old", then: "retain" },
                ],
            },
        ).join("\n");

        assert.match(lines, /▼ 100000000001 account-1 +leaving\n.*pulumi up allows password recovery/);
        assert.match(lines, /▼ 100000000002 gone +leaving\n.*pulumi up leaves it as it is/);
        assert.match(lines, /: 2 leaving; 0 credentials found/);
    });

    it("says whether the next up opens an excepted account", () => {
        const exception = { until: "2026-12-05T18:00:00Z", reason: "TICKET-1", opens: true } as const;

        const lines = linesOf([account(1, { mark: "excepted", exception })]).join("\n");

        assert.match(lines, /pulumi up opens it until 2026-12-05 18:00 UTC: TICKET-1/);
    });

    describe("of 1,000 accounts, 100 of them drifted and 5 unreadable", () => {
        const accounts = Array.from({ length: 1000 }, (_, index) => {
            const place = { organizationalUnit: `Unit ${index % 20}/Team ${index % 60}` };
            if (index % 200 === 7) return unreadable(index, place);
            if (index % 10 === 3) return drifted(index, [KEY, PASSWORD], place);
            return account(index, place);
        });
        const all = "All of them: root-credentials audit --output report.html";

        for (const width of [60, 100, 160])
            it(`is cut at the limit, names every unreadable account, and says how to see all, at a width of ${width}`, () => {
                const lines = linesOf(accounts, { width, mostLines: MOST_LINES, all });

                const tree = lines.slice(0, lines.indexOf(""));
                const named = tree.filter((line) => /[✖▲] \d{12}/.test(line));
                assert.ok(tree.length <= MOST_LINES && tree.length > MOST_LINES - 5, String(tree.length));
                assert.equal(named.filter((line) => line.includes("▲")).length, 5);
                const end = lines.slice(tree.length).join(" ").replaceAll(/\s+/g, " ");
                assert.ok(end.includes(`… ${105 - named.length} more accounts need attention. ${all}`), end);
                assert.match(end, /995 of 1,000 accounts inspected: 100 drifted, 5 unreadable, 895 clean;/);
                for (const line of lines) assert.ok(cellsOf(line) <= width && !/\s$/.test(line), line);
            });

        it("counts the accounts of each unit that it does not name", () => {
            const lines = linesOf(accounts, { mostLines: MOST_LINES });

            const tree = lines.slice(0, lines.indexOf(""));
            const folded = tree.filter((line) => line.includes("…"));
            const named = tree.filter((line) => /✖ \d{12}/.test(line)).length;
            const counted = folded.map((line) => Number(/(\d+) drifted/.exec(line)?.[1] ?? 0));
            assert.equal(named + counted.reduce((sum, each) => sum + each, 0), 100);
        });

        it("names every account without a limit", () => {
            const lines = linesOf(accounts);

            assert.equal(lines.filter((line) => /[✖▲] \d{12}/.test(line)).length, 105);
            assert.doesNotMatch(lines.join("\n"), /more account/);
        });

        it("names an account with a recent use before the others", () => {
            const used = { at: "2026-11-20T10:00:00Z", service: "s3" };
            const last = drifted(5000, [{ ...KEY, lastUsed: used }], { organizationalUnit: "Z" });

            assert.match(linesOf([...accounts, last], { mostLines: 40 }).join("\n"), /✖ 100000005000/);
        });
    });

    it("keeps to any width with any names and depth of units, and has no trailing space", () => {
        const text = fc.string({
            unit: fc.constantFrom("a", "B", "-", " ", "/", "決", "한", "🔑", "e\u0301"),
            maxLength: 60,
        });
        const found = fc.record({
            name: text,
            organizationalUnit: text,
            mark: fc.constantFrom(...ACCOUNT_MARKS),
            because: text,
            exception: fc.record({ until: fc.constant(NOW), reason: text }),
            acknowledged: fc.option(fc.record({ until: fc.constant(NOW), reason: text }), { nil: undefined }),
            unreadable: fc.record({ cause: text, detail: text, next: text }),
            credentials: fc.array(
                fc.record({
                    kind: fc.constantFrom("accessKey", "signingCertificate", "loginProfile", "mfaDevice"),
                    id: text,
                    created: fc.constant(NOW),
                    lastUsed: fc.record({ at: fc.constant(NOW), service: text }),
                }),
                { maxLength: 3 },
            ),
        });
        fc.assert(
            fc.property(
                fc.array(found, { maxLength: 12 }),
                fc.integer({ min: 40, max: 160 }),
                fc.integer({ min: 1, max: 60 }),
                (accounts, width, mostLines) => {
                    const given = accounts.map((each, index) =>
                        account(index, each as Partial<AccountInReport>),
                    );
                    for (const line of linesOf(given, { width, mostLines })) {
                        assert.ok(cellsOf(line) <= width, `${cellsOf(line)} cells: ${line}`);
                        assert.doesNotMatch(line, /\s$/);
                    }
                },
            ),
            { numRuns: 300 },
        );
    });

    it("aligns the columns after a name of wide characters", () => {
        const lines = linesOf([
            drifted(1, [PASSWORD], { name: "決済本番" }),
            drifted(2, [PASSWORD], { name: "eight-ch" }),
        ]);

        const [wide = "", narrow = ""] = lines.filter(
            (line) => line.endsWith("drifted") && line.includes("✖"),
        );
        assert.equal(cellsOf(wide), cellsOf(narrow));
        assert.notEqual(wide.length, narrow.length);
    });

    it("has the same text in terminal colours and in Pulumi's colour tags", () => {
        const bare = textLines(EXAMPLE_REPORT, { width: 100 });

        const coloured = textLines(EXAMPLE_REPORT, { palette: ansi });
        const tagged = textLines(EXAMPLE_REPORT, { palette: pulumiTags });

        assert.deepEqual(coloured.map(stripVTControlCharacters), bare);
        assert.deepEqual(
            tagged.map((line) => line.replaceAll(/<\{%[^%]*%\}>/g, "")),
            bare,
        );
        assert.ok(
            tagged.includes(
                "│  <{%fg 1%}>✖ <{%reset%}>150372896647 <{%bold%}>shared-services<{%reset%}>       <{%fg 1%}>drifted<{%reset%}>",
            ),
        );
        assert.ok(tagged.some((line) => line.includes("<{%bold%}><{%fg 1%}>used 2 days ago !")));
    });

    it("escapes tags, escape sequences and line ends in text of AWS", () => {
        const accounts = Object.values(HOSTILE).map((text, index) =>
            account(index, {
                name: text,
                organizationalUnit: text,
                mark: "unreadable",
                unreadable: { cause: text, detail: text, next: text },
                exception: { until: text, reason: text },
                acknowledged: { until: text, reason: text },
                credentials: [
                    { ...KEY, id: text, status: text, lastUsed: { at: NOW, service: text, region: text } },
                ],
            }),
        );

        const tagged = linesOf(accounts, { palette: pulumiTags }).join("\n");
        assertFit(tagged.replaceAll(/<\{%(fg \d|bold|reset)%\}>/g, ""), "tags");
        assert.doesNotMatch(tagged, /<\{%(fg 1|reset)%\}>coloured/);
        assertFit(linesOf(accounts).join("\n"), "plain");
        assertFit(textLines(everything()).join("\n"), "everything");
    });

    it("lists each write of the evidence, and what is uncertain about it", () => {
        const lines = textLines(everything()).join("\n");

        assert.match(lines, /^Written to AWS: 3 writes in 1 account: 1 done, 1 failed, 1 outcome unknown$/m);
        assert.match(
            lines,
            /^2026-11-20T08:00:00.000Z {2}111122223333 {2}done +iam:DeleteAccessKey AKIAZ3MEXQ7RTBWL5NJU$/m,
        );
        assert.match(
            lines,
            /^2026-11-20T08:00:00.500Z {2}111122223333 {2}outcome unknown +s3:PutBucketPolicy/m,
        );
    });
});
