/**
 * The Pulumi run that this process works for, as the lower layers see it. `run/` provides it when a run starts, because only
 * `run/` knows Pulumi. Outside of a run (`root-credentials audit`), the defaults below hold.
 */

export interface RunContext {
    /** The same object during the whole run. Each run has another one. */
    readonly key: object;
    /** The run as the write log names it. */
    describe(): Promise<RunDescription>;
    /** The folder of Pulumi.yaml. Undefined if this process does not know it. */
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

/** A process may see several runs (Automation API), so the context is looked up each time. */
export function currentRun(): RunContext {
    return find();
}

export function findRunsWith(newFind: () => RunContext): void {
    find = newFind;
}
