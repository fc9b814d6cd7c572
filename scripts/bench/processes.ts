/**
 * CPU time and peak memory of a command and its child processes, by role.
 *
 * The numbers come from /proc, so they are available on Linux only. Other systems would need a native package.
 */
import { readdirSync, readFileSync } from "node:fs";

export type Role = "engine" | "program" | "provider" | "other";

export interface Cost {
    cpuSeconds: number;
    /** Peak memory of the largest process with this role, in MiB. */
    peakMiB: number;
}

const SAMPLE_MILLISECONDS = 100;
/** Clock ticks per second in /proc, the same on every Linux. */
const TICKS = 100;

/** Samples the processes below `root` until `stop`, which returns their cost. */
export function watchProcesses(root: number): { stop(): Map<Role, Cost> } {
    const seen = new Map<number, Cost & { role: Role }>();
    const sample = () => {
        for (const pid of treeBelow(root)) {
            const cpuSeconds = cpuOf(pid);
            // A process that has ended but still has its parent to wait for it has no memory and no command.
            const sampled = sampleOf(pid) ?? seen.get(pid);
            if (sampled && cpuSeconds !== undefined) seen.set(pid, { ...sampled, cpuSeconds });
        }
    };
    const timer = setInterval(sample, SAMPLE_MILLISECONDS);
    return {
        stop() {
            clearInterval(timer);
            const costs = new Map<Role, Cost>();
            for (const { role, cpuSeconds, peakMiB } of seen.values()) {
                const known = costs.get(role) ?? { cpuSeconds: 0, peakMiB: 0 };
                costs.set(role, {
                    cpuSeconds: known.cpuSeconds + cpuSeconds,
                    peakMiB: Math.max(known.peakMiB, peakMiB),
                });
            }
            return costs;
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

function sampleOf(pid: number): { role: Role; peakMiB: number } | undefined {
    const peak = /VmHWM:\s+(\d+)/.exec(readable(() => readFileSync(`/proc/${pid}/status`, "utf8")) ?? "");
    const command = readable(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"));
    return peak && command ? { role: roleOf(command), peakMiB: Number(peak[1]) / 1024 } : undefined;
}

/** User and system time are fields 14 and 15 of the line. `fieldsOfStat` starts at field 3. */
function cpuOf(pid: number): number | undefined {
    const fields = fieldsOfStat(pid);
    return fields && (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** The fields after the command's name in /proc/<pid>/stat: the state, the parent, and so on. */
function fieldsOfStat(pid: number): string[] | undefined {
    const line = readable(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
    return line?.slice(line.lastIndexOf(")") + 2).split(" ");
}

/** Undefined if the process has ended meanwhile. */
function readable<T>(read: () => T): T | undefined {
    try {
        return read();
    } catch {
        return undefined;
    }
}

function roleOf(command: string): Role {
    const words = command.split("\0");
    if (words.some((word) => /\bcmd\/dynamic-provider\b/.test(word))) return "provider";
    if (words.some((word) => /\bcmd\/run\b/.test(word))) return "program";
    return /\/bin\/pulumi$/.test(words[0] ?? "") ? "engine" : "other";
}
