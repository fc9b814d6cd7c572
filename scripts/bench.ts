/**
 * `npm run bench`: how the program does at scale, measured on the real engine in a simulated organization.
 *
 * Says what it is doing on standard error, and prints one table for each bench at its end.
 */
import { parseArgs } from "node:util";
import { audit } from "./bench/audit";
import type { BenchOptions, Measurement } from "./bench/measurement";
import { PROGRAMS, scale, STEPS } from "./bench/scale";
import { throttling } from "./bench/throttling";

const BENCHES: Record<string, (options: BenchOptions) => Promise<Measurement>> = {
    audit,
    scale,
    throttling,
};

const USAGE = `Measures the program against a simulated organization, and prints one table for each bench.

  npm run bench -- [audit] [scale] [throttling] [--accounts <numbers>] [--latency <milliseconds>] [--rounds <number>]
                   [--steps <names>] [--programs <names>] [--json]

  audit       discovery and audit without the engine
  scale       preview, up and destroy on the engine, beside what the engine and the bare SDK calls take
  throttling  200 accounts where AWS allows 5 sessions a second
  --accounts  how many, one number or several with commas (audit 500, scale 200 if left out)
  --latency   how long each AWS call takes, in milliseconds (audit 20 and 750, scale 0 if left out)
  --rounds    how often scale measures sizes below 5,000; medians count (1 if left out)
  --steps     which commands scale measures, with commas (all if left out): ${Object.keys(STEPS).join(", ")}
  --programs  which programs it measures, in this order (all if left out): ${Object.keys(PROGRAMS).join(", ")}
  --json      the tables as JSON, one to a line
  --help      this text

Ends with 1 where a measurement misses its bar.`;

const OPTIONS = {
    accounts: { type: "string" },
    latency: { type: "string" },
    rounds: { type: "string", default: "1" },
    steps: { type: "string" },
    programs: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
} as const;

/** A mistake on the command line: the reader needs the sentence, not a stack. */
class UsageError extends Error {}

async function bench(): Promise<void> {
    const { values, positionals } = given();
    const options = {
        accounts: values.accounts?.split(",").map((each) => wholeNumber("--accounts", each, 1, 50_000)),
        latency:
            values.latency === undefined ? undefined : wholeNumber("--latency", values.latency, 0, 60_000),
        rounds: wholeNumber("--rounds", values.rounds, 1, 100),
        steps: namesOf("--steps", values.steps, Object.keys(STEPS)),
        programs: namesOf("--programs", values.programs, Object.keys(PROGRAMS)),
    };
    const benches = (positionals.length > 0 ? positionals : Object.keys(BENCHES)).map(benchCalled);
    if (values.help) return console.log(USAGE);
    for (const { name, measure } of benches) {
        const measurement = await measure({
            ...options,
            says: (line) => process.stderr.write(`${name}: ${line}\n`),
        });
        if (values.json) console.log(JSON.stringify({ bench: name, ...measurement }));
        else show(measurement);
        if (measurement.misses.length > 0) process.exitCode = 1;
    }
}

function given() {
    try {
        return parseArgs({ options: OPTIONS, allowPositionals: true });
    } catch (error) {
        // parseArgs names the flag and what is wrong with it.
        throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
    }
}

function benchCalled(name: string) {
    const measure = BENCHES[name];
    if (measure) return { name, measure };
    throw new UsageError(`no bench is called "${name}"; there are: ${Object.keys(BENCHES).join(", ")}`);
}

function namesOf(flag: string, text: string | undefined, known: string[]): string[] | undefined {
    const names = text?.split(",");
    const wrong = names?.find((name) => !known.includes(name));
    if (wrong === undefined) return names;
    throw new UsageError(`${flag}: expected some of ${known.join(", ")}, got "${wrong}"`);
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    throw new UsageError(`${flag}: expected a whole number from ${least} to ${most}, got "${text}"`);
}

function show({ title, rows, misses }: Measurement): void {
    console.log(`\n${title}\n`);
    const columns = Object.keys(rows[0] ?? {});
    const texts = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? "")))];
    const widths = columns.map((_, index) => Math.max(...texts.map((row) => row[index]?.length ?? 0)));
    for (const row of texts)
        console.log(row.map((text, index) => text.padEnd(widths[index] ?? 0)).join("  "));
    for (const miss of misses) console.log(`\nMISSED: ${miss}`);
}

bench().catch((error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\nTry: npm run bench -- --help`);
    process.exitCode = 2;
});
