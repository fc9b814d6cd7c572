/** The environment variables and the console of the provider. */
import assert from "node:assert/strict";
import { devNull } from "node:os";
import { format } from "node:util";
import { startSimulator, type Caller, type Simulator, type SimulatorOptions } from "../../simulator";

/** The environment with `variables`, and without variables that lead to a real account or another stack. */
export function environmentWith(variables: Record<string, string>): NodeJS.ProcessEnv {
    const kept = Object.entries(process.env).filter(
        ([name]) => !/^(AWS_|PULUMI_|ROOT_CREDENTIALS_)/.test(name),
    );
    const nothing = {
        AWS_CONFIG_FILE: "/dev/null",
        AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
        AWS_EC2_METADATA_DISABLED: "true",
        ROOT_CREDENTIALS_RECORD_FILE: devNull,
    };
    return { ...Object.fromEntries(kept), ...nothing, ...variables };
}

/** Gives this process's environment and console to one run of the provider, and restores them afterwards. */
export class Surroundings {
    private static lent = false;
    private readonly printed: string[] = [];
    private readonly environment = { ...process.env };
    private readonly console = { log: console.log, error: console.error };

    constructor(environment: Record<string, string>) {
        assert.ok(!Surroundings.lent, "runs as imported share one process and follow each other");
        Surroundings.lent = true;
        become(environmentWith(environment));
        console.log = console.error = (...line: unknown[]) => void this.printed.push(`${format(...line)}\n`);
    }

    restore(): string {
        Surroundings.lent = false;
        become(this.environment);
        Object.assign(console, this.console);
        return this.printed.join("");
    }
}

function become(environment: NodeJS.ProcessEnv): void {
    for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
    Object.assign(process.env, environment);
}

/** Runs `work` in this process with its own organization. */
export async function inOrganization(
    options: SimulatorOptions & { caller?: Caller },
    work: (simulator: Simulator) => Promise<void>,
): Promise<void> {
    const simulator = await startSimulator(options);
    const surroundings = new Surroundings(simulator.environment(options.caller));
    try {
        await work(simulator);
    } finally {
        surroundings.restore();
        await simulator.close();
    }
}
