/**
 * A Pulumi stack on the real engine: the real CLI, a file backend in a temporary folder, and a simulated organization.
 *
 * Each stack has a project folder of its own: this repository's `Pulumi.yaml` beside links to its package, so that
 * nothing is written into the working tree and runs side by side do not meet.
 */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startSimulator, type Simulator, type SimulatorOptions } from "../simulator";

export const PROJECT_ROOT = resolve(__dirname, "../../..");

/** What a command printed, both streams in one text, and how it ended. */
export interface Run {
    exitCode: number;
    output: string;
    stdout: string;
}

export type StackOptions = Omit<SimulatorOptions, "seed">;

export class Stack {
    private constructor(
        readonly simulator: Simulator,
        readonly folder: string,
        readonly environment: NodeJS.ProcessEnv,
    ) {}

    /** A new stack called `test` over a new organization. */
    static async over(seed: SimulatorOptions["seed"], options: StackOptions = {}): Promise<Stack> {
        const simulator = await startSimulator({ seed, ...options });
        const folder = mkdtempSync(join(tmpdir(), "root-credentials-"));
        layOut(folder);
        const stack = new Stack(simulator, folder, {
            ...bareEnvironment(),
            ...simulator.environment(),
            PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
            PULUMI_CONFIG_PASSPHRASE: "test",
            PULUMI_SKIP_UPDATE_CHECK: "true",
        });
        const { exitCode, output } = await stack.pulumi("stack init test");
        if (exitCode !== 0) throw new Error(`pulumi stack init: ${output}`);
        return stack;
    }

    get organization() {
        return this.simulator.organization;
    }

    /** Runs one Pulumi command, given as a user would type it. */
    pulumi(command: string, environment: NodeJS.ProcessEnv = {}): Promise<Run> {
        const pulumi = join(PROJECT_ROOT, "node_modules/.bin/pulumi");
        const args = ["--non-interactive", "--color=never", ...command.split(" ")];
        return run(pulumi, args, this.folder, { ...this.environment, ...environment });
    }

    preview(flags = "", environment: NodeJS.ProcessEnv = {}): Promise<Run> {
        return this.pulumi(`preview --diff ${flags}`.trim(), environment);
    }

    up(flags = "", environment: NodeJS.ProcessEnv = {}): Promise<Run> {
        return this.pulumi(`up --yes ${flags}`.trim(), environment);
    }

    /** The resources in the stack's state, by name. */
    async resources(): Promise<
        Map<string, { inputs: Record<string, unknown>; outputs: Record<string, unknown> }>
    > {
        const { stdout } = await this.pulumi("stack export");
        const state = JSON.parse(stdout) as { deployment: { resources?: ExportedResource[] } };
        const own =
            state.deployment.resources?.filter(({ type }) => type.endsWith(":RootCredentialsAbsent")) ?? [];
        return new Map(
            own.map(({ urn, inputs, outputs }) => [urn.split("::").at(-1) ?? "", { inputs, outputs }]),
        );
    }

    /** The URN of an account's resource. */
    urn(name: string): string {
        return `urn:pulumi:test::aws-root-credentials::pulumi-nodejs:dynamic/aws-root:RootCredentialsAbsent::${name}`;
    }

    /** Puts another program in place, as JavaScript. */
    program(source: string): void {
        writeFileSync(join(this.folder, "program.js"), source);
        writeFileSync(
            join(this.folder, "package.json"),
            JSON.stringify({ name: "test", main: "program.js" }),
        );
    }

    /** What the API was asked while `work` ran, by action. */
    async callsDuring(work: () => Promise<unknown>): Promise<Map<string, number>> {
        const before = this.simulator.requests.entries.length;
        await work();
        const calls = new Map<string, number>();
        for (const { action } of this.simulator.requests.entries.slice(before)) {
            calls.set(action, (calls.get(action) ?? 0) + 1);
        }
        return calls;
    }

    /** Root credentials on the server, asked of its state and not of its API: `111122223333 password password`. */
    left(): string[] {
        const left = this.organization.rootCredentialsLeft({ activeOnly: true });
        return left.map(({ accountId, kind, id }) => `${accountId} ${kind} ${id}`);
    }

    async close(): Promise<void> {
        await this.simulator.close();
        rmSync(this.folder, { recursive: true, force: true });
    }
}

interface ExportedResource {
    urn: string;
    type: string;
    inputs: Record<string, unknown>;
    outputs: Record<string, unknown>;
}

function layOut(folder: string): void {
    cpSync(join(PROJECT_ROOT, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
    cpSync(join(PROJECT_ROOT, "package.json"), join(folder, "package.json"));
    mkdirSync(join(folder, "state"));
    symlinkSync(join(PROJECT_ROOT, "node_modules"), join(folder, "node_modules"));
    symlinkSync(join(PROJECT_ROOT, "dist"), join(folder, "dist"));
}

/** This process's environment without anything that would reach a real account or another stack. */
function bareEnvironment(): NodeJS.ProcessEnv {
    const kept = Object.entries(process.env).filter(
        ([name]) => !/^(AWS_|PULUMI_(?!HOME$)|ROOT_CREDENTIALS_)/.test(name),
    );
    const nothing = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
    const bin = join(PROJECT_ROOT, "node_modules/.bin");
    return { ...Object.fromEntries(kept), ...nothing, PATH: `${bin}:${process.env.PATH ?? ""}` };
}

/** Runs a command to its end; a command that hangs is killed with all that it started. */
function run(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Run> {
    return new Promise((resolve) => {
        const options = {
            cwd,
            env,
            timeout: 120_000,
            killSignal: "SIGKILL",
            maxBuffer: 64 * 1024 * 1024,
        } as const;
        execFile(command, args, options, (error, stdout, stderr) => {
            const exitCode = error ? (typeof error.code === "number" ? error.code : -1) : 0;
            resolve({ exitCode, output: stdout + stderr, stdout });
        });
    });
}
