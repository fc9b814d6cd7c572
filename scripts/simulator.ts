import { parseArgs } from "node:util";
import {
    EXAMPLE_ORGANIZATION,
    type Simulator,
    generatedOrganization,
    startSimulator,
} from "../test/simulator";

const USAGE = `Starts a simulated AWS organization on this machine and prints the variables that point Pulumi at it.

  npm run simulator -- [--port <number>] [--latency <milliseconds>] [--accounts <number>]

  --port      the port to listen on (any free one if left out)
  --latency   how long each AWS call takes, in milliseconds (0 if left out)
  --accounts  member accounts to generate, instead of the example organization
  --help      this text

It keeps its state in memory and forgets it when it ends (Ctrl+C).`;

const OPTIONS = {
    port: { type: "string", default: "0" },
    latency: { type: "string", default: "0" },
    accounts: { type: "string" },
    help: { type: "boolean", default: false },
} as const;

/** A mistake on the command line: the reader needs the sentence, not a stack. */
class UsageError extends Error {}

async function main(): Promise<void> {
    const flags = flagsFrom(process.argv.slice(2));
    if (flags.help) {
        console.log(USAGE);
        return;
    }
    const port = wholeNumber("--port", flags.port, 0, 65_535);
    const latencyMilliseconds = wholeNumber("--latency", flags.latency, 0, 60_000);
    const seed =
        flags.accounts === undefined
            ? EXAMPLE_ORGANIZATION
            : generatedOrganization(wholeNumber("--accounts", flags.accounts, 1, 50_000));

    const simulator = await startOn(port, () => startSimulator({ seed, port, latencyMilliseconds }));
    endOnSignal(simulator);
    console.log(introduction(simulator));
}

function introduction(simulator: Simulator): string {
    const { url, organization } = simulator;
    const exports = Object.entries(simulator.environment()).map(([name, value]) => `export ${name}=${value}`);
    return [
        `# An AWS organization of ${organization.accounts().length} accounts answers at ${url} until Ctrl+C.`,
        "# To point Pulumi at it, run this in another terminal:",
        ...exports,
    ].join("\n");
}

function flagsFrom(args: string[]) {
    try {
        return parseArgs({ args, options: OPTIONS }).values;
    } catch (error) {
        // parseArgs names the flag and what is wrong with it.
        throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
    }
}

function wholeNumber(flag: string, given: string, least: number, most: number): number {
    const number = Number(given);
    if (/^\d+$/.test(given) && number >= least && number <= most) return number;
    throw new UsageError(`${flag}: expected a whole number from ${least} to ${most}, got "${given}"`);
}

async function startOn(port: number, start: () => Promise<Simulator>): Promise<Simulator> {
    try {
        return await start();
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
        const problem = code === "EACCES" ? "this user may listen on" : "nobody else listens on";
        throw new UsageError(`--port: expected a port that ${problem}, got "${port}"`, { cause: error });
    }
}

function endOnSignal(simulator: Simulator): void {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.once(signal, () => void simulator.close());
    }
}

main().catch((error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\nTry: npm run simulator -- --help`);
    process.exitCode = 2;
});
