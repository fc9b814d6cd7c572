/** The processes of one stack's run, found by the folder that their environment names (Linux). */
import { readFileSync, readdirSync, readlinkSync } from "node:fs";

/** Who can be killed in the middle of a run. */
export type Victim = keyof typeof COMMANDS;

/** How each of them is known by its command line. */
const COMMANDS = {
    cli: /\/bin\/pulumi\0--non-interactive/,
    "language host": /pulumi-language-nodejs/,
    program: /@pulumi\/pulumi\/cmd\/run/,
    provider: /node\0[^\0]*@pulumi\/pulumi\/cmd\/dynamic-provider/,
} as const;

export interface Process {
    pid: number;
    command: string;
}

/** Everything that runs with `folder` in its environment. */
export function processesOf(folder: string): Process[] {
    return readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .flatMap((pid) => {
            const [environment, command] = [read(pid, "environ"), read(pid, "cmdline")];
            // Without a command line it has ended, and waits for its parent to notice.
            return environment.includes(folder) && command !== "" ? [{ pid: Number(pid), command }] : [];
        });
}

/** Sends a signal to every process of this kind; answers how many there were. */
export function signal(folder: string, victim: Victim, name: NodeJS.Signals): number {
    const victims = processesOf(folder).filter(({ command }) => COMMANDS[victim].test(command));
    for (const { pid } of victims) process.kill(pid, name);
    return victims.length;
}

/**
 * Provider processes that Pulumi has started and not called so far. They run no code of this project, so nothing in them can notice
 * that the engine is gone.
 */
export function idleProviders(folder: string): Process[] {
    const providers = processesOf(folder).filter(({ command }) => COMMANDS.provider.test(command));
    return providers.filter(({ pid }) => !holdsJournal(pid));
}

/** A provider process opens the journal of its run before its first call of AWS, and holds it until the engine ends. */
function holdsJournal(pid: number): boolean {
    try {
        const files = readdirSync(`/proc/${pid}/fd`).map((each) => readlinkSync(`/proc/${pid}/fd/${each}`));
        return files.some((file) => file.includes("/root-credentials-runs-"));
    } catch {
        return true; // it ends just now
    }
}

function read(pid: string, file: string): string {
    try {
        return readFileSync(`/proc/${pid}/${file}`, "utf8");
    } catch {
        return ""; // it has ended
    }
}
