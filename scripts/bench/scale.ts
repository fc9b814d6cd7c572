/**
 * What the program costs at scale, on the real engine, beside two floors in the same run: what the engine alone takes for so
 * many resources, and what it takes with the bare calls of the SDK and nothing around them.
 *
 * Each round runs the same commands for the three programs, one after the other. With several rounds, medians count.
 */
import { AWS_LIMITS } from "../../test/simulator";
import type { BenchOptions, Measurement } from "./measurement";
import type { Setting } from "./organization-process";
import type { Cost, Part } from "./processes";
import { BenchStack, type Program, type Taken } from "./stack";

const ENGINE_FLOOR: Program = { name: "engine floor", main: "dist/scripts/bench/floors/engine-program.js" };
const CALL_FLOOR: Program = { name: "call floor", main: "dist/scripts/bench/floors/calls-program.js" };
const OURS: Program = { name: "ours" };

/** By the names that `--programs` takes. */
export const PROGRAMS: Record<string, Program> = { engine: ENGINE_FLOOR, calls: CALL_FLOOR, ours: OURS };

/** As `npm run preview` and `npm run up` set them. */
const ENVIRONMENT = {
    PULUMI_PARALLEL: "256",
    PULUMI_SKIP_CHECKPOINTS: "true",
};

interface Step {
    name: string;
    command: string;
    /** One account in so many gets root credentials before. Floors know only clean accounts. */
    soiled?: number;
    exitCode?: number;
}

const PREVIEW = "preview --diff";
const UP = "up --yes --skip-preview";
/** By the names that `--steps` takes. Each works on what those before it have left. */
export const STEPS: Record<string, Step> = {
    "first-preview": { name: "first preview", command: PREVIEW },
    "first-up": { name: "first up", command: UP },
    preview: { name: "preview, clean", command: PREVIEW },
    up: { name: "up, clean", command: UP },
    "preview-drifted": { name: "preview, 1 in 20 drifted", command: PREVIEW, soiled: 20 },
    "up-dirty": { name: "up, 1 in 5 dirty", command: UP, soiled: 5 },
    destroy: { name: "destroy, retained", command: "destroy --yes --skip-preview" },
};

/** Units in two levels, evenly filled. */
const UNITS = Array.from({ length: 40 }, (_, index) => `area-${index % 5}/team-${Math.floor(index / 5)}`);

/** Accounts that Organizations lists on one page. */
const PAGE = 20;

/** One command of one program in one round. */
interface Sample {
    accounts: number;
    step: string;
    program: string;
    taken: Taken;
    stateMiB: number;
}

export async function scale(options: BenchOptions): Promise<Measurement> {
    const samples: Sample[] = [];
    const misses: string[] = [];
    const sizes = options.accounts ?? [200];
    for (const accounts of sizes) {
        const rounds = accounts >= 5_000 ? 1 : options.rounds;
        for (let round = 1; round <= rounds; round++) {
            for (const program of chosen(PROGRAMS, options.programs)) {
                const says = (line: string) =>
                    options.says(
                        `${accounts} accounts, round ${round} of ${rounds}, ${program.name}: ${line}`,
                    );
                samples.push(...(await measured(program, accounts, options, says, misses)));
            }
        }
    }
    const rows = sizes.flatMap((accounts) => rowsOf(samples.filter((each) => each.accounts === accounts)));
    misses.push(...sizes.flatMap((accounts) => missedBars(samples, accounts, options.latency ?? 0)));
    misses.push(...missedGrowth(samples, sizes));
    const title = `${sizes.join(" and ")} accounts, ${options.latency ?? 0} ms a call, PULUMI_PARALLEL=${ENVIRONMENT.PULUMI_PARALLEL}`;
    const floors = sizes.map((accounts) => `${wireFloor(accounts, options.latency ?? 0).toFixed(1)} s`);
    const wire = options.latency ? `; wire floor of a clean preview ${floors.join(" and ")}` : "";
    return { title: title + wire, rows, misses };
}

/** Those of these names, in the order of the names; all if none are given. */
function chosen<Value>(known: Record<string, Value>, names = Object.keys(known)): Value[] {
    return names.flatMap((name) => known[name] ?? []);
}

async function measured(
    program: Program,
    accounts: number,
    { latency = 0, steps }: BenchOptions,
    says: (line: string) => void,
    misses: string[],
): Promise<Sample[]> {
    const samples: Sample[] = [];
    const setting: Setting = { accounts, latencyMilliseconds: latency, limits: "aws", units: UNITS };
    const stack = await BenchStack.of(program, setting, ENVIRONMENT);
    try {
        for (const { name, command, soiled } of chosen(STEPS, steps)) {
            if (soiled && program !== OURS) continue;
            if (soiled) await stack.organization.soil(soiled);
            const taken = await stack.run(command);
            says(`${name} ${taken.seconds.toFixed(1)} s`);
            samples.push({ accounts, step: name, program: program.name, taken, stateMiB: stack.stateMiB() });
            if (taken.exitCode !== 0)
                misses.push(
                    `${program.name}, ${name}: exit code ${taken.exitCode}\n${taken.output.slice(-4000)}`,
                );
        }
    } finally {
        await stack.close();
    }
    return samples;
}

/** One row for each command and program; of several rounds, the medians. */
function rowsOf(samples: Sample[]): Measurement["rows"] {
    return Object.values(STEPS).flatMap(({ name }) =>
        [ENGINE_FLOOR, CALL_FLOOR, OURS].flatMap((program) => {
            const own = of(samples, name, program);
            const [first] = own;
            if (!first) return [];
            const over = (floor: Program) => {
                const floors = of(samples, name, floor);
                return floors.length > 0 ? (seconds(own) / seconds(floors)).toFixed(2) : "";
            };
            return {
                accounts: first.accounts,
                command: name,
                program: program.name,
                seconds: seconds(own).toFixed(1),
                "over engine": program === OURS ? over(ENGINE_FLOOR) : "",
                "over calls": program === OURS ? over(CALL_FLOOR) : "",
                ...costsOf(own),
                "state MiB": first.stateMiB.toFixed(1),
                "calls per account": perAccount(first),
                "other calls": otherCalls(first),
                throttled: sum(first.taken.asked.throttled),
                connections: first.taken.asked.connections,
            };
        }),
    );
}

const PARTS: Part[] = ["engine", "program", "provider"];

function costsOf(samples: Sample[]): Record<string, string> {
    const [first] = samples;
    const rest = first ? first.taken.asked.cpuSeconds : 0;
    return {
        ...Object.fromEntries(
            PARTS.map((part) => {
                const cpu = median(samples.map(({ taken }) => costOf(taken, part).cpuSeconds));
                const peak = median(samples.map(({ taken }) => costOf(taken, part).peakMiB));
                return [`${part} CPU s / MiB`, `${cpu.toFixed(1)} / ${peak.toFixed(0)}`];
            }),
        ),
        "simulator CPU s": rest.toFixed(1),
    };
}

function costOf({ costs }: Taken, part: Part): Cost {
    return costs.get(part) ?? { cpuSeconds: 0, peakMiB: 0 };
}

/** The calls that every account costs, and are not asked of Organizations or once for a process. */
const OF_AN_ACCOUNT =
    /^(AssumeRoot|GetAccountSummary|Get.*LastUsed|GetUser|GetLoginProfile|Delete|Deactivate|List(AccessKeys|SigningCertificates|MFADevices))/;

function perAccount({ accounts, taken }: Sample): string {
    const calls = Object.entries(taken.asked.calls).filter(([action]) => OF_AN_ACCOUNT.test(action));
    return (calls.reduce((total, [, count]) => total + count, 0) / accounts).toFixed(2);
}

function otherCalls({ taken }: Sample): string {
    const calls = Object.entries(taken.asked.calls).filter(([action]) => !OF_AN_ACCOUNT.test(action));
    return calls.map(([action, count]) => `${count} ${action}`).join(", ");
}

/** The steps that every program takes in a stack whose accounts are clean and known. */
const STEADY = ["preview, clean", "up, clean"];
const BARS = { overCalls: 1.15, overEngine: 1.5, memory: 1.2, overWire: 1.3, growth: 1.2 };

/** Below so many accounts, what a command takes is mostly its start. */
const LARGE = 1_000;

function missedBars(samples: Sample[], accounts: number, latency: number): string[] {
    if (accounts < LARGE) return [];
    const own = samples.filter((each) => each.accounts === accounts);
    const misses = STEADY.flatMap((step) => {
        const [engine, calls, ours] = [ENGINE_FLOOR, CALL_FLOOR, OURS].map((program) =>
            of(own, step, program),
        );
        if (!engine?.length || !calls || !ours?.length) return [];
        const memory = programPeak(ours) / programPeak(engine);
        const looked = [above("of the engine floor's memory", memory, BARS.memory), twoCalls(ours)];
        const timed =
            latency === 0
                ? [
                      calls.length > 0
                          ? above("of the call floor", seconds(ours) / seconds(calls), BARS.overCalls)
                          : undefined,
                      above("of the engine floor", seconds(ours) / seconds(engine), BARS.overEngine),
                  ]
                : [
                      above(
                          "of engine floor and wire floor",
                          seconds(ours) / (seconds(engine) + wireFloor(accounts, latency)),
                          BARS.overWire,
                      ),
                  ];
        return [...timed, ...looked].flatMap((miss) => (miss ? [`${step}: ${miss}`] : []));
    });
    return misses.map((miss) => `${accounts} accounts, ${miss}`);
}

/** What an account costs at the largest size, over what it costs at the smallest. */
function missedGrowth(samples: Sample[], sizes: number[]): string[] {
    const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
    if (least < LARGE || least === most) return [];
    return Object.values(STEPS).flatMap(({ name }) => {
        const each = (accounts: number) =>
            seconds(
                of(
                    samples.filter((sample) => sample.accounts === accounts),
                    name,
                    OURS,
                ),
            ) / accounts;
        const miss = above(`of the cost per account at ${least}`, each(most) / each(least), BARS.growth);
        return miss ? [`${most} accounts, ${name}: ${miss}`] : [];
    });
}

function above(what: string, ratio: number, bar: number): string | undefined {
    return ratio > bar ? `${ratio.toFixed(2)} ${what}, more than ${bar}` : undefined;
}

function twoCalls(samples: Sample[]): string | undefined {
    const wrong = samples.find((sample) => perAccount(sample) !== "2.00");
    return wrong && `${perAccount(wrong)} calls for an account, not 2`;
}

/**
 * The least that a preview of clean accounts takes on the wire, in seconds. Each of the two processes asks first what concerns all
 * accounts. An account takes two calls in a row; meanwhile the accounts are listed, page after page or unit by unit, whichever is
 * faster: a page waits for the one before it, and the units' pages for the rate at which AWS gives them.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html#throttling-limits
 */
function wireFloor(accounts: number, latency: number): number {
    const call = latency / 1000;
    const audits = Math.ceil(accounts / Number(ENVIRONMENT.PULUMI_PARALLEL)) * 2 * call;
    const pages = Math.ceil((accounts + 1) / PAGE);
    const pagesOfUnit = Math.ceil(accounts / UNITS.length / PAGE);
    const { perSecond, burst } = AWS_LIMITS.ListAccountsForParent ?? { perSecond: Infinity, burst: 0 };
    const byUnit = Math.max(pagesOfUnit * call, (UNITS.length * pagesOfUnit - burst) / perSecond);
    return 2 * call + Math.max(audits, Math.min(pages * call, byUnit));
}

function programPeak(samples: Sample[]): number {
    return median(samples.map(({ taken }) => costOf(taken, "program").peakMiB));
}

function of(samples: Sample[], step: string, program: Program): Sample[] {
    return samples.filter((sample) => sample.step === step && sample.program === program.name);
}

function seconds(samples: Sample[]): number {
    return median(samples.map(({ taken }) => taken.seconds));
}

function median(values: number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function sum(counts: Record<string, number>): number {
    return Object.values(counts).reduce((total, each) => total + each, 0);
}
