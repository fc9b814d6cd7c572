import { spawn } from "node:child_process";
import { open, rm, stat, utimes } from "node:fs/promises";
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { reportProgress, say } from "./progress.mjs";

/** A problem that the user can solve, reported as a sentence without a stack. */
export class SetupError extends Error {}

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => interruption.abort(signal));
}

/** Runs `work` as the whole program. Reports an error and ends with the exit code that a shell expects. */
export async function runAsProgram(work) {
    try {
        await work();
    } catch (error) {
        if (interruption.signal.aborted) {
            say(`Stopped by ${interruption.signal.reason}. The next run continues from here.`);
            process.exit(128 + os.constants.signals[interruption.signal.reason]);
        }
        say(error instanceof SetupError ? error.message : (error.stack ?? String(error)));
        process.exit(1);
    }
}

/**
 * Runs a command and returns whether it succeeded (`ok`), its output, and `missing` if there is no such command. If this
 * program is interrupted or `giveUp` is aborted, the command and its child processes end first. It throws only if this
 * program is interrupted.
 */
export function run(command, args, { cwd, env, onLine = () => {}, giveUp, shell = false } = {}) {
    return new Promise((resolve, reject) => {
        interruption.signal.throwIfAborted();
        // Its own process group, because `go` and `npm` do not end their children.
        const child = spawn(command, args, {
            cwd,
            env: { ...process.env, ...env },
            shell,
            detached: process.platform !== "win32",
            stdio: ["ignore", "pipe", "pipe"],
        });
        let lastResort;
        const end = () => {
            endGroup(child, "SIGINT");
            lastResort = setTimeout(endGroup, 3000, child, "SIGKILL");
        };
        interruption.signal.addEventListener("abort", end);
        giveUp?.addEventListener("abort", end);

        let output = "";
        for (const stream of [child.stdout, child.stderr]) {
            let unfinishedLine = "";
            stream.setEncoding("utf8").on("data", (text) => {
                output = (output + text).slice(-20_000);
                const lines = (unfinishedLine + text).split("\n");
                unfinishedLine = lines.pop();
                lines.forEach(onLine);
            });
        }
        const settle = (settlement) => {
            clearTimeout(lastResort);
            interruption.signal.removeEventListener("abort", end);
            giveUp?.removeEventListener("abort", end);
            settlement();
        };
        child.on("error", (error) =>
            settle(() => resolve({ ok: false, output: error.message, missing: error.code === "ENOENT" })),
        );
        child.on("close", (code) =>
            settle(() => {
                if (interruption.signal.aborted) reject(new Error(`${command} was interrupted`));
                else resolve({ ok: code === 0, output: output.trim() });
            }),
        );
    });
}

function endGroup(child, signal) {
    if (process.platform === "win32") {
        child.kill();
        return;
    }
    try {
        process.kill(-child.pid, signal);
    } catch (error) {
        if (error.code !== "ESRCH") throw error; // ESRCH: the process has ended already
    }
}

const HEARTBEAT_MS = 2000;
const STALE_MS = 15_000;

/**
 * Lets one set-up at a time do `work`; the others wait. The lock only prevents duplicate work. So a holder that stops
 * touching the lock (because it was killed or suspended) loses it.
 */
export async function withLock(lock, work) {
    await reportProgress("Waiting for another set-up to finish", () => take(lock), { quietForMs: 2000 });
    const heartbeat = setInterval(() => touch(lock).catch(() => {}), HEARTBEAT_MS);
    try {
        return await work();
    } finally {
        clearInterval(heartbeat);
        await rm(lock, { force: true });
    }
}

async function take(lock) {
    for (;;) {
        try {
            await (await open(lock, "wx")).close();
            return;
        } catch (error) {
            if (error.code !== "EEXIST") throw error;
        }
        const holder = await stat(lock).catch(() => undefined); // undefined if it was released meanwhile
        if (holder && Date.now() - holder.mtimeMs > STALE_MS) await rm(lock, { force: true });
        await sleep(100, undefined, { signal: interruption.signal });
    }
}

function touch(file) {
    const now = new Date();
    return utimes(file, now, now);
}
