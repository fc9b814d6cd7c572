/** The evidence: each write to AWS, how it ended, and where CloudTrail has it. */
import type { ControlInEvidence } from "../controls";
import type { CloudTrailCheck } from "./cloudtrail";

/**
 * - `done`: AWS confirmed the write.
 * - `already gone`, `already present`: AWS answered that there was nothing left to do. After several attempts, an earlier attempt
 *   has probably made the write.
 * - `failed`: AWS refused the write.
 * - `unknown`: the write may have happened. The second line is missing, or its answer does not settle it.
 */
export type WriteResult = "done" | "already gone" | "already present" | "failed" | "unknown";

export interface EvidenceReport {
    files: EvidenceFile[];
    totals: WriteTotals;
    /** By time. */
    writes: WriteInEvidence[];
    /** The controls that evaluate a kind of credential that was written to. */
    controls: ControlInEvidence[];
    /** By file, in the order given, then line. */
    damaged: DamagedLine[];
}

export interface EvidenceFile {
    name: string;
    /** The number of its lines that are records. A repeated line counts once; a line that another file has too counts in both. */
    records: number;
}

export interface WriteInEvidence {
    /** The time of the first line, right before the write was sent. Missing if that line was not found. ISO 8601 in UTC. */
    attempted?: string;
    /** The time of the second line, after the answer. */
    answered?: string;
    /** Pulumi's project and stack, and the identity of the run, if the record has them. */
    project?: string;
    stack?: string;
    run?: string;
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
    /** AWS's id of the request; of several attempts, that of the last one. Missing if AWS gave none or the answer is unknown. */
    requestId?: string;
    /** The number of times that the SDK sent the call, if more than one. */
    attempts?: number;
    result: WriteResult;
    /** The reason why the result differs from AWS's answer. */
    because?: string;
    /** The HTTP status of the answer to a write that did not succeed. */
    httpStatus?: number;
    error?: string;
    /** The policy before the write; empty if there was none. */
    before?: string;
    /** Searches that find it in CloudTrail. */
    check: CloudTrailCheck;
    /** The lines of the record about it. */
    lines: LineOfFile[];
}

export interface LineOfFile {
    file: string;
    line: number;
}

export interface DamagedLine extends LineOfFile {
    /** Why it could not be read. */
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
    /** The part of `unknown` that was to allow recovery. Their accounts may be open. */
    perhapsOpened: number;
    /** Writes without a first line. If there are any, lines of the records are missing. */
    withoutAttempt: number;
    damaged: number;
}
