/**
 * The Pulumi run of this process, for the layers below `run/`. `run/` provides it when a run starts, because only `run/` knows
 * Pulumi. Outside of a run (`root-credentials audit`), the defaults below apply.
 */

export interface RunContext {
    /** The same object during the whole run. Each run has its own. */
    readonly key: object;
    /** Names the run for the write log. */
    describe(): Promise<RunDescription>;
    /** The folder of Pulumi.yaml, or undefined if this process does not know it. */
    programFolder(): string | undefined;
}

export interface RunDescription {
    project?: string;
    stack?: string;
    /** The run's identity. */
    run?: string;
}

const OUTSIDE_OF_RUNS: RunContext = {
    key: {},
    describe: () => Promise.resolve({}),
    programFolder: () => process.cwd(),
};

let find = (): RunContext => OUTSIDE_OF_RUNS;

/** Looks the context up each time, because one process may start several runs (Automation API). */
export function currentRun(): RunContext {
    return find();
}

export function setRunContextProvider(newFind: () => RunContext): void {
    find = newFind;
}
