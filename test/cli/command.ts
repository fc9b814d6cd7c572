/** The command as npm links it, in a process of its own, over a simulated organization if it is to have one. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { BIN, bareEnvironment } from "../temporary-project";

export interface Ended {
    exitCode: number | null;
    stdout: string;
    stderr: string;
}

export interface Around {
    environment?: object;
    input?: string | Buffer;
    cwd?: string;
    /** A stream whose reader is gone, as a pipe into a command that has ended. */
    unread?: "stdout" | "stderr";
}

/** Runs `root-credentials` with these arguments to its end. */
export function rootCredentials(
    args: string[],
    { environment = {}, input = "", cwd, unread }: Around = {},
): Promise<Ended> {
    return new Promise((resolve, reject) => {
        const child = spawn(join(BIN, "root-credentials"), args, {
            cwd,
            env: { ...bareEnvironment(), ...environment },
            timeout: 60_000,
            killSignal: "SIGKILL",
        });
        const said = { stdout: "", stderr: "" };
        for (const name of ["stdout", "stderr"] as const)
            child[name].setEncoding("utf8").on("data", (text: string) => (said[name] += text));
        if (unread) child[unread].destroy();
        child.on("error", reject).on("close", (exitCode) => resolve({ exitCode, ...said }));
        child.stdin.on("error", () => {}); // it may end without reading
        // In two pieces with a pause between them, as from a preview that is still being made.
        const bytes = Buffer.from(input);
        child.stdin.write(bytes.subarray(0, 10));
        setTimeout(() => child.stdin.end(bytes.subarray(10)), 50);
    });
}
