/** The program over a simulated organization, with Pulumi's mocks in place of the engine. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { format } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type program from "../../program";
import type * as paceModule from "../../provider/pace";
import type { Report } from "../../provider/report/model";
import type * as runMemory from "../../provider/this-run";
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
    /** Who runs the program; the management account's user if left out. */
    caller?: Caller;
    /** What is to go wrong in the organization. */
    arrange?: (organization: Organization) => void;
    /** What the engine knows of an account's resource; without it, what a first preview knows. */
    known?: (accountId: string) => Record<string, unknown>;
    /** Accounts that the refresh has looked at and found clean. */
    refreshed?: string[];
    /** Calls the hooks of a resource before it is created, as the engine does in a first preview. */
    callsHooks?: boolean;
}

/** One run of the program: what it registered, answered and said. */
export interface ProgramRun {
    simulator: Simulator;
    registered: Registered[];
    /** The same as the engine would be sent it, with the options of each resource. */
    requests: RegisterResourceRequest[];
    outputs: Record<string, unknown>;
    /** The hooks bound to the resources, as the engine would call them. */
    hooks: Map<string, pulumi.ResourceHook>;
    /** All that was logged so far. */
    said: () => string;
    report: Report;
}

/** Runs the program and hands what became of it to `look`. Rejects as the program does. */
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
        // The rates that Organizations allows are kept to by waiting, which tells nothing here.
        Object.assign((loadFromHere(join(PROVIDER, "pace")) as typeof paceModule).pace, {
            pause: async () => {},
        });
        const { thisRun } = loadFromHere(join(PROVIDER, "this-run")) as typeof runMemory;
        await thisRun.isReady();
        for (const id of options.refreshed ?? [])
            thisRun.wasRead(id, { onDelete: "allow-recovery", confirmed: true, clean: true });
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

/** The run's identity, by which program and provider know each other. */
export function runUnderWay(): string {
    return (loadFromHere(join(PROVIDER, "this-run")) as typeof runMemory).thisRun.id();
}

/** Reads the settings of a stack with this configuration. */
export async function settingsFrom(config: Record<string, string>): Promise<Settings> {
    await mockPulumi({ config, seed: { accounts: [] } }, [], new Map());
    return fresh<{ readSettings(): Settings }>("settings").readSettings();
}

/** The report of these accounts, once `count` has counted, and the tree that is shown of it. */
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
    // Pulumi's mocks do not know hooks: in place of the server that the engine would call back, this only keeps them.
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

/** What the program sends to the mocked engine from now on. */
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

/** A module of the program that remembers nothing, and nothing of the provider either. */
function fresh<T>(name: string): T {
    for (const loaded of Object.keys(require.cache)) {
        if (loaded.startsWith(PROGRAM) || loaded.startsWith(PROVIDER)) delete require.cache[loaded];
    }
    return loadFromHere(join(PROGRAM, name)) as T;
}

/** Once every resource is registered, what waits for their outputs has its turns. */
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
    // Without an engine, this process passes for the provider's: that one is told the engine's address by its arguments.
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
