/**
 * A report for GitHub's code scanning and other readers of SARIF 2.1.0: one result for each finding. A clean account has no result, so
 * an alert closes when its account is clean.
 *
 * Code scanning matches alerts by rule, file and `primaryLocationLineHash`, and wants a place in a file. It refuses a run of more than
 * 25,000 results and keeps 5,000 of them
 * (https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support). If there are more, the findings of the
 * least severe rules are grouped by unit, and no account is left out.
 */
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import type { Location, Log, Notification, Result } from "sarif";
import { printableLines } from "../../process/printable";
import { InvalidInput } from "../invalid-input";
import { stackOf, type Report } from "../model";
import { outcomeOf } from "../outcome";
import { counted, grouped } from "../words";
import { findingsOf, groupedToFit, type Finding } from "./sarif/findings";
import { ALL_RULES, descriptorOf } from "./sarif/rules";

const { version } = createRequire(__filename)("pulumi-aws-root-credentials/package.json") as {
    version: string;
};

/** Code scanning keeps so many results of a run. */
const MOST_RESULTS = 5_000;

/** @throws InvalidInput if the report is evidence alone, because a run without results would close every open alert */
export function sarif(report: Report): string {
    if (report.source === "evidence")
        throw new InvalidInput(
            "evidence alone cannot be written as SARIF: that format tells what is to be done, and a file without results " +
                "would close every open alert. Write it as json, csv, html or markdown, or name a preview too.",
        );
    const all = findingsOf(report);
    const told = groupedToFit(all, MOST_RESULTS);
    const log: Log = {
        $schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [
            {
                tool: {
                    driver: {
                        name: "root-credentials",
                        semanticVersion: version,
                        rules: ALL_RULES.map(descriptorOf),
                    },
                },
                automationDetails: { id: `root-credentials/${categoryOf(report)}/` },
                invocations: [
                    {
                        executionSuccessful: outcomeOf(report) !== "incomplete",
                        startTimeUtc: report.started,
                        endTimeUtc: report.generated,
                        toolExecutionNotifications: notificationsOf(report, all.length, told.length),
                    },
                ],
                columnKind: "utf16CodeUnits",
                results: told.map(resultOf),
            },
        ],
    };
    return `${printableLines(JSON.stringify(log, null, 2))}\n`;
}

/** Runs of the same category replace each other's alerts. */
function categoryOf(report: Report): string {
    return stackOf(report) ?? `${report.source}/${report.organizationId ?? "organization"}`;
}

function notificationsOf({ problems }: Report, findings: number, results: number): Notification[] {
    const failures = problems.map((problem): Notification => ({ level: "error", message: message(problem) }));
    if (findings === results) return failures;
    const text =
        `${counted(findings, "finding")} are told in ${counted(results, "result")}, and the least severe ones are grouped by unit, ` +
        `because code scanning keeps ${grouped(MOST_RESULTS)} results of a run.`;
    return [...failures, { level: "note", message: message(text) }];
}

function resultOf(finding: Finding): Result {
    const { rule, identity, accountId, organizationalUnit, text, accounts, accepted } = finding;
    const path = [organizationalUnit, accountId].filter(Boolean).join("/");
    return {
        ruleId: rule.id,
        ruleIndex: ALL_RULES.indexOf(rule),
        level: rule.level,
        message: message(text),
        locations: [locationOf(path, accountId)],
        partialFingerprints: {
            primaryLocationLineHash: fingerprint([rule.id, accountId ?? organizationalUnit, identity]),
        },
        ...(accounts && { properties: { accounts } }),
        ...(accepted !== undefined && {
            suppressions: [{ kind: "external", status: "accepted", justification: message(accepted).text }],
        }),
    };
}

/** An account is in no file. The program's settings are the nearest file in a repository. */
function locationOf(path: string, accountId: string | undefined): Location {
    return {
        physicalLocation: {
            artifactLocation: { uri: "Pulumi.yaml" },
            region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 },
        },
        ...(path !== "" && {
            logicalLocations: [
                {
                    fullyQualifiedName: path,
                    kind: accountId ? "account" : "organizationalUnit",
                    ...(accountId && { name: accountId }),
                },
            ],
        }),
    };
}

/** It has the form of GitHub's own fingerprints. It depends on no name and no unit of an account, because these may change. */
function fingerprint(of: string[]): string {
    return `${createHash("sha256").update(JSON.stringify(of)).digest("hex").slice(0, 16)}:1`;
}

/**
 * One line of plain text. In SARIF, `{0}` is an argument and `[text](target)` is a link. A name must not become either of them, nor
 * turn the direction of the text after it.
 */
function message(text: string): { text: string } {
    const line = text
        .replace(/\s+/g, " ")
        .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "\ufffd")
        .replaceAll("](", "] (")
        .replaceAll("{", "{{")
        .replaceAll("}", "}}")
        .trim();
    return { text: line };
}
