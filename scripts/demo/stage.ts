/** All that the demo puts into the world: a simulated organization, a temporary folder, and one command at a time. */
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

/** How long a command may take to end after Ctrl-C: the engine lets calls that are under way finish. */
const GRACE_MILLISECONDS = 10_000;

export class Stage {
    /** The root credentials in the organization when the story begins. */
    readonly before: RootCredentialLeft[];
    readonly #outsideOfScope: Map<string, string>;

    private constructor(
        private readonly simulator: Simulator,
        private readonly folder: string,
        private readonly interruption: Interruption,
    ) {
        this.before = sorted(this.organization.rootCredentialsLeft());
        this.#outsideOfScope = credentialsOutsideOfScope(this.organization);
    }

    static async set(seed: OrganizationSeed, interruption: Interruption): Promise<Stage> {
        const folder = mkdtempSync(join(tmpdir(), "root-credentials-demo-"));
        try {
            layOutProject(folder);
            return new Stage(await startSimulator({ seed }), folder, interruption);
        } catch (error) {
            rmSync(folder, { recursive: true, force: true });
            throw error;
        }
    }

    get organization(): Organization {
        return this.simulator.organization;
    }

    /** What a user would export before the first command, and why. */
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
                because:
                    "Where Pulumi keeps its state, and the passphrase for secrets in it, of which there are none",
                lines: [exported({ PULUMI_BACKEND_URL }), exported({ PULUMI_CONFIG_PASSPHRASE })],
            },
        ];
    }

    /** Runs one command to its end and returns its exit code. Its output goes to the reader. Throws when the reader stops it. */
    async run(command: string): Promise<number> {
        this.interruption.throwIfAny();
        const child = spawn(command, {
            shell: true,
            cwd: join(this.folder, "project"),
            env: { ...bareEnvironment(), ...this.simulator.environment(), ...this.#settings() },
            // A process group of its own, which can be ended as a whole.
            detached: !WINDOWS,
            // A terminal is passed on, so that Pulumi shows what it always shows there.
            stdio: "inherit",
        });
        const { lastResort, stopListening } = this.#endOnInterruption(child);
        try {
            const exitCode = await new Promise<number | null>((resolve, reject) => {
                child.on("error", reject).on("close", resolve);
            });
            // The shell ends at the first signal, and the engine finishes the calls that are under way.
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

    /** A file that a command has written into the project's folder, saved from it. */
    keep(file: string): string {
        const kept = resolve(file);
        copyFileSync(join(this.folder, "project", file), kept);
        return kept;
    }

    /** Accounts whose credentials have changed although they are nothing to this tool. */
    touchedOutsideOfScope(): string[] {
        const now = credentialsOutsideOfScope(this.organization);
        return [...now.keys()].filter((id) => now.get(id) !== this.#outsideOfScope.get(id));
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

function credentialsOutsideOfScope(organization: Organization): Map<string, string> {
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

/** Whether any process of the child's group is left. */
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
