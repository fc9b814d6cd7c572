import assert from "node:assert/strict";
import type { Log, Result, Run } from "sarif";
import type { AccountInReport, Report } from "../../../provider/report/model";
import { providerModule } from "../harness/package";
import { evidence, everything, isSarif, quiet, tenThousand } from "./documents";
import { EXAMPLE_REPORT } from "./example-report";

const { sarif } = providerModule("report/formats/sarif");
const { reportOf } = providerModule("report/model");

describe("A report as SARIF", () => {
    it("matches SARIF's schema, and has the fields that code scanning requires", () => {
        for (const report of [everything(), EXAMPLE_REPORT, quiet(), tenThousand(1)]) {
            const log = isSarif(sarif(report)) as Log;
            assert.equal(log.$schema, "https://json.schemastore.org/sarif-2.1.0.json");
            const run = runOf(report);
            const { name, rules = [] } = run.tool.driver;
            assert.equal(name, "root-credentials");
            for (const rule of rules) {
                assert.ok(rule.help?.text && rule.fullDescription?.text && rule.shortDescription?.text);
                assert.ok(
                    rule.fullDescription.text.length <= 1024 && rule.shortDescription.text.length <= 1024,
                );
                assert.ok((rule.properties?.tags?.length ?? 0) <= 10);
            }
            for (const result of run.results ?? []) {
                assert.ok(result.message.text);
                assert.equal(rules[result.ruleIndex ?? -1]?.id, result.ruleId);
                assert.equal(result.locations?.length, 1);
                const { artifactLocation, region } = result.locations[0]?.physicalLocation ?? {};
                assert.equal(artifactLocation?.uri, "Pulumi.yaml");
                assert.deepEqual(region, { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 });
                assert.match(result.partialFingerprints?.primaryLocationLineHash ?? "", /^[0-9a-f]{16}:1$/);
            }
        }
    });

    it("has one result for each finding, and none for a clean account", () => {
        const results = resultsOf(EXAMPLE_REPORT).map(
            ({ ruleId, level, locations }) =>
                `${level} ${ruleId} ${locations?.[0]?.logicalLocations?.[0]?.fullyQualifiedName ?? ""}`,
        );

        assert.deepEqual(results, [
            "error inspection-incomplete ",
            "note account-acknowledged Infrastructure/382640175529",
            "note open-exception Infrastructure/791546203318",
            "note open-exception Infrastructure/150372896647",
            "error root-access-key Workloads/NonProd/509681347712",
            "error root-access-key Workloads/NonProd/509681347712",
            "error root-signing-certificate Workloads/NonProd/509681347712",
            "error root-password Workloads/NonProd/509681347712",
            "error account-not-inspected Workloads/NonProd/215739604486",
            "error account-unreadable Workloads/Prod/946013728851",
            "error root-access-key Workloads/Prod/687420519933",
            "error root-password Workloads/Prod/687420519933",
            "warning root-mfa-device Workloads/Prod/687420519933",
            "error root-password Workloads/Prod/302958167724",
            "note account-retained Sandbox/118264550937",
            "warning account-reopened Workloads/NonProd/771203946655",
            "error policy-locks 946013728851",
        ]);
        assert.deepEqual(resultsOf(quiet()), []);
    });

    it("names the account, the credential, its last use, and whether it stays", () => {
        const key = resultsOf(EXAMPLE_REPORT).find(({ message }) =>
            message.text?.includes("AKIAZ3MEXQ7RTBWL5NJU"),
        );
        const unreadable = resultsOf(EXAMPLE_REPORT).find(({ ruleId }) => ruleId === "account-unreadable");

        assert.equal(
            key?.message.text,
            "Account 687420519933 payments-prod holds root access key AKIAZ3MEXQ7RTBWL5NJU (active, since 2023-10-02, " +
                "last used 2026-11-26 for s3 in eu-central-1). It stays: used 2 days ago; `keepIfUsedWithin` keeps it for 90 days after its last use.",
        );
        assert.match(
            unreadable?.message.text ?? "",
            /data-lake-prod could not be inspected: the service control policy .*docs\/foundation\.md/,
        );
    });

    it("suppresses only acknowledged accounts, with the reason and the end", () => {
        const suppressed = resultsOf(EXAMPLE_REPORT).filter(({ suppressions }) => suppressions);

        assert.deepEqual(
            suppressed.map(({ ruleId, suppressions }) => [ruleId, suppressions]),
            [
                [
                    "account-acknowledged",
                    [
                        {
                            kind: "external",
                            status: "accepted",
                            justification: "TICKET-4731: frozen by court order (until 2027-03-31T18:00:00Z)",
                        },
                    ],
                ],
            ],
        );
    });

    it("gives each finding a fingerprint that no new name, unit or use changes", () => {
        const before = resultsOf(everything()).map(fingerprint);
        const report = everything();
        const renamed = report.accounts.map((account): AccountInReport => {
            const credentials = account.credentials?.map((each) => ({
                ...each,
                lastUsed: "unknown" as const,
            }));
            return { ...account, name: "x", organizationalUnit: "Y", ...(credentials && { credentials }) };
        });
        const after = resultsOf({ ...report, accounts: renamed, generated: "2027-01-01T00:00:00Z" });

        assert.equal(new Set(before).size, before.length);
        assert.deepEqual(new Set(after.map(fingerprint)), new Set(before));
    });

    it("is marked as failed if something could not be inspected", () => {
        const found = reportOf({ ...quiet(), accounts: [{ ...held(), mark: "drifted" }] });
        const unreadable = reportOf({ ...quiet(), accounts: [{ ...held(), mark: "unreadable" }] });
        const broken = { ...quiet(), problems: ["It broke."] };

        assert.equal(runOf(quiet()).invocations?.[0]?.executionSuccessful, true);
        assert.equal(runOf(found).invocations?.[0]?.executionSuccessful, true);
        assert.equal(runOf(unreadable).invocations?.[0]?.executionSuccessful, false);
        const [invocation] = runOf(broken).invocations ?? [];
        assert.equal(invocation?.executionSuccessful, false);
        assert.deepEqual(invocation.toolExecutionNotifications, [
            { level: "error", message: { text: "It broke." } },
        ]);
        assert.deepEqual(
            resultsOf(broken).map(({ ruleId }) => ruleId),
            ["inspection-incomplete"],
        );
    });

    it("keeps the alerts of different stacks and audits apart", () => {
        const { project, stack, ...audited } = quiet();
        const audit: Report = { ...audited, source: "audit", organizationId: "o-h2qz81mv4k" };

        assert.equal(runOf(quiet()).automationDetails?.id, `root-credentials/${project}/${stack}/`);
        assert.equal(runOf(audit).automationDetails?.id, "root-credentials/audit/o-h2qz81mv4k/");
    });

    it("is refused for evidence alone, because it would close every alert", () => {
        const report = {
            ...reportOf({
                source: "evidence",
                started: "2026-11-28T10:00:00Z",
                complete: true,
                generated: "2026-11-28T12:00:00Z",
                accounts: [],
            }),
        };

        assert.throws(
            () => sarif({ ...report, evidence: evidence() }),
            /would close every open alert.*json, csv/,
        );
    });

    it("escapes a name that looks like a link, an argument or a second line", () => {
        const texts = resultsOf(everything()).map(({ message }) => message.text ?? "");

        assert.ok(texts.some((text) => text.includes("[a link] (https://example.com) and {{0}}")));
        assert.ok(texts.some((text) => text.includes("turned \ufffdback\ufffd and \ufffdhidden")));
        for (const text of texts) {
            assert.doesNotMatch(text, /\]\(|(?<!\{)\{\d|[^\P{C}]/u);
            assert.equal(text, text.trim());
        }
    });

    it("groups the least severe findings by unit if there are too many, and names every account", () => {
        const report = tenThousand(1);

        const results = resultsOf(report);

        assert.ok(results.length <= 5_000, `${results.length} results`);
        assert.ok(sarif(report) === sarif(tenThousand(2)), "the texts differ");
        const folded = results.filter(({ ruleId }) => ruleId === "root-mfa-device");
        assert.equal(folded.length, 40 * 7 - 40 * 7 * 0.2);
        assert.match(
            folded[0]?.message.text ?? "",
            /^The root user has an MFA device: \d+ accounts of Unit \d+\/Team \d+\. The accounts are in this result's properties/,
        );
        const named = new Set(results.flatMap(({ properties }) => (properties?.accounts ?? []) as string[]));
        assert.deepEqual(
            named,
            new Set(report.accounts.filter(({ mark }) => mark === "drifted").map(({ id }) => id)),
        );
        assert.match(
            runOf(report).invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text ?? "",
            /^16,000 findings are told in \d+ results/,
        );
        assert.equal(new Set(results.map(fingerprint)).size, results.length);
    });

    it("groups no more findings than it must", () => {
        const report = tenThousand(1);
        const small = reportOf({ ...report, accounts: report.accounts.slice(0, 4_000) });

        const rules = Object.groupBy(resultsOf(small), ({ ruleId = "" }) => ruleId);

        assert.equal(rules["root-access-key"]?.length, small.totals.drifted);
        assert.ok((rules["root-mfa-device"]?.length ?? 0) < 300);
    });

    it("groups all findings of a rule if there are too many units", () => {
        const accounts = tenThousand(1).accounts.map((account) => ({
            ...account,
            organizationalUnit: account.id,
        }));

        const results = resultsOf(reportOf({ ...tenThousand(1), accounts }));

        assert.deepEqual(
            results.map(({ ruleId }) => ruleId),
            ["root-mfa-device", "root-access-key"],
        );
        assert.equal((results[0]?.properties?.accounts as string[]).length, 8_000);
    });
});

function held(): Omit<AccountInReport, "mark"> {
    return { id: "111122223333", name: "payments", organizationalUnit: "" };
}

function runOf(report: Report): Run {
    const [run] = (JSON.parse(sarif(report)) as Log).runs;
    assert.ok(run);
    return run;
}

function resultsOf(report: Report): Result[] {
    return runOf(report).results ?? [];
}

function fingerprint({ ruleId, partialFingerprints }: Result): string {
    return `${ruleId} ${partialFingerprints?.primaryLocationLineHash}`;
}
