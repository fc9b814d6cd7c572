/**
 * `npm run bench -- <name>`: how the program does at scale, measured on the real engine in a simulated organization.
 *
 * Says what it is doing on standard error, and at the end prints one table; with `--json` the same as JSON. Ends with 1 where a
 * measurement misses its bar.
 */
import { parseArgs } from "node:util";
import { audit } from "./bench/audit";
import { scale } from "./bench/scale";
import { throttling } from "./bench/throttling";

export interface BenchOptions {
    /** How many accounts; each bench has a small number of its own. */
    accounts: number[] | undefined;
    /** Milliseconds that a call to AWS takes. */
    latency: number | undefined;
    /** How often each is measured. */
    rounds: number;
    says: (line: string) => void;
}

/** What was measured: rows that all have the same columns, and what they were to reach. */
export interface Measurement {
    title: string;
    rows: Record<string, string | number>[];
    /** What was missed; empty if nothing was. */
    misses: string[];
}

const BENCHES: Record<string, (options: BenchOptions) => Promise<Measurement>> = {
    audit,
    scale,
    throttling,
};

async function bench(): Promise<void> {
    const { values, positionals } = parseArgs({
        options: {
            accounts: { type: "string" },
            latency: { type: "string" },
            rounds: { type: "string", default: "1" },
            json: { type: "boolean", default: false },
        },
        allowPositionals: true,
    });
    const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
    for (const name of names) {
        const measure = BENCHES[name];
        if (!measure)
            throw new Error(`no bench is called "${name}"; there are: ${Object.keys(BENCHES).join(", ")}`);
        const measurement = await measure({
            accounts: values.accounts?.split(",").map(Number),
            latency: values.latency === undefined ? undefined : Number(values.latency),
            rounds: Number(values.rounds),
            says: (line) => process.stderr.write(`${name}: ${line}\n`),
        });
        if (values.json) console.log(JSON.stringify(measurement));
        else show(measurement);
        if (measurement.misses.length > 0) process.exitCode = 1;
    }
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
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
});
