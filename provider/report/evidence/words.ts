/** What the formats say of evidence in the same words. */
import { requirementsInWords, type ControlInEvidence } from "../controls";
import type { EvidenceReport, WriteInEvidence, WriteResult } from "./model";
import { counted, grouped } from "../words";

/** As the record of writes calls them. */
const KINDS: Record<string, string> = {
    accessKeys: "access key",
    signingCertificates: "signing certificate",
    loginProfile: "password",
    mfaDevices: "MFA device",
    bucketPolicy: "bucket policy",
    queuePolicy: "queue policy",
};

export const RESULTS: Record<WriteResult, string> = {
    done: "done",
    "already gone": "already gone",
    "already present": "already present",
    failed: "failed",
    unknown: "outcome unknown",
};

/** `6 writes in 2 accounts: 5 done, 1 outcome unknown`. */
export function writesInWords({ totals }: EvidenceReport): string {
    const parts: [number, string][] = [
        [totals.done, RESULTS.done],
        [totals.alreadyGone, RESULTS["already gone"]],
        [totals.alreadyPresent, RESULTS["already present"]],
        [totals.failed, RESULTS.failed],
        [totals.unknown, RESULTS.unknown],
    ];
    const said = parts.flatMap(([count, what]) => (count > 0 ? [`${grouped(count)} ${what}`] : []));
    const writes = `${counted(totals.writes, "write")} in ${counted(totals.accounts, "account")}`;
    return said.length > 0 ? `${writes}: ${said.join(", ")}` : writes;
}

/** What a reader must know before anything else, a sentence each. */
export function warningsOf({ totals }: EvidenceReport): string[] {
    return [
        ...(totals.perhapsOpened > 0
            ? [
                  `Recovery perhaps allowed: ${counted(totals.perhapsOpened, "write")} to allow it (iam:CreateLoginProfile) may have been carried out. Whoever reads the account's root mailbox could then set a root password. A preview shows whether there is a login profile.`,
              ]
            : []),
        ...(totals.unknown > 0
            ? [
                  `Of ${counted(totals.unknown, "write")} the outcome is unknown: the answer was lost, or does not settle it, or the process was killed before it had one. CloudTrail tells whether it happened, and a preview shows what is left.`,
              ]
            : []),
        ...(totals.withoutAttempt > 0
            ? [
                  `Of ${counted(totals.withoutAttempt, "write")} the first line is missing: the records are not whole, and other writes may be missing too.`,
              ]
            : []),
        ...(totals.damaged > 0
            ? [
                  `${counted(totals.damaged, "line")} could not be read, and may be of a write that is not listed here. A line that is cut off is normal where a process was killed.`,
              ]
            : []),
    ];
}

/** `access key`; of a kind that this version does not know, as the record calls it. */
export function kindInWords(kind: string): string {
    return KINDS[kind] ?? kind;
}

/** `2026-11-28T12:00:00.000Z to 12:00:00.120Z`, with what is missing said. */
export function timesInWords({ attempted, answered }: WriteInEvidence): string {
    if (attempted === undefined) return `${answered} (the line before the write is missing)`;
    if (answered === undefined) return `${attempted}, no answer recorded`;
    const sameDay = attempted.slice(0, 10) === answered.slice(0, 10);
    return `${attempted} to ${sameDay ? answered.slice(11) : answered}`;
}

/** `aws-root-credentials/prod, run 6a1f…`: what of it the record has. */
export function runInWords({ project, stack, run }: WriteInEvidence): string | undefined {
    const place = [project, stack].filter((name) => name !== undefined).join("/");
    return [place, run && `run ${run}`].filter(Boolean).join(", ") || undefined;
}

/** What the writes did about a control, and what that does not say. */
export function effectInWords({ removed, opened }: ControlInEvidence): string {
    return [
        `${counted(removed, "removal")} confirmed`,
        ...(opened > 0 ? [`recovery allowed ${opened === 1 ? "once" : `${grouped(opened)} times`}`] : []),
    ].join(", ");
}

/** `IAM root user access key should not exist`, and whose word that is where it is a third party's. */
export function titleInWords({ title, thirdParty }: ControlInEvidence): string {
    return thirdParty ? `${title} (according to a third party)` : title;
}

/** What the rule of AWS Config answers where nothing is left, for whoever looks at the rule and not at the control. */
export function ruleInWords({ configRule, configRuleAnswer }: ControlInEvidence): string | undefined {
    return configRuleAnswer && `${configRule} by itself: ${configRuleAnswer.text}`;
}

/** `CIS AWS Foundations Benchmark v5.0.0 1.3; PCI DSS v4.0.1 8.4.2`: what stands in one source, together. */
export function requirementsBySource({
    requirements,
}: ControlInEvidence): { source: string; text: string }[] {
    const bySource = Map.groupBy(requirements, ({ source }) => source);
    return [...bySource].map(([source, all]) => ({ source, text: requirementsInWords(all) }));
}

export const ABOUT_CONTROLS =
    "A control passes by what is left in an account, not by a removal: see the report of a preview or an audit. " +
    "Where a control goes by the login profile, an allowed recovery makes it fail until MFA is there. " +
    "Security Hub passes IAM.6 and IAM.9 where there is no login profile; the rules of AWS Config behind IAM.4, IAM.6 and IAM.9, used by themselves, " +
    "answer NOT_APPLICABLE where an account has no root credentials, and not COMPLIANT. " +
    "What is said of the CIS AWS Foundations Benchmark v7.0.0 has third parties as its sources, and neither CIS nor AWS.";

/** How each of the three searches works, for whoever has only one of them. */
export const ABOUT_CHECKS = {
    member:
        "In the account that was written to, the event history has what the session did, for 90 days and without any trail. " +
        "IAM's events are recorded in us-east-1, those of a bucket or a queue in its own region.",
    caller:
        "In the operator's account, the event AssumeRoot has the session's access key id in responseElements.credentials.accessKeyId. " +
        "It is recorded in the region whose STS endpoint was asked.",
    athena:
        "With an organization's trail, Athena finds both (table as in https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table.html). " +
        "The table may be partitioned, by region or day as a rule: a condition on its partitions too makes the query read less. " +
        "An event data store of CloudTrail Lake has the same fields by the same names, but for requestParameters and responseElements, which are maps there, " +
        "and eventTime, which is compared with times as in '2026-11-20 08:00:00'. " +
        "Where a write took several attempts, each is an event with its own request id, and any of them may be the one that was carried out.",
} as const;
