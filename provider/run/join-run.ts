/** The beginning of a run in this process. */
import { setRunContextProvider, type RunContext, type RunDescription } from "../process/run-context";
import { engineOfRun, isProviderProcess } from "./engine";
import { programFolder } from "./program-folder";
import { programOfRun } from "./program";
import { storeOfRun } from "./store";

const WITHOUT_ENGINE = {};

/**
 * Connects this process to the run that it works for. The methods of the dynamic providers (`provider-method.ts`), the constructors of
 * resources, and the exported functions that depend on the run call it first. An import alone has no effect.
 */
export function joinRun(): void {
    setRunContextProvider(contextOfRun);
    if (engineOfRun() !== undefined) started();
}

/**
 * The value, once this process has joined the run. As an input of a resource, it makes the engine wait, because the engine
 * needs all inputs.
 */
export function onceJoined<T>(value: T): T | Promise<T> {
    joinRun();
    return engineOfRun() === undefined ? value : storeOfRun().isReady.then(() => value);
}

/** The function for programs: it first joins the run that calls it. */
export function inRun<Args extends unknown[], Result>(
    work: (...args: Args) => Result,
): (...args: Args) => Result {
    return (...args) => {
        joinRun();
        return work(...args);
    };
}

function contextOfRun(): RunContext {
    return { key: engineOfRun() ?? WITHOUT_ENGINE, describe: describeRun, programFolder };
}

const starts = new WeakSet<object>();

function started(): void {
    const store = storeOfRun();
    if (starts.has(store)) return;
    starts.add(store);
    if (!isProviderProcess()) programOfRun().addStart();
}

/** The stack's name comes from the URN of the root resource. A run without a program (`pulumi destroy`) has none. */
async function describeRun(): Promise<RunDescription> {
    const connection = await engineOfRun()
        ?.connection()
        .catch(() => undefined);
    const root = (await connection?.rootResource().catch(() => "")) ?? "";
    const [, stack] = /^urn:pulumi:(.+?)::/.exec(root) ?? [];
    const { PULUMI_PROJECT: project } = process.env;
    const run = storeOfRun().id;
    return { ...(project && { project }), ...(stack && { stack }), ...(run && { run }) };
}
