/**
 * A Pulumi stack on the real engine: the real CLI, a file backend in a temporary folder, and a simulated organization.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountInReport, Report } from "pulumi-aws-root-credentials/report";
import { BIN, bareEnvironment, layOutProject, projectEnvironment } from "../temporary-project";
import { startSimulator, type Simulator, type SimulatorOptions } from "../simulator";

/** What a command printed, both streams in one text, and how it ended. */
export interface Run {
    exitCode: number;
    output: string;
    stdout: string;
    /** The report that the program wrote, if a program ran. */
    report: Report | undefined;
}

export type StackOptions = Omit<SimulatorOptions, "seed">;

export class Stack {
    private constructor(
        readonly simulator: Simulator,
        private readonly folder: string,
        readonly project: string,
        readonly environment: NodeJS.ProcessEnv,
    ) {}

    /** A new stack called `test` over a new organization. */
    static async over(seed: SimulatorOptions["seed"], options: StackOptions = {}): Promise<Stack> {
        const simulator = await startSimulator({ seed, ...options });
        const folder = mkdtempSync(join(tmpdir(), "root-credentials-"));
        const project = layOutProject(folder);
        const stack = new Stack(simulator, folder, project, {
            ...bareEnvironment(),
            ...projectEnvironment(folder),
            ...simulator.environment(),
            PULUMI_CONFIG_PASSPHRASE: "test",
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
        return this.run(command.split(" "), environment);
    }

    /** The same, word by word. */
    async run(words: string[], environment: NodeJS.ProcessEnv = {}): Promise<Run> {
        const args = ["--non-interactive", "--color=never", ...words];
        const report = join(this.folder, "report.json");
        rmSync(report, { force: true });
        const env = { ...this.environment, ROOT_CREDENTIALS_REPORT: report, ...environment };
        const ended = await run(join(BIN, "pulumi"), args, this.project, env);
        const isForPeople = !words.includes("--json") && !words.includes("--logtostderr");
        if (isForPeople && words[0] !== "stack") refuseLinesForMachines(ended.output);
        const written = existsSync(report) ? (JSON.parse(readFileSync(report, "utf8")) as Report) : undefined;
        return { ...ended, report: written };
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

    /** The URN of an account's resource; under a parent it carries the parent's type. */
    urn(name: string, parentType?: string): string {
        const type = "pulumi-nodejs:dynamic/aws-root:RootCredentialsAbsent";
        return `urn:pulumi:test::aws-root-credentials::${parentType ? `${parentType}$` : ""}${type}::${name}`;
    }

    /** Puts another program in place, as JavaScript. */
    program(source: string): void {
        writeFileSync(join(this.project, "program.js"), source);
        writeFileSync(
            join(this.project, "package.json"),
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

/** People read the terminal: no line begins with JSON, or with a word and JSON. */
function refuseLinesForMachines(output: string): void {
    const line = output.split("\n").find((each) => /^\s*([a-z][\w-]* +)?\{"/i.test(each));
    if (line !== undefined) throw new Error(`a line for machines in the terminal: ${line}`);
}

/** The totals of the run's report, which must be there. */
export function totalsOf({ report, output }: Run): Report["totals"] {
    if (report === undefined) throw new Error(`the run wrote no report: ${output}`);
    return report.totals;
}

/** The account in the run's report, which must be there. */
export function accountOf({ report, output }: Run, id: string): AccountInReport {
    const account = report?.accounts.find((each) => each.id === id);
    if (account === undefined) throw new Error(`the run's report has no account ${id}: ${output}`);
    return account;
}

/** The account's root credentials in the run's report: `loginProfile password`, `accessKey AKIA...`. */
export function credentialsOf(run: Run, id: string): string[] {
    return (accountOf(run, id).credentials ?? []).map((each) => `${each.kind} ${each.id}`);
}

interface ExportedResource {
    urn: string;
    type: string;
    inputs: Record<string, unknown>;
    outputs: Record<string, unknown>;
}

/** Runs a command to its end; a command that hangs is killed with all that it started. */
function run(
    command: string,
    args: string[],
    cwd: string,
    env: NodeJS.ProcessEnv,
): Promise<Omit<Run, "report">> {
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
