/**
 * What is to be done, for GitHub's code scanning and whatever else reads SARIF 2.1.0: one result for each finding. Clean
 * accounts are none, so an alert closes once its account is clean.
 *
 * Code scanning matches alerts by rule, file and `primaryLocationLineHash`, wants a place in a file, and refuses a run of more
 * than 25,000 results, of which it keeps 5,000
 * (https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support). Beyond those, the results of
 * the least severe rules are told unit by unit; nothing is left out.
 */
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import type { Location, Log, Notification, ReportingDescriptor, Result } from "sarif";
import { controlsOf, requirementsInWords } from "../controls";
import {
    outcomeOf,
    stackOf,
    type AccountInReport,
    type CredentialInReport,
    type CredentialKindInReport,
    type PolicyInReport,
    type Report,
} from "../model";
import { printableLines } from "../../printable";
import { called, counted, credentialInWords, day, factsInWords, grouped } from "../words";
import { InvalidInput } from "../invalid-input";

const { version } = createRequire(__filename)("pulumi-aws-root-credentials/package.json") as {
    version: string;
};

/** As many as code scanning keeps of a run. */
const MOST_RESULTS = 5_000;

interface Rule {
    id: string;
    level: "error" | "warning" | "note";
    /** Of 10, as code scanning sorts them. */
    severity: string;
    title: string;
    description: string;
    help: string;
}

const RULES = {
    accessKey: {
        id: "root-access-key",
        level: "error",
        severity: "9.5",
        title: "The root user has an access key",
        description:
            "Whoever holds it may do everything in the account, from anywhere, without MFA. Nobody needs one.",
        help: `\`pulumi up\` deletes it, for good. Find out from its last use whether something still depends on it.${controlsInHelp("accessKeys")}`,
    },
    loginProfile: {
        id: "root-password",
        level: "error",
        severity: "8.5",
        title: "The root user has a password",
        description:
            "Whoever has it, or reads the account's root mailbox, may sign in and do everything in the account.",
        help: `\`pulumi up\` deletes it. Recovery can be allowed again, through an exception.${controlsInHelp("loginProfile")}`,
    },
    signingCertificate: {
        id: "root-signing-certificate",
        level: "error",
        severity: "8.0",
        title: "The root user has a signing certificate",
        description: "Whoever holds its private key may sign requests as the account's root user.",
        help: "`pulumi up` deletes it, for good.",
    },
    mfaDevice: {
        id: "root-mfa-device",
        level: "warning",
        severity: "3.0",
        title: "The root user has an MFA device",
        description: "By itself it opens nothing, but it is of no use where there is no password either.",
        help: "`pulumi up` deactivates it, once the password is gone.",
    },
    unreadable: {
        id: "account-unreadable",
        level: "error",
        severity: "7.0",
        title: "An account could not be inspected",
        description: "AWS refused something, so nobody knows whether the root user holds credentials.",
        help: "The message says what was refused, and what to do about it.",
    },
    acknowledged: {
        id: "account-acknowledged",
        level: "note",
        severity: "2.0",
        title: "An account could not be inspected, as acknowledged",
        description:
            "Whether the root user holds credentials is not known, and the settings acknowledge the cause for a while.",
        help: "It is a finding again once the acknowledgement ends.",
    },
    notInspected: {
        id: "account-not-inspected",
        level: "error",
        severity: "7.0",
        title: "An account was not inspected",
        description: "There is no result for it. It is not clean: nobody knows.",
        help: "Run again. If it stays, the message says why.",
    },
    incomplete: {
        id: "inspection-incomplete",
        level: "error",
        severity: "7.0",
        title: "Not everything could be inspected",
        description: "What this run does not report may exist all the same.",
        help: "Run again. Alerts that closed with this run may come back.",
    },
    policyLocks: {
        id: "policy-locks",
        level: "error",
        severity: "6.5",
        title: "A policy of a bucket or queue shuts everybody out",
        description: "Only a root session can still change it.",
        help: "`pulumi up` replaces it as declared, and keeps the old text.",
    },
    policyDiffers: {
        id: "policy-differs",
        level: "warning",
        severity: "4.0",
        title: "A policy of a bucket or queue is not as declared",
        description: "It was changed, or it cannot be told whether it shuts everybody out.",
        help: "The message says what was found.",
    },
    policyNotInspected: {
        id: "policy-not-inspected",
        level: "error",
        severity: "5.0",
        title: "A policy of a bucket or queue could not be inspected",
        description: "Nobody knows whether it shuts everybody out.",
        help: "The message says what was refused.",
    },
    reopened: {
        id: "account-reopened",
        level: "warning",
        severity: "6.0",
        title: "An account is about to be opened for password recovery",
        description:
            "The program no longer declares it, and `pulumi up` allows recovery of its root password as it lets it go.",
        help: "If the account shall stay closed, declare it again, or retain it.",
    },
    retained: {
        id: "account-retained",
        level: "note",
        severity: "2.0",
        title: "An account is about to be watched no longer",
        description: "The program no longer declares it, and `pulumi up` lets it go as it is.",
        help: "If the account shall be watched, declare it again.",
    },
    exception: {
        id: "open-exception",
        level: "note",
        severity: "2.0",
        title: "An account is open by an exception, or about to be",
        description: "Its root password can be recovered, or is set, until the exception ends.",
        help: "It closes by itself with the first `pulumi up` after the exception's end.",
    },
} as const satisfies Record<string, Rule>;

/** Something to be told, about one thing in one place. */
interface Finding {
    rule: Rule;
    /** What tells it from others of its rule, run after run. */
    identity: string;
    accountId?: string;
    organizationalUnit: string;
    text: string;
    /** Of one that stands for many: the accounts. */
    accounts?: string[];
    /** Why nothing needs to be done about it. */
    accepted?: string;
}

/** @throws InvalidInput if the report is evidence alone: a run without results would close every open alert */
export function sarif(report: Report): string {
    if (report.source === "evidence")
        throw new InvalidInput(
            "evidence alone cannot be written as SARIF: that format tells what is to be done, and a file without results " +
                "would close every open alert. Write it as json, csv, html or markdown, or name a preview too.",
        );
    const all = findingsOf(report);
    const told = folded(all);
    const log: Log = {
        $schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [
            {
                tool: {
                    driver: {
                        name: "root-credentials",
                        semanticVersion: version,
                        rules: Object.values(RULES).map(descriptorOf),
                    },
                },
                automationDetails: { id: `root-credentials/${categoryOf(report)}/` },
                invocations: [
                    {
                        executionSuccessful: outcomeOf(report) !== "incomplete",
                        startTimeUtc: report.started,
                        endTimeUtc: report.generated,
                        toolExecutionNotifications: notificationsOf(report, all, told),
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

function findingsOf(report: Report): Finding[] {
    return [
        ...(report.problems.length > 0 ? [incomplete(report.problems)] : []),
        ...report.accounts.flatMap(findingsIn),
        ...report.leaving.map((account): Finding => {
            const reopens = account.then === "allow-recovery";
            const act = reopens ? "allows recovery of its root password" : "lets it go as it is";
            const text = `\`pulumi up\` ${act}: account ${called(account)}, which the program no longer declares.`;
            return {
                ...placeOf(account),
                rule: reopens ? RULES.reopened : RULES.retained,
                identity: "",
                text,
            };
        }),
        ...report.policies.flatMap(findingOfPolicy),
    ];
}

function incomplete(problems: string[]): Finding {
    const text = `Not everything could be inspected: ${problems.join(" ")}`;
    return { rule: RULES.incomplete, identity: "", organizationalUnit: "", text };
}

function findingsIn(account: AccountInReport): Finding[] {
    const { credentials = [], unreadable, exception, acknowledged, mark } = account;
    const allowed = credentials.filter((credential) => isAllowed(credential, account));
    const place = placeOf(account);
    const findings: Finding[] = credentials
        .filter((credential) => !allowed.includes(credential))
        .map((credential) => ({
            ...place,
            rule: RULES[credential.kind],
            identity: credential.id,
            text: `Account ${called(account)} holds root ${factual(credential)}.${credential.stays ? ` It stays: ${credential.stays}.` : ""}`,
        }));
    if (exception) {
        const holds = allowed.length > 0 ? ` It holds root ${allowed.map(factual).join("; ")}.` : "";
        const opens = exception.opens ? "is about to be opened" : "is open";
        const text = `Account ${called(account)} ${opens} by an exception until ${day(exception.until)}: ${exception.reason}.${holds}`;
        findings.push({ ...place, rule: RULES.exception, identity: "", text });
    }
    if (mark === "unreadable") {
        const { cause = "no reason was given", detail = "", next = "" } = unreadable ?? {};
        const text = `Account ${called(account)} could not be inspected: ${cause}. ${detail} ${next}`;
        findings.push({ ...place, rule: RULES.unreadable, identity: "", text });
    }
    if (acknowledged) {
        const { until, reason } = acknowledged;
        const text = `Account ${called(account)} could not be inspected: ${unreadable?.cause}. Acknowledged until ${day(until)}: ${reason}.`;
        const accepted = `${reason} (until ${until})`;
        findings.push({ ...place, rule: RULES.acknowledged, identity: "", text, accepted });
    }
    if (mark === "not inspected") {
        const text = `Account ${called(account)} was not inspected${account.because ? `: ${account.because}` : ""}.`;
        findings.push({ ...place, rule: RULES.notInspected, identity: "", text });
    }
    return findings;
}

/** During an exception the password and the MFA devices are as desired. */
function isAllowed({ kind, stays }: CredentialInReport, { exception, mark }: AccountInReport): boolean {
    const covered: CredentialKindInReport[] = ["loginProfile", "mfaDevice"];
    return exception !== undefined && covered.includes(kind) && (mark === "excepted" || stays !== undefined);
}

function findingOfPolicy({ accountId, accountName, resource, finding, text }: PolicyInReport): Finding[] {
    if (finding === "as declared" || finding === "skipped") return [];
    const unknown = finding === "unknown" || finding === "not inspected";
    const known = finding === "locked" ? RULES.policyLocks : RULES.policyDiffers;
    const account = called({ id: accountId, name: accountName ?? accountId });
    return [
        {
            rule: unknown ? RULES.policyNotInspected : known,
            identity: resource,
            accountId,
            organizationalUnit: "",
            text: `The policy of ${resource} in account ${account}: ${finding}. ${text}`,
        },
    ];
}

function placeOf({ id, organizationalUnit }: { id: string; organizationalUnit: string }) {
    return { accountId: id, organizationalUnit };
}

function factual(credential: CredentialInReport): string {
    return `${credentialInWords(credential)} (${factsInWords(credential)})`;
}

/** The least severe first: of each rule the findings are told unit by unit, and then all in one, until they are few enough. */
function folded(findings: Finding[]): Finding[] {
    const order = [...Object.values<Rule>(RULES)].sort((a, b) => Number(a.severity) - Number(b.severity));
    let told = findings;
    for (const whole of [false, true]) {
        for (const rule of order) {
            if (told.length <= MOST_RESULTS) return told;
            const others = told.filter((each) => each.rule !== rule);
            const own = told.filter((each) => each.rule === rule);
            told = [...others, ...foldedByUnit(rule, own, whole)];
        }
    }
    return told;
}

function foldedByUnit(rule: Rule, findings: Finding[], whole: boolean): Finding[] {
    const byUnit = new Map<string, Finding[]>();
    for (const finding of findings) {
        const unit = whole ? "" : finding.organizationalUnit;
        if (!byUnit.get(unit)?.push(finding)) byUnit.set(unit, [finding]);
    }
    return [...byUnit].map(([organizationalUnit, held]): Finding => {
        const accounts = held.flatMap(
            ({ accountId, accounts: many }) => many ?? (accountId ? [accountId] : []),
        );
        const distinct = [...new Set(accounts)].sort();
        const where = whole ? "the organization" : organizationalUnit || "the root";
        const text =
            `${rule.title}: ${counted(distinct.length, "account")} of ${where}. ` +
            "There are too many to tell one by one here; the accounts are in the result's properties, and the report in JSON, CSV or HTML has each.";
        return { rule, identity: whole ? "all" : "unit", organizationalUnit, text, accounts: distinct };
    });
}

function notificationsOf({ problems }: Report, all: Finding[], told: Finding[]): Notification[] {
    const failures = problems.map((problem): Notification => ({ level: "error", message: message(problem) }));
    if (all.length === told.length) return failures;
    const text =
        `${counted(all.length, "finding")} are told in ${counted(told.length, "result")}, unit by unit where they are least severe: ` +
        `code scanning keeps ${grouped(MOST_RESULTS)} of a run.`;
    return [...failures, { level: "note", message: message(text) }];
}

function resultOf(finding: Finding): Result {
    const { rule, identity, accountId, organizationalUnit, text, accounts, accepted } = finding;
    const path = [organizationalUnit, accountId].filter(Boolean).join("/");
    return {
        ruleId: rule.id,
        ruleIndex: Object.values<Rule>(RULES).indexOf(rule),
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

/** An account is in no file; the program's settings are the nearest that a repository has. */
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

/** In the form of those that GitHub computes. It moves with nothing but what it names: a unit or a name may change. */
function fingerprint(of: string[]): string {
    return `${createHash("sha256").update(JSON.stringify(of)).digest("hex").slice(0, 16)}:1`;
}

/**
 * One line of plain text. In SARIF, `{0}` stands for an argument and `[text](target)` is a link; a name must be neither, nor
 * turn around what follows it.
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

function descriptorOf({ id, level, severity, title, description, help }: Rule): ReportingDescriptor {
    return {
        id,
        name: id.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase()),
        shortDescription: { text: title },
        fullDescription: { text: description },
        help: { text: help },
        defaultConfiguration: { level },
        properties: {
            tags: ["security", "aws", "root-user"],
            precision: "very-high",
            "problem.severity": level === "note" ? "recommendation" : level,
            "security-severity": severity,
        },
    };
}

function controlsInHelp(kind: string): string {
    const each = controlsOf(kind).map(
        ({ by, id, title, requirements, source }) =>
            `${by} ${id} (${title}), related to ${requirementsInWords(requirements)}: ${source}`,
    );
    return ` Controls that go by it: ${each.join("; ")}.`;
}
