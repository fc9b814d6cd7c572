/**
 * Measures the program on the real engine and compares it with two floors. The engine floor is the time of the engine
 * alone with as many resources. The call floor adds the bare SDK calls for each account.
 *
 * Each round runs the same commands for the three programs, one after the other. The table has the medians of all rounds.
 */
import { AWS_LIMITS } from "../../test/simulator";
import type { BenchOptions, Measurement } from "./measurement";
import type { OrganizationOptions } from "./organization-process";
import type { Cost, Role } from "./processes";
import { BenchStack, type CommandResult, type Program } from "./stack";

const ENGINE_FLOOR: Program = { name: "engine floor", main: "dist/scripts/bench/floors/engine-program.js" };
const CALL_FLOOR: Program = { name: "call floor", main: "dist/scripts/bench/floors/calls-program.js" };
const OURS: Program = { name: "ours" };

/** By the names of `--programs`. */
export const PROGRAMS: Record<string, Program> = { engine: ENGINE_FLOOR, calls: CALL_FLOOR, ours: OURS };

/** As `npm run preview` and `npm run up` set them. */
const ENVIRONMENT = {
    PULUMI_PARALLEL: "256",
    PULUMI_SKIP_CHECKPOINTS: "true",
};

interface Step {
    name: string;
    command: string;
    /** One in this many accounts gets root credentials first. The floors skip this step, because they know only clean accounts. */
    drifted?: number;
}

const PREVIEW = "preview --diff";
const UP = "up --yes --skip-preview";
/** By the names of `--steps`. Each step continues from the state that the previous one has left. */
export const STEPS: Record<string, Step> = {
    "first-preview": { name: "first preview", command: PREVIEW },
    "first-up": { name: "first up", command: UP },
    preview: { name: "preview, clean", command: PREVIEW },
    up: { name: "up, clean", command: UP },
    "preview-drifted": { name: "preview, 1 in 20 drifted", command: PREVIEW, drifted: 20 },
    "up-dirty": { name: "up, 1 in 5 dirty", command: UP, drifted: 5 },
    destroy: { name: "destroy, retained", command: "destroy --yes --skip-preview" },
};

/** Units on two levels, with equal numbers of accounts. */
const UNITS = Array.from({ length: 40 }, (_, index) => `area-${index % 5}/team-${Math.floor(index / 5)}`);

/** Organizations lists this many accounts on a page. */
const PAGE = 20;

/** One command of one program in one round. */
interface Sample {
    accounts: number;
    step: string;
    program: string;
    result: CommandResult;
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

/** The values with these names, in this order. Default: all. */
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
    const organization: OrganizationOptions = {
        accounts,
        latencyMilliseconds: latency,
        limits: "aws",
        units: UNITS,
    };
    const stack = await BenchStack.create(program, organization, ENVIRONMENT);
    try {
        for (const { name, command, drifted } of chosen(STEPS, steps)) {
            if (drifted && program !== OURS) continue;
            if (drifted) await stack.organization.addCredentials(drifted);
            const result = await stack.run(command);
            says(`${name} ${result.seconds.toFixed(1)} s`);
            samples.push({ accounts, step: name, program: program.name, result, stateMiB: stack.stateMiB() });
            if (result.exitCode !== 0)
                misses.push(
                    `${program.name}, ${name}: exit code ${result.exitCode}\n${result.output.slice(-4000)}`,
                );
        }
    } finally {
        await stack.close();
    }
    return samples;
}

/** One row for each command and program. Its times are medians of all rounds. */
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
                throttled: sum(first.result.statistics.throttled),
                connections: first.result.statistics.connections,
            };
        }),
    );
}

const ROLES: Role[] = ["engine", "program", "provider"];

function costsOf(samples: Sample[]): Record<string, string> {
    const [first] = samples;
    const rest = first ? first.result.statistics.cpuSeconds : 0;
    return {
        ...Object.fromEntries(
            ROLES.map((role) => {
                const cpu = median(samples.map(({ result }) => costOf(result, role).cpuSeconds));
                const peak = median(samples.map(({ result }) => costOf(result, role).peakMiB));
                return [`${role} CPU s / MiB`, `${cpu.toFixed(1)} / ${peak.toFixed(0)}`];
            }),
        ),
        "simulator CPU s": rest.toFixed(1),
    };
}

function costOf({ costs }: CommandResult, role: Role): Cost {
    return costs.get(role) ?? { cpuSeconds: 0, peakMiB: 0 };
}

/** Calls for each account. All others go to Organizations or happen once in a process. */
const CALL_FOR_ACCOUNT =
    /^(AssumeRoot|GetAccountSummary|Get.*LastUsed|GetUser|GetLoginProfile|Delete|Deactivate|List(AccessKeys|SigningCertificates|MFADevices))/;

function perAccount({ accounts, result }: Sample): string {
    const calls = Object.entries(result.statistics.calls).filter(([action]) => CALL_FOR_ACCOUNT.test(action));
    return (calls.reduce((total, [, count]) => total + count, 0) / accounts).toFixed(2);
}

function otherCalls({ result }: Sample): string {
    const calls = Object.entries(result.statistics.calls).filter(
        ([action]) => !CALL_FOR_ACCOUNT.test(action),
    );
    return calls.map(([action, count]) => `${count} ${action}`).join(", ");
}

/** Steps of all programs in a stack whose accounts are clean and known. */
const STEADY = ["preview, clean", "up, clean"];
const BARS = { overCalls: 1.15, overEngine: 1.5, memory: 1.2, overWire: 1.3, growth: 1.2 };

/** Below this number of accounts, most of a command's time is its start. */
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
        const untimed = [above("of the engine floor's memory", memory, BARS.memory), twoCalls(ours)];
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
        return [...timed, ...untimed].flatMap((miss) => (miss ? [`${step}: ${miss}`] : []));
    });
    return misses.map((miss) => `${accounts} accounts, ${miss}`);
}

/** Compares the seconds per account at the largest and the smallest size. */
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
 * The least seconds that the calls of a preview of clean accounts take. Each of the two processes makes one call first. Then
 * each account takes two calls in a row, PULUMI_PARALLEL accounts at a time. Meanwhile the accounts are listed in the faster
 * of two ways. Page after page, each page waits for the one before it. Unit by unit, the pages wait for AWS's rate.
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
    return median(samples.map(({ result }) => costOf(result, "program").peakMiB));
}

function of(samples: Sample[], step: string, program: Program): Sample[] {
    return samples.filter((sample) => sample.step === step && sample.program === program.name);
}

function seconds(samples: Sample[]): number {
    return median(samples.map(({ result }) => result.seconds));
}

function median(values: number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function sum(counts: Record<string, number>): number {
    return Object.values(counts).reduce((total, each) => total + each, 0);
}
