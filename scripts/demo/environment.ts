/** A simulated organization, a project in a temporary folder, and one command at a time. */
import { spawn, type ChildProcess } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
    startSimulator,
    type Organization,
    type OrganizationSeed,
    type RootCredentialLeft,
    type Simulator,
} from "../../test/simulator";
import { bareEnvironment, layOutProject, projectEnvironment } from "../../test/temporary-project";
import type { Interruption } from "./interruption";
import { sorted } from "./inventory";

const WINDOWS = process.platform === "win32";

/** How long a command may run after Ctrl-C, because the engine waits for calls in progress. */
const GRACE_MILLISECONDS = 10_000;

export class DemoEnvironment {
    /** The root credentials in the organization before the first command. */
    readonly before: RootCredentialLeft[];
    readonly #outOfScope: Map<string, string>;

    private constructor(
        private readonly simulator: Simulator,
        private readonly folder: string,
        private readonly interruption: Interruption,
    ) {
        this.before = sorted(this.organization.rootCredentialsLeft());
        this.#outOfScope = credentialsOutOfScope(this.organization);
    }

    static async create(seed: OrganizationSeed, interruption: Interruption): Promise<DemoEnvironment> {
        const folder = mkdtempSync(join(tmpdir(), "root-credentials-demo-"));
        try {
            layOutProject(folder);
            return new DemoEnvironment(await startSimulator({ seed }), folder, interruption);
        } catch (error) {
            rmSync(folder, { recursive: true, force: true });
            throw error;
        }
    }

    get organization(): Organization {
        return this.simulator.organization;
    }

    /** The variables that a user would export before the first command. */
    exports(): { because: string; lines: string[] }[] {
        const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID } = this.simulator.environment();
        const { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE } = this.#settings();
        return [
            {
                because: "The simulated AWS, and a user of its management account",
                lines: [
                    exported({ AWS_ENDPOINT_URL, AWS_REGION }),
                    exported({ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: "..." }),
                ],
            },
            {
                because: "The place of Pulumi's state, and the passphrase for secrets in it. It holds none",
                lines: [exported({ PULUMI_BACKEND_URL }), exported({ PULUMI_CONFIG_PASSPHRASE })],
            },
        ];
    }

    /** Returns the exit code. Throws if the user interrupts the command. */
    async run(command: string): Promise<number> {
        this.interruption.throwIfAny();
        const child = spawn(command, {
            shell: true,
            cwd: join(this.folder, "project"),
            env: { ...bareEnvironment(), ...this.simulator.environment(), ...this.#settings() },
            // Its own process group, so that all its processes can be ended together.
            detached: !WINDOWS,
            // With the terminal, Pulumi prints as it does for a user.
            stdio: "inherit",
        });
        const { lastResort, stopListening } = this.#endOnInterruption(child);
        try {
            const exitCode = await new Promise<number | null>((resolve, reject) => {
                child.on("error", reject).on("close", resolve);
            });
            // The shell ends at the first signal, but the engine still finishes its calls.
            while (isRunning(child)) await sleep(50);
            this.interruption.throwIfAny();
            return exitCode ?? -1;
        } finally {
            stopListening();
            lastResort.abort();
        }
    }

    #endOnInterruption(child: ChildProcess) {
        const lastResort = new AbortController();
        const stopListening = this.interruption.listen((insistent) => {
            endGroup(child, insistent ? "SIGKILL" : "SIGINT");
            const timer = setTimeout(endGroup, GRACE_MILLISECONDS, child, "SIGKILL");
            lastResort.signal.addEventListener("abort", () => clearTimeout(timer));
        });
        return { lastResort, stopListening };
    }

    /** Copies a file of the project's folder to the working directory. */
    copyOut(file: string): string {
        const kept = resolve(file);
        copyFileSync(join(this.folder, "project", file), kept);
        return kept;
    }

    /** Accounts out of scope whose credentials have changed. */
    touchedOutOfScope(): string[] {
        const now = credentialsOutOfScope(this.organization);
        return [...now.keys()].filter((id) => now.get(id) !== this.#outOfScope.get(id));
    }

    async clear(): Promise<void> {
        await this.simulator.close();
        rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    }

    #settings() {
        return {
            ...projectEnvironment(this.folder),
            PULUMI_CONFIG_PASSPHRASE: "demo",
        };
    }
}

function credentialsOutOfScope(organization: Organization): Map<string, string> {
    return new Map(
        organization.accounts().map(({ id, root, state }) => {
            const inScope = id !== organization.managementAccountId && state === "ACTIVE";
            const held = [organization.principals.userIn(id).credentials, ...(inScope ? [] : [root])];
            return [id, JSON.stringify(held)];
        }),
    );
}

function exported(variables: Record<string, string | undefined>): string {
    const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    return `export ${assignments.join(" ")}`;
}

function isRunning({ pid }: ChildProcess): boolean {
    if (WINDOWS || pid === undefined) return false;
    try {
        return process.kill(-pid, 0);
    } catch {
        return false;
    }
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
    if (WINDOWS || child.pid === undefined) {
        child.kill(signal);
        return;
    }
    try {
        process.kill(-child.pid, signal);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // ESRCH: it has ended by itself
    }
}
