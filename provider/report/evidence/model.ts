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
    /** Those that go by what was written to. */
    controls: ControlInEvidence[];
    /** By file, in the order given, then line. */
    damaged: DamagedLine[];
}

export interface EvidenceFile {
    name: string;
    /** Lines of the record that it has, those that another file has too included; each counts once. */
    records: number;
}

export interface WriteInEvidence {
    /** When it was about to be sent: the first line. Missing if that line was not found. ISO 8601 in UTC. */
    attempted?: string;
    /** When the answer was there: the second line. */
    answered?: string;
    /** Pulumi's project and stack, and the identity of the run, as far as the record has them. */
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
    /** AWS's id of the request, of the last attempt where there were several; missing if AWS gave none, or the answer is not known. */
    requestId?: string;
    /** How often the SDK sent the call, if more than once. */
    attempts?: number;
    result: WriteResult;
    /** Why the result is not plainly what AWS said. */
    because?: string;
    /** The HTTP status of the answer to a write that did not succeed. */
    httpStatus?: number;
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
    /** Those of `unknown` that were to allow recovery: the account is open, or it is not. */
    perhapsOpened: number;
    /** Writes that only their second line tells of. Where there are any, the records are not whole. */
    withoutAttempt: number;
    damaged: number;
}
