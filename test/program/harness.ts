/** Runs the program over a simulated organization, with Pulumi's mocks instead of the engine. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { format } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type program from "../../program";
import type * as paceModule from "../../provider/process/timeouts";
import type { Report } from "../../provider/report/model";
import type * as accountsModule from "../../provider/run/accounts";
import type * as startModule from "../../provider/run/join-run";
import type * as storeModule from "../../provider/run/store";
import type { Scope } from "../../program/selection";
import type { Settings } from "../../program/settings";
import type * as previewSummary from "../../program/preview-summary";
import type { PreviewSummary } from "../../program/preview-summary";
import { StandInEngine } from "../provider/harness/engine";
import {
    startSimulator,
    type Caller,
    type Organization,
    type Simulator,
    type SimulatorOptions,
} from "../simulator";

const PROJECT = "aws-root-credentials";
const PROGRAM = resolve(__dirname, "../../program");
const PROVIDER = join(dirname(require.resolve("pulumi-aws-root-credentials/package.json")), "dist");
const loadFromHere = createRequire(__filename);

export interface Registered {
    type: string;
    name: string;
    inputs: Record<string, unknown>;
}

export interface ProgramOptions extends SimulatorOptions {
    config?: Record<string, string>;
    preview?: boolean;
    /** The caller of the program. Default: a user of the management account. */
    caller?: Caller;
    /** Changes the organization before the run. */
    arrange?: (organization: Organization) => void;
    /** The outputs of an account's resource. Default: those in a first preview. */
    known?: (accountId: string) => Record<string, unknown>;
    /** Accounts that the refresh has inspected and found clean. */
    refreshed?: string[];
    /** Calls a resource's hook before its creation, as the engine does in a first preview. */
    callsHooks?: boolean;
}

/** A run of the program: its resources, outputs and messages. */
export interface ProgramRun {
    simulator: Simulator;
    registered: Registered[];
    /** The requests to the engine, which have the options of each resource. */
    requests: RegisterResourceRequest[];
    outputs: Record<string, unknown>;
    /** The hooks of the resources, by name. */
    hooks: Map<string, pulumi.ResourceHook>;
    /** All messages so far. */
    said: () => string;
    report: Report;
}

/** Passes the run to `look`. Rejects if the program does. */
export async function runProgram(
    options: ProgramOptions,
    look: (run: ProgramRun) => void | Promise<void>,
): Promise<void> {
    const simulator = await startSimulator(options);
    options.arrange?.(simulator.organization);
    const said: string[] = [];
    const engine = await StandInEngine.start();
    const restore = lend(simulator.environment(options.caller), said, engine.address);
    process.env.ROOT_CREDENTIALS_REPORT = reportFile();
    try {
        const registered: Registered[] = [];
        const hooks = new Map<string, pulumi.ResourceHook>();
        await mockPulumi(options, registered, hooks);
        const requests = overheard();
        const run = fresh<typeof program>("index");
        // Waiting for the rates of Organizations would only slow the tests.
        Object.assign((loadFromHere(join(PROVIDER, "process/timeouts")) as typeof paceModule).timeouts, {
            pause: async () => {},
        });
        const { accountsOfRun } = loadFromHere(join(PROVIDER, "run/accounts")) as typeof accountsModule;
        (loadFromHere(join(PROVIDER, "run/join-run")) as typeof startModule).joinRun();
        await storeUnderWay().isReady;
        for (const id of options.refreshed ?? [])
            accountsOfRun().addInspected(id, { onDelete: "allow-recovery", confirmed: true, clean: true });
        const outputs = await run();
        await settled();
        const report = JSON.parse(readFileSync(reportFile(), "utf8")) as Report;
        await look({ simulator, registered, requests, outputs, hooks, said: () => said.join(""), report });
    } finally {
        restore();
        engine.stop();
        await simulator.close();
    }
}

/** The run's identity, which program and provider share. */
export function runUnderWay(): string {
    return storeUnderWay().id;
}

function storeUnderWay() {
    return (loadFromHere(join(PROVIDER, "run/store")) as typeof storeModule).storeOfRun();
}

/** The settings of a stack with this configuration. */
export async function settingsFrom(config: Record<string, string>): Promise<Settings> {
    await mockPulumi({ config, seed: { accounts: [] } }, [], new Map());
    return fresh<{ readSettings(): Settings }>("settings").readSettings();
}

/** The report of these accounts with the results that `count` sets, and the printed tree. */
export async function summarized(
    scope: Scope,
    count: (summary: PreviewSummary) => void,
): Promise<{ report: Report; said: string }> {
    await mockPulumi({ seed: { accounts: [] } }, [], new Map());
    const said: string[] = [];
    const engine = await StandInEngine.start();
    const restore = lend({}, said, engine.address);
    try {
        const { PreviewSummary, showTree } = fresh<typeof previewSummary>("preview-summary");
        const summary = new PreviewSummary();
        count(summary);
        const started = new Date().toISOString();
        const header = { source: "preview", started, generated: started, complete: true } as const;
        const report = summary.report(scope, header, [], []);
        showTree(report);
        await settled();
        return { report, said: said.join("") };
    } finally {
        restore();
        engine.stop();
    }
}

async function mockPulumi(
    { config = {}, preview = true, known = () => ({}), callsHooks = false }: ProgramOptions,
    registered: Registered[],
    hooks: Map<string, pulumi.ResourceHook>,
): Promise<void> {
    await pulumi.runtime.setMocks(
        {
            async newResource({ type, name, inputs }) {
                const given = inputs as Record<string, unknown>;
                registered.push({ type, name, inputs: given });
                const isAccount = type.endsWith(":RootCredentialsAbsent");
                const hook = hooks.get(isAccount ? "inspect-before-create" : "inspect-policy-before-create");
                const resource = {
                    urn: `urn:pulumi:test::${PROJECT}::${type}::${name}`,
                    id: name,
                    name,
                    type,
                };
                if (callsHooks) await hook?.callback({ ...resource, newInputs: given });
                return { id: name, state: { ...given, ...known(name) } };
            },
            call: ({ inputs }) => inputs as Record<string, unknown>,
        },
        PROJECT,
        "test",
        preview,
        "organization",
    );
    pulumi.runtime.setAllConfig(config);
    // Pulumi's mocks lack hooks. This stores the hooks, in place of the server that the engine would call.
    const callbacks = {
        registerResourceHook: (hook: pulumi.ResourceHook) => {
            hooks.set(hook.name, hook);
            return Promise.resolve();
        },
        awaitStackRegistrations: () => Promise.resolve(),
        shutdown: () => undefined,
    };
    const { globalStore } = globalThis as unknown as { globalStore: object };
    Object.assign(globalStore, { callbacks });
}

function reportFile(): string {
    return join(process.env.TMPDIR ?? "", "report.json");
}

/** Records the program's requests to the mocked engine from now on. */
function overheard(): RegisterResourceRequest[] {
    const requests: RegisterResourceRequest[] = [];
    const monitor = pulumi.runtime.getMonitor() as unknown as {
        registerResource: (request: RegisterResourceRequest, ...rest: unknown[]) => unknown;
    };
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, ...rest) => {
        requests.push(request);
        return register(request, ...rest);
    };
    return requests;
}

/** Loads a module of the program anew, and the provider too. */
function fresh<T>(name: string): T {
    for (const loaded of Object.keys(require.cache)) {
        if (loaded.startsWith(PROGRAM) || loaded.startsWith(PROVIDER)) delete require.cache[loaded];
    }
    return loadFromHere(join(PROGRAM, name)) as T;
}

/** Waits for all registrations, and then for the callbacks on their outputs. */
async function settled(): Promise<void> {
    await pulumi.runtime.disconnect();
    for (let turn = 0; turn < 20; turn++) await new Promise((next) => setImmediate(next));
}

function lend(environment: Record<string, string>, said: string[], engine: string): () => void {
    const before = { ...process.env };
    const { log, info, warn, error } = console;
    for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
    const nothing = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
    const TMPDIR = mkdtempSync(join(tmpdir(), "program-"));
    Object.assign(process.env, nothing, environment, { TMPDIR });
    // The provider's process gets the engine's address as an argument. This process imitates it, because no engine runs.
    const [, script = ""] = process.argv;
    process.argv[1] = "dynamic-provider";
    process.argv.push(engine);
    const say = (...line: unknown[]) => void said.push(`${format(...line)}\n`);
    Object.assign(console, { log: say, info: say, warn: say, error: say });
    return () => {
        process.argv.pop();
        process.argv[1] = script;
        Object.assign(console, { log, info, warn, error });
        for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
        Object.assign(process.env, before);
        rmSync(TMPDIR, { recursive: true, force: true });
    };
}
