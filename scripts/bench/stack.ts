/** A stack on the real engine, over a simulated organization in another process. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BIN, bareEnvironment, layOutProject, projectEnvironment } from "../../test/temporary-project";
import { RemoteOrganization } from "./organization";
import type { CallStatistics, OrganizationOptions } from "./organization-process";
import { watchProcesses, type Cost, type Role } from "./processes";

export interface CommandResult {
    exitCode: number | null;
    output: string;
    seconds: number;
    costs: Map<Role, Cost>;
    statistics: CallStatistics;
}

export interface Program {
    name: string;
    /** The file that Pulumi runs, relative to the project. Default: the project's own program. */
    main?: string;
}

const TIMEOUT_MILLISECONDS = 60 * 60 * 1000;

export class BenchStack {
    private constructor(
        readonly organization: RemoteOrganization,
        private readonly folder: string,
        private readonly project: string,
        private readonly environment: NodeJS.ProcessEnv,
    ) {}

    static async create(
        program: Program,
        options: OrganizationOptions,
        environment: NodeJS.ProcessEnv,
    ): Promise<BenchStack> {
        const organization = await RemoteOrganization.start(options);
        const folder = mkdtempSync(join(tmpdir(), "root-credentials-bench-"));
        const project = layOutProject(folder);
        if (program.main) {
            writeFileSync(
                join(project, "package.json"),
                JSON.stringify({ name: "bench", main: program.main }),
            );
        }
        const stack = new BenchStack(organization, folder, project, {
            ...bareEnvironment(),
            ...projectEnvironment(folder),
            ...organization.environment,
            PULUMI_CONFIG_PASSPHRASE: "bench",
            BENCH_ACCOUNTS: String(options.accounts),
            ...environment,
        });
        try {
            for (const command of ["stack init bench", "config set onDelete retain"]) {
                const { exitCode, output } = await stack.run(command);
                if (exitCode !== 0) throw new Error(`pulumi ${command}: ${output}`);
            }
            return stack;
        } catch (error) {
            await stack.close();
            throw error;
        }
    }

    /** @param command a command of Pulumi as a user types it, without `pulumi` */
    async run(command: string): Promise<CommandResult> {
        await this.organization.statistics();
        const started = performance.now();
        const child = spawn(
            join(BIN, "pulumi"),
            ["--non-interactive", "--color=never", ...command.split(" ")],
            {
                cwd: this.project,
                env: this.environment,
                stdio: ["ignore", "pipe", "pipe"],
                timeout: TIMEOUT_MILLISECONDS,
                killSignal: "SIGKILL",
            },
        );
        const watched = watchProcesses(child.pid ?? process.pid);
        let output = "";
        for (const stream of [child.stdout, child.stderr]) {
            stream.setEncoding("utf8").on("data", (text: string) => (output += text));
        }
        const exitCode = await new Promise<number | null>((resolve, reject) => {
            child.on("error", reject).on("close", resolve);
        });
        const seconds = (performance.now() - started) / 1000;
        const statistics = await this.organization.statistics();
        return { exitCode, output, seconds, costs: watched.stop(), statistics };
    }

    /** The size of the stack's state in the file backend, in MiB. */
    stateMiB(): number {
        const stacks = join(this.folder, "state/.pulumi/stacks");
        const sizes = readdirSync(stacks, { recursive: true, encoding: "utf8" })
            .filter((name) => name.endsWith("bench.json"))
            .map((name) => statSync(join(stacks, name)).size);
        return sizes.reduce((sum, each) => sum + each, 0) / 1024 / 1024;
    }

    async close(): Promise<void> {
        await this.organization.stop();
        rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    }
}
