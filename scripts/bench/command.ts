/**
 * The command `root-credentials audit` in a small organization without latency, where loading code takes most of the time. It is
 * compared with a bare script that makes the same calls with the same SDK clients.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { bareEnvironment, PROJECT_ROOT } from "../../test/temporary-project";
import type { BenchOptions, Measurement } from "./measurement";
import { RemoteOrganization } from "./organization";

const ACCOUNTS = 11;

/** Both run in turns, so that a busy moment of the machine meets both. */
const LEAST_ROUNDS = 5;

/** The most that the command may take in terms of the bare script. */
const BAR = { milliseconds: 1.5, peakMiB: 1.3 };

const PROGRAMS = {
    command: [join(PROJECT_ROOT, "provider/bin/root-credentials.js"), "audit", "--format", "json"],
    "bare script": [join(__dirname, "floors/audit-script.js")],
};

interface Cost {
    milliseconds: number;
    peakMiB: number;
}

export async function command({ accounts: sizes, rounds, says }: BenchOptions): Promise<Measurement> {
    const [accounts = ACCOUNTS] = sizes ?? [];
    const organization = await RemoteOrganization.start({
        accounts,
        latencyMilliseconds: 0,
        limits: {}, // because the rounds follow each other without a pause
        units: [],
    });
    try {
        const costs: Record<keyof typeof PROGRAMS, Cost[]> = { command: [], "bare script": [] };
        // The first round fills the compile cache and does not count.
        for (let round = 0; round <= Math.max(rounds, LEAST_ROUNDS); round++) {
            for (const program of ["command", "bare script"] as const) {
                says(`round ${round}: ${program}`);
                const cost = await costOf(PROGRAMS[program], organization.environment);
                if (round > 0) costs[program].push(cost);
            }
        }
        const ours = median(costs.command);
        const bare = median(costs["bare script"]);
        const ratio = (key: keyof Cost) => ours[key] / bare[key];
        const misses = (["milliseconds", "peakMiB"] as const).flatMap((key) =>
            ratio(key) > BAR[key]
                ? [`${key}: ${ratio(key).toFixed(2)} times the bare script, more than ${BAR[key]}`]
                : [],
        );
        const row = (program: string, { milliseconds, peakMiB }: Cost) => ({
            program,
            accounts,
            milliseconds: milliseconds.toFixed(0),
            "peak MiB": peakMiB.toFixed(0),
        });
        const times = {
            program: "ratio",
            accounts,
            milliseconds: ratio("milliseconds").toFixed(2),
            "peak MiB": ratio("peakMiB").toFixed(2),
        };
        const rows = [row("root-credentials audit", ours), row("bare script", bare), times];
        return { title: "The command and a bare script", rows, misses };
    } finally {
        await organization.stop();
    }
}

async function costOf(args: string[], environment: Record<string, string>): Promise<Cost> {
    const preload = ["--require", join(__dirname, "floors/peak-memory.js")];
    const started = performance.now();
    const child = spawn(process.execPath, [...preload, ...args], {
        env: { ...bareEnvironment(), ...environment },
        stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    const peak = text(child.stdio[3] as NodeJS.ReadableStream);
    const exitCode = await new Promise<number | null>((resolve, reject) =>
        child.on("error", reject).on("close", resolve),
    );
    const milliseconds = performance.now() - started;
    if (exitCode !== 0) throw new Error(`${args.join(" ")} ended with exit code ${exitCode}`);
    return { milliseconds, peakMiB: Number(await peak) / 1024 };
}

function median(costs: Cost[]): Cost {
    const middle = (key: keyof Cost) =>
        costs.map((cost) => cost[key]).sort((a, b) => a - b)[Math.floor(costs.length / 2)] ?? 0;
    return { milliseconds: middle("milliseconds"), peakMiB: middle("peakMiB") };
}
