/**
 * `npm run bench`: measures the program at scale against a simulated organization.
 *
 * Progress goes to standard error. Each bench ends with one table on standard output.
 */
import { audit } from "./bench/audit";
import { command } from "./bench/command";
import type { BenchOptions, Measurement } from "./bench/measurement";
import { PROGRAMS, scale, STEPS } from "./bench/scale";
import { throttling } from "./bench/throttling";
import { parseOptions, runScript, UsageError, wholeNumber } from "./command-line";

const BENCHES: Record<string, (options: BenchOptions) => Promise<Measurement>> = {
    audit,
    command,
    scale,
    throttling,
};

const USAGE = `Measures the program against a simulated organization, and prints one table for each bench.

  npm run bench -- [audit] [command] [scale] [throttling] [--accounts <numbers>] [--latency <milliseconds>] [--rounds <number>]
                   [--steps <names>] [--programs <names>]

  audit       finds and inspects the accounts without the engine
  command     root-credentials audit of 11 accounts, compared with a bare script that makes the same calls
  scale       preview, up and destroy on the engine, compared with the engine alone and with bare SDK calls
  throttling  200 accounts under a limit of 5 root sessions a second
  --accounts  number of accounts; several numbers with commas (default: audit 500, command 11, scale 200)
  --latency   duration of each AWS call in milliseconds (default: audit 20 and 750, scale 0)
  --rounds    how often command and scale (below 5,000 accounts) measure; the table has medians (default: 5 and 1)
  --steps     the commands that scale measures, with commas (default: all): ${Object.keys(STEPS).join(", ")}
  --programs  the programs that scale measures, in this order (default: all): ${Object.keys(PROGRAMS).join(", ")}
  --help      prints this text

The exit code is 1 if a measurement misses its bar.`;

const OPTIONS = {
    accounts: { type: "string" },
    latency: { type: "string" },
    rounds: { type: "string", default: "1" },
    steps: { type: "string" },
    programs: { type: "string" },
    help: { type: "boolean", default: false },
} as const;

async function bench(): Promise<void> {
    const { values, positionals } = parseOptions({ options: OPTIONS, allowPositionals: true });
    const options = {
        accounts: values.accounts?.split(",").map((each) => wholeNumber("--accounts", each, 1, 50_000)),
        latency:
            values.latency === undefined ? undefined : wholeNumber("--latency", values.latency, 0, 60_000),
        rounds: wholeNumber("--rounds", values.rounds, 1, 100),
        steps: namesOf("--steps", values.steps, Object.keys(STEPS)),
        programs: namesOf("--programs", values.programs, Object.keys(PROGRAMS)),
    };
    const benches = (positionals.length > 0 ? positionals : Object.keys(BENCHES)).map(benchNamed);
    if (values.help) return console.log(USAGE);
    for (const { name, measure } of benches) {
        const says = (line: string) => process.stderr.write(`${name}: ${line}\n`);
        const measurement = await measure({ ...options, says });
        print(measurement);
        if (measurement.misses.length > 0) process.exitCode = 1;
    }
}

function benchNamed(name: string) {
    const measure = BENCHES[name];
    if (measure) return { name, measure };
    throw new UsageError(
        `no bench has the name "${name}"; expected one of ${Object.keys(BENCHES).join(", ")}`,
    );
}

function namesOf(option: string, text: string | undefined, known: string[]): string[] | undefined {
    const names = text?.split(",");
    const wrong = names?.find((name) => !known.includes(name));
    if (wrong === undefined) return names;
    throw new UsageError(`${option}: expected some of ${known.join(", ")}, got "${wrong}"`);
}

function print({ title, rows, misses }: Measurement): void {
    console.log(`\n${title}\n`);
    const columns = Object.keys(rows[0] ?? {});
    const texts = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? "")))];
    const widths = columns.map((_, index) => Math.max(...texts.map((row) => row[index]?.length ?? 0)));
    for (const row of texts)
        console.log(row.map((text, index) => text.padEnd(widths[index] ?? 0)).join("  "));
    for (const miss of misses) console.log(`\nMISSED: ${miss}`);
}

runScript(bench, "npm run bench -- --help");
