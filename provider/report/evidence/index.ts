/**
 * Reads the evidence back from files of the record of writes (`provider/aws/write-log.ts`).
 *
 * A write counts as done only if its second line says so, and as failed only if AWS refused it. A line that cannot be read is in the
 * evidence too, with its file and line number.
 */
import { controlsIn } from "../controls";
import { compare } from "../model";
import { cloudTrailCheckOf } from "./cloudtrail";
import type {
    DamagedLine,
    EvidenceReport,
    LineOfFile,
    WriteInEvidence,
    WriteResult,
    WriteTotals,
} from "./model";
import { recordLinesOf, type FoundRecord, type RecordLine } from "./record-lines";
import { resultOf } from "./write-result";

export type * from "./model";

/** @throws InvalidInput if a file holds no record of a write */
export function readEvidence(files: { name: string; text: string }[]): EvidenceReport {
    const given = [...new Map(files.map((file) => [JSON.stringify(file), file])).values()];
    const read = given.map((file) => ({ name: file.name, ...recordLinesOf(file) }));
    const damaged = read.flatMap((file) => file.damaged);
    const writes = pairsIn(eachOnce(read)).map(writeOf).sort(byTime);
    return {
        files: read.map(({ name, records: own }) => ({ name, records: new Set(own.map(identityOf)).size })),
        totals: totalsOf(writes, damaged),
        writes,
        controls: controlsIn(writes),
        damaged,
    };
}

/** A line of the record, and all places that have it. */
interface KnownRecord {
    record: RecordLine;
    /** For each file that has it, its place among the records of the file. */
    order: Map<string, number>;
    lines: LineOfFile[];
}

/** Several files may have the same line, because a pipeline may keep a copy of the file after each run. */
function eachOnce(files: { name: string; records: FoundRecord[] }[]): KnownRecord[] {
    const known = new Map<string, KnownRecord>();
    for (const { name, records } of files) {
        for (const [order, found] of records.entries()) {
            const identity = identityOf(found);
            const { record } = found;
            const each = known.get(identity) ?? { record, order: new Map<string, number>(), lines: [] };
            known.set(identity, each);
            if (!each.order.has(name)) each.order.set(name, order);
            each.lines.push({ file: name, line: found.line });
        }
    }
    return [...known.values()];
}

function identityOf({ record }: FoundRecord): string {
    return JSON.stringify(record);
}

/** The two lines of a write have these in common. One session makes its writes one after the other. */
function subjectOf({ accountId, action, kind, id, caller, session }: RecordLine): string[] {
    return [accountId, action, kind, id, caller, session];
}

interface Pair {
    attempt?: KnownRecord;
    outcome?: KnownRecord;
}

/** The lines of one subject are paired by file order and by time. The order that leaves fewer lines without a partner is right. */
function pairsIn(records: KnownRecord[]): Pair[] {
    const bySubject = new Map<string, KnownRecord[]>();
    for (const each of records) {
        const subject = JSON.stringify(subjectOf(each.record));
        if (!bySubject.get(subject)?.push(each)) bySubject.set(subject, [each]);
    }
    return [...bySubject.values()].flatMap((all) => {
        const byFile = inOrderOfFile(all);
        const byClock = pairsInOrder(inOrderOfTime(all));
        const asWritten = byFile && pairsInOrder(byFile);
        return asWritten && asWritten.length <= byClock.length ? asWritten : byClock;
    });
}

/** A session may try a write again. If an attempt follows an attempt, the line between them is missing. */
function pairsInOrder(records: KnownRecord[]): Pair[] {
    const pairs: Pair[] = [];
    let attempt: KnownRecord | undefined;
    for (const each of records) {
        if (each.record.event !== "attempt") {
            pairs.push({ ...(attempt && { attempt }), outcome: each });
            attempt = undefined;
            continue;
        }
        if (attempt) pairs.push({ attempt });
        attempt = each;
    }
    return attempt ? [...pairs, { attempt }] : pairs;
}

/** The order of writing, if one file has all lines. It is better than the times, because a clock may be set back. */
function inOrderOfFile(records: KnownRecord[]): KnownRecord[] | undefined {
    const [first] = records;
    const whole = [...(first?.order.keys() ?? [])].find((file) =>
        records.every(({ order }) => order.has(file)),
    );
    if (whole === undefined) return undefined;
    const place = ({ order }: KnownRecord) => order.get(whole) ?? 0;
    return [...records].sort((a, b) => place(a) - place(b));
}

/** The lines of one write may be in several files. */
function inOrderOfTime(records: KnownRecord[]): KnownRecord[] {
    const isOutcome = ({ record }: KnownRecord) => Number(record.event !== "attempt");
    return [...records].sort((a, b) => compare(a.record.time, b.record.time) || isOutcome(a) - isOutcome(b));
}

function writeOf({ attempt, outcome }: Pair): WriteInEvidence {
    const known = (attempt ?? outcome) as KnownRecord;
    const { project, stack, run, accountId, action, kind, id, caller: operator, session } = known.record;
    const { requestId = "", attempts = 1, status: httpStatus, error } = outcome?.record ?? {};
    const before = attempt?.record.before;
    const facts = {
        ...(attempt && { attempted: attempt.record.time }),
        ...(outcome && { answered: outcome.record.time }),
        ...(project !== undefined && { project }),
        ...(stack !== undefined && { stack }),
        ...(run !== undefined && { run }),
        accountId,
        action,
        kind,
        id,
        operator,
        session,
        ...(requestId !== "" && { requestId }),
        ...(attempts > 1 && { attempts }),
    };
    return {
        ...facts,
        ...resultOf(outcome?.record),
        ...(httpStatus !== undefined && { httpStatus }),
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

function mayHaveOpened({ result, action }: WriteInEvidence): boolean {
    return result === "unknown" && action === "iam:CreateLoginProfile";
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
        perhapsOpened: writes.filter(mayHaveOpened).length,
        withoutAttempt: writes.filter(({ attempted }) => attempted === undefined).length,
        damaged: damaged.length,
    };
}
