/** Wording about evidence that several formats share. */
import { requirementsInWords, type ControlInEvidence } from "../controls";
import type { EvidenceReport, WriteInEvidence, WriteResult } from "./model";
import { counted, grouped } from "../words";

/** By the names that the record of writes uses. */
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

/** Warnings that a format shows before the writes, a sentence each. */
export function warningsOf({ totals }: EvidenceReport): string[] {
    return [
        ...(totals.perhapsOpened > 0
            ? [
                  `Recovery perhaps allowed: ${counted(totals.perhapsOpened, "write")} to allow it (iam:CreateLoginProfile) may have been carried out. If so, anybody who reads the account's root mailbox can set a root password. A preview shows whether there is a login profile.`,
              ]
            : []),
        ...(totals.unknown > 0
            ? [
                  `The outcome of ${counted(totals.unknown, "write")} is unknown: the answer was lost, or does not settle it, or the process was killed before it had one. CloudTrail tells whether it happened, and a preview shows what is left.`,
              ]
            : []),
        ...(totals.withoutAttempt > 0
            ? [
                  `The first line of ${counted(totals.withoutAttempt, "write")} is missing, so lines of the records are lost and other writes may be missing too.`,
              ]
            : []),
        ...(totals.damaged > 0
            ? [
                  `${counted(totals.damaged, "line")} could not be read, and may belong to a write that is not listed here. A line that is cut off is normal if a process was killed.`,
              ]
            : []),
    ];
}

/** `access key`; a kind that this version does not know keeps the name in the record. */
export function kindInWords(kind: string): string {
    return KINDS[kind] ?? kind;
}

/** `2026-11-28T12:00:00.000Z to 12:00:00.120Z`. If a time is missing, the text says so. */
export function timesInWords({ attempted, answered }: WriteInEvidence): string {
    if (attempted === undefined) return `${answered} (the line before the write is missing)`;
    if (answered === undefined) return `${attempted}, no answer recorded`;
    const sameDay = attempted.slice(0, 10) === answered.slice(0, 10);
    return `${attempted} to ${sameDay ? answered.slice(11) : answered}`;
}

/** `aws-root-credentials/prod, run 6a1f…`, as far as the record has it. */
export function runInWords({ project, stack, run }: WriteInEvidence): string | undefined {
    const place = [project, stack].filter((name) => name !== undefined).join("/");
    return [place, run && `run ${run}`].filter(Boolean).join(", ") || undefined;
}

/** `2 removals confirmed, recovery allowed once`. */
export function effectInWords({ removed, opened }: ControlInEvidence): string {
    return [
        `${counted(removed, "removal")} confirmed`,
        ...(opened > 0 ? [`recovery allowed ${opened === 1 ? "once" : `${grouped(opened)} times`}`] : []),
    ].join(", ");
}

/** `IAM root user access key should not exist`, with a note if the source is a third party. */
export function titleInWords({ title, thirdParty }: ControlInEvidence): string {
    return thirdParty ? `${title} (according to a third party)` : title;
}

/** The AWS Config rule's answer if no root credentials are left, because some use the rule without the control. */
export function ruleInWords({ configRule, configRuleAnswer }: ControlInEvidence): string | undefined {
    return configRuleAnswer && `${configRule} by itself: ${configRuleAnswer.text}`;
}

/** The requirements of each source together: `CIS AWS Foundations Benchmark v5.0.0 1.3; PCI DSS v4.0.1 8.4.2`. */
export function requirementsBySource({
    requirements,
}: ControlInEvidence): { source: string; text: string }[] {
    const bySource = Map.groupBy(requirements, ({ source }) => source);
    return [...bySource].map(([source, all]) => ({ source, text: requirementsInWords(all) }));
}

export const ABOUT_CONTROLS =
    "A control evaluates the state of an account and not a removal; the report of a preview or an audit shows the state. " +
    "If a control evaluates the login profile, it fails after an allowed recovery until there is MFA. " +
    "Security Hub passes IAM.6 and IAM.9 if there is no login profile. The AWS Config rules behind IAM.4, IAM.6 and IAM.9, used by themselves, " +
    "answer NOT_APPLICABLE and not COMPLIANT if an account has no root credentials. " +
    "The sources about the CIS AWS Foundations Benchmark v7.0.0 are third parties, and neither CIS nor AWS.";

/** How each of the three searches works, because a reader may have access to only one of them. */
export const ABOUT_CHECKS = {
    member:
        "The event history of the member account has the calls of the session for 90 days, and needs no trail. " +
        "IAM records its events in us-east-1. The events of a bucket or a queue are in its own region.",
    caller:
        "In the operator's account, the event AssumeRoot has the session's access key id in responseElements.credentials.accessKeyId. " +
        "The event is in the region of the STS endpoint that was called.",
    athena:
        "With an organization's trail, Athena finds both (table as in https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table.html). " +
        "The table may be partitioned, usually by region or day; then a condition on the partitions makes the query read less. " +
        "An event data store of CloudTrail Lake has the same fields, with two differences: requestParameters and responseElements are maps there, " +
        "and eventTime is compared with times such as '2026-11-20 08:00:00'. " +
        "If a write took several attempts, each attempt is an event with its own request id, and AWS may have carried out any of them.",
} as const;
