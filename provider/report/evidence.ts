/**
 * What was written to AWS, read back from the record of writes (`provider/removal-record.ts`): the file that
 * ROOT_CREDENTIALS_RECORD_FILE names, or a pipeline's log.
 *
 * A write counts as done only on the strength of its second line. Nothing is dropped: a line that cannot be read is in the
 * report, with the file and the line it stands in.
 */
import { cloudTrailCheckOf, type CloudTrailCheck } from "./cloudtrail";
import { controlsIn, type ControlInEvidence } from "./controls";
import { isCopyOf, recordLinesOf, type FoundRecord, type RecordLine } from "./record-lines";

export interface EvidenceReport {
    files: EvidenceFile[];
    totals: WriteTotals;
    /** By time. */
    writes: WriteInEvidence[];
    /** Those that go by what was written to. */
    controls: ControlInEvidence[];
    /** By file, in the order given, then line. A line of which the whole is somewhere else is not among them. */
    damaged: DamagedLine[];
}

export interface EvidenceFile {
    name: string;
    /** Lines of the record that it has, those that another file has too included; each counts once. */
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

/** @throws Unusable if a file holds no record of a write */
export function readEvidence(files: { name: string; text: string }[]): EvidenceReport {
    const read = files.map((file) => ({ name: file.name, ...recordLinesOf(file) }));
    const records = withoutCopies(read);
    const damaged = read
        .flatMap((file) => file.damaged)
        .filter((each) => !records.some(({ text }) => isCopyOf(each, text)));
    const writes = pairsIn(records).map(writeOf).sort(byTime);
    return {
        files: read.map(({ name, records: own }) => ({ name, records: new Set(own.map(identityOf)).size })),
        totals: totalsOf(writes, damaged),
        writes,
        controls: controlsIn(writes),
        damaged,
    };
}

/** A line of the record, and everywhere it stands. */
interface KnownRecord {
    record: RecordLine;
    text: string;
    /** Its place among the records of each file that has it. */
    order: Map<string, number>;
    lines: LineOfFile[];
}

/** A log has each line twice, and a file that was kept beside it has it once more. It tells of one write. */
function withoutCopies(files: { name: string; records: FoundRecord[] }[]): KnownRecord[] {
    const known = new Map<string, KnownRecord>();
    for (const { name, records } of files) {
        for (const [order, found] of records.entries()) {
            const identity = identityOf(found);
            const { record, text } = found;
            const each = known.get(identity) ?? { record, text, order: new Map<string, number>(), lines: [] };
            known.set(identity, each);
            if (!each.order.has(name)) each.order.set(name, order);
            each.lines.push({ file: name, line: found.line });
        }
    }
    return [...known.values()];
}

function identityOf({ record }: FoundRecord): string {
    const { time, event, requestId, error, before } = record;
    return JSON.stringify([...subjectOf(record), time, event, requestId, error, before]);
}

/** What the two lines of one write have in common. One session makes its writes one after the other. */
function subjectOf({ accountId, action, kind, id, caller, session }: RecordLine): string[] {
    return [accountId, action, kind, id, caller, session];
}

interface Pair {
    attempt?: KnownRecord;
    outcome?: KnownRecord;
}

/** A write may be tried again in the same session; an attempt after an attempt tells that the line between them is missing. */
function pairsIn(records: KnownRecord[]): Pair[] {
    const bySubject = new Map<string, KnownRecord[]>();
    for (const each of records) {
        const subject = JSON.stringify(subjectOf(each.record));
        if (!bySubject.get(subject)?.push(each)) bySubject.set(subject, [each]);
    }
    return [...bySubject.values()].flatMap((all) => {
        const pairs: Pair[] = [];
        let attempt: KnownRecord | undefined;
        for (const each of inOrder(all)) {
            if (each.record.event !== "attempt") {
                pairs.push({ ...(attempt && { attempt }), outcome: each });
                attempt = undefined;
                continue;
            }
            if (attempt) pairs.push({ attempt });
            attempt = each;
        }
        return attempt ? [...pairs, { attempt }] : pairs;
    });
}

/** As written, where one file has them all: a clock may be set back. Otherwise by time. */
function inOrder(records: KnownRecord[]): KnownRecord[] {
    const [first] = records;
    const whole = [...(first?.order.keys() ?? [])].find((file) =>
        records.every(({ order }) => order.has(file)),
    );
    const place = ({ order }: KnownRecord) => (whole === undefined ? 0 : (order.get(whole) ?? 0));
    const isOutcome = ({ record }: KnownRecord) => Number(record.event !== "attempt");
    return [...records].sort((a, b) =>
        whole === undefined
            ? compare(a.record.time, b.record.time) || isOutcome(a) - isOutcome(b)
            : place(a) - place(b),
    );
}

function writeOf({ attempt, outcome }: Pair): WriteInEvidence {
    const known = (attempt ?? outcome) as KnownRecord;
    const { accountId, action, kind, id, caller: operator, session } = known.record;
    const { event = "attempt", requestId = "", error } = outcome?.record ?? {};
    const before = attempt?.record.before;
    const facts = {
        ...(attempt && { attempted: attempt.record.time }),
        ...(outcome && { answered: outcome.record.time }),
        accountId,
        action,
        kind,
        id,
        operator,
        session,
        ...(requestId !== "" && { requestId }),
    };
    return {
        ...facts,
        result: event === "attempt" ? "unknown" : event,
        ...(error !== undefined && { error }),
        ...(before !== undefined && { before }),
        check: cloudTrailCheckOf(facts),
        lines: [...(attempt?.lines ?? []), ...(outcome?.lines ?? [])],
    };
}

function byTime(a: WriteInEvidence, b: WriteInEvidence): number {
    const [one, other] = [a, b].map(({ attempted, answered, accountId, action, id, session }) =>
        [attempted ?? answered, accountId, action, id, session, answered].join(" "),
    );
    return compare(one ?? "", other ?? "");
}

function compare(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}

function totalsOf(writes: WriteInEvidence[], damaged: DamagedLine[]): WriteTotals {
    const count = (wanted: WriteResult) => writes.filter(({ result }) => result === wanted).length;
    return {
        accounts: new Set(writes.map(({ accountId }) => accountId)).size,
        writes: writes.length,
        done: count("done"),
        alreadyGone: count("already gone"),
        alreadyPresent: count("already present"),
        failed: count("failed"),
        unknown: count("unknown"),
        damaged: damaged.length,
    };
}
