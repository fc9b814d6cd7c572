/**
 * What was written to AWS, read back from the record of writes (`provider/removal-record.ts`): the file that
 * ROOT_CREDENTIALS_RECORD_FILE names, or a pipeline's log.
 *
 * A write counts as done only on the strength of its second line. Nothing is dropped: a line that cannot be read is in the
 * report, with the file and the line it stands in.
 */
import type { CloudTrailCheck } from "./cloudtrail";

export interface EvidenceReport {
    files: EvidenceFile[];
    totals: WriteTotals;
    /** By time. */
    writes: WriteInEvidence[];
    /** By file, in the order given, then line. */
    damaged: DamagedLine[];
}

export interface EvidenceFile {
    name: string;
    /** Lines of the record that it has, those that another file has too included. */
    records: number;
}

/**
 * - `done`: AWS confirmed it. `already gone`, `already present`: AWS answered that there was nothing left to do.
 * - `failed`: AWS refused, or the answer was lost; `error` says which.
 * - `unknown`: there is no second line. The process was killed in between, and the write may or may not have happened.
 */
export type WriteResult = "done" | "already gone" | "already present" | "failed" | "unknown";

export interface WriteInEvidence {
    /** When it was about to be sent: the first line. Missing if that line was not found. ISO 8601 in UTC. */
    attempted?: string;
    /** When the answer was there: the second line. */
    answered?: string;
    accountId: string;
    /** As in IAM policies: `iam:DeleteAccessKey`. */
    action: string;
    /** `accessKeys`, `signingCertificates`, `loginProfile`, `mfaDevices`, `bucketPolicy`, `queuePolicy`. */
    kind: string;
    id: string;
    /** The caller's ARN. */
    operator: string;
    /** The access key id of the root session that wrote. */
    session: string;
    /** AWS's id of the request; missing if AWS gave none, or the answer is not known. */
    requestId?: string;
    result: WriteResult;
    error?: string;
    /** Of a policy: the text that was about to be replaced or deleted; empty if there was none. */
    before?: string;
    /** How to find it in CloudTrail. */
    check: CloudTrailCheck;
    /** The lines that tell of it. */
    lines: LineOfFile[];
}

export interface LineOfFile {
    file: string;
    line: number;
}

export interface DamagedLine extends LineOfFile {
    /** What is wrong with it. */
    because: string;
    text: string;
}

export interface WriteTotals {
    writes: number;
    accounts: number;
    done: number;
    alreadyGone: number;
    alreadyPresent: number;
    failed: number;
    unknown: number;
    damaged: number;
}
