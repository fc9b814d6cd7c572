/**
 * What a command and everything that it starts costs: processor time and peak memory by the part that a process plays.
 *
 * As Linux tells in /proc. Elsewhere there is nothing to be had without a native package, and the columns stay empty.
 */
import { readdirSync, readFileSync } from "node:fs";

export type Part = "engine" | "program" | "provider" | "other";

export interface Cost {
    cpuSeconds: number;
    /** The largest that one process of the part has been, in MiB. */
    peakMiB: number;
}

const SAMPLE_MILLISECONDS = 100;
/** Clock ticks per second in /proc, the same on every Linux. */
const TICKS = 100;

/** Watches the tree of processes below `root` until `stop`, which answers what they have cost. */
export function watchProcesses(root: number): { stop(): Map<Part, Cost> } {
    const seen = new Map<number, Cost & { part: Part }>();
    const sample = () => {
        for (const pid of treeBelow(root)) {
            const cpuSeconds = cpuOf(pid);
            // One that has ended and waits for its parent has no memory and no command any more.
            const alive = lookedAlive(pid) ?? seen.get(pid);
            if (alive && cpuSeconds !== undefined) seen.set(pid, { ...alive, cpuSeconds });
        }
    };
    const timer = setInterval(sample, SAMPLE_MILLISECONDS);
    return {
        stop() {
            clearInterval(timer);
            const parts = new Map<Part, Cost>();
            for (const { part, cpuSeconds, peakMiB } of seen.values()) {
                const known = parts.get(part) ?? { cpuSeconds: 0, peakMiB: 0 };
                parts.set(part, {
                    cpuSeconds: known.cpuSeconds + cpuSeconds,
                    peakMiB: Math.max(known.peakMiB, peakMiB),
                });
            }
            return parts;
        },
    };
}

function treeBelow(root: number): number[] {
    const children = new Map<number, number[]>();
    for (const name of readable(() => readdirSync("/proc")) ?? []) {
        if (!/^\d+$/.test(name)) continue;
        const parent = Number(fieldsOfStat(Number(name))?.[1]);
        children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    }
    const tree = [root];
    for (const pid of tree) tree.push(...(children.get(pid) ?? []));
    return tree;
}

function lookedAlive(pid: number): { part: Part; peakMiB: number } | undefined {
    const peak = /VmHWM:\s+(\d+)/.exec(readable(() => readFileSync(`/proc/${pid}/status`, "utf8")) ?? "");
    const command = readable(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"));
    return peak && command ? { part: partOf(command), peakMiB: Number(peak[1]) / 1024 } : undefined;
}

/** User and system time, fields 14 and 15 of the line; the first two are not among these. */
function cpuOf(pid: number): number | undefined {
    const fields = fieldsOfStat(pid);
    return fields && (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** What follows the command's name in /proc/<pid>/stat: the state, the parent, and so on. */
function fieldsOfStat(pid: number): string[] | undefined {
    const line = readable(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
    return line?.slice(line.lastIndexOf(")") + 2).split(" ");
}

/** Undefined for a process that has ended meanwhile. */
function readable<T>(read: () => T): T | undefined {
    try {
        return read();
    } catch {
        return undefined;
    }
}

function partOf(command: string): Part {
    const words = command.split("\0");
    if (words.some((word) => /\bcmd\/dynamic-provider\b/.test(word))) return "provider";
    if (words.some((word) => /\bcmd\/run\b/.test(word))) return "program";
    return /\/bin\/pulumi$/.test(words[0] ?? "") ? "engine" : "other";
}
