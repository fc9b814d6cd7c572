/** `npm run simulator`: a simulated AWS organization to point Pulumi at. */
import {
    EXAMPLE_ORGANIZATION,
    type Simulator,
    generatedOrganization,
    startSimulator,
} from "../test/simulator";
import { parseOptions, runScript, UsageError, wholeNumber } from "./command-line";

const USAGE = `Starts a simulated AWS organization on this machine and prints the variables that point Pulumi at it.

  npm run simulator -- [--port <number>] [--latency <milliseconds>] [--accounts <number>]

  --port      the port to listen on (default: any free port)
  --latency   duration of each AWS call in milliseconds (default: 0)
  --accounts  number of member accounts to generate (default: the example organization)
  --help      prints this text

The simulator keeps its state in memory until it ends (Ctrl+C).`;

const OPTIONS = {
    port: { type: "string", default: "0" },
    latency: { type: "string", default: "0" },
    accounts: { type: "string" },
    help: { type: "boolean", default: false },
} as const;

async function main(): Promise<void> {
    const { values: flags } = parseOptions({ options: OPTIONS });
    if (flags.help) return console.log(USAGE);
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

async function startOn(port: number, start: () => Promise<Simulator>): Promise<Simulator> {
    try {
        return await start();
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
        const problem = code === "EACCES" ? "this user may listen on" : "is free";
        throw new UsageError(`--port: expected a port that ${problem}, got "${port}"`, { cause: error });
    }
}

function endOnSignal(simulator: Simulator): void {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.once(signal, () => void simulator.close());
    }
}

runScript(main, "npm run simulator -- --help");
