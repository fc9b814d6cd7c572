/**
 * Ends the provider's process after the engine that started it.
 *
 * An engine that is killed does not end the provider's process. That process would wait for its next call for ever. Meanwhile it
 * would go on with its work in accounts, and nobody would see the results.
 *
 * The operating system closes the engine's connections when the engine ends, and not before. So an engine that is busy or
 * stopped by a signal is not gone.
 */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { engineOfRun, isProviderProcess } from "./engine";
import { timeouts } from "../process/timeouts";

/** Between two looks at the process that started this one. Milliseconds. */
const PAUSE = 50;

/** Until the system has given an engine's processes another parent, once its connections are closed. Milliseconds. */
const SYSTEM_NOTICES = 500;

let watched = false;
let ending = false;
let underWay = 0;

/** From now on this process ends soon after the engine has. For provider processes only; once is enough. */
export function exitWithEngine(): void {
    if (watched || !isProviderProcess()) return;
    watched = true;
    // The engine reads what we print. Once it is dead, printing fails, and Pulumi's process would print that it failed, for ever.
    for (const stream of [process.stdout, process.stderr]) {
        if (stream.listenerCount("error") === 0) stream.on("error", () => {});
    }
    if (process.listenerCount("SIGTERM") === 0) process.on("SIGTERM", endSoon);
    void watch(process.ppid);
}

/** Runs a write. If the engine is gone, the write does not begin. A write under way gets a few seconds to end. */
export async function guardWrite<T>(write: () => Promise<T>): Promise<T> {
    if (ending) throw new Error("Pulumi's provider process is ending, so nothing more is changed");
    underWay++;
    try {
        return await write();
    } finally {
        underWay--;
        if (ending) endUnlessWriting();
    }
}

async function watch(parent: number): Promise<void> {
    const ancestor = grandparentOf(process.pid);
    try {
        const connection = await engineOfRun()?.connection();
        await connection?.ended;
    } catch {
        return watchParent(parent); // the engine is gone already, or Pulumi does not tell its address
    }
    ending = true;
    await endIdleSibling(ancestor);
    endSoon();
}

function watchParent(parent: number): void {
    const look = () => void (process.ppid !== parent && (clearInterval(timer), endSoon()));
    const timer = setInterval(look, PAUSE).unref();
}

/** Begins nothing more, and ends once the code that writes has recorded what came of it. */
function endSoon(): void {
    setTimeout(() => process.exit(1), timeouts.lastWrite);
    ending = true;
    endUnlessWriting();
}

function endUnlessWriting(): void {
    if (underWay === 0) setImmediate(() => process.exit(1));
}

/**
 * An engine that refreshes starts a second process beside the one that it uses, and may never call it: nothing of this code runs
 * there. Once the engine is gone, the system gives both the same new ancestor. A process of a later run has an engine of its own.
 * On Linux only; elsewhere such a process is left.
 *
 * @param before this process's ancestor while the engine was there
 */
async function endIdleSibling(before: number): Promise<void> {
    const deadline = Date.now() + SYSTEM_NOTICES;
    while (grandparentOf(process.pid) === before) {
        if (before === 0 || Date.now() > deadline) return;
        await sleep(PAUSE);
    }
    const own = process.argv.slice(1).join("\0");
    for (const pid of readdirSync("/proc").map(Number).filter(Boolean)) {
        try {
            const [, ...args] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
            const isSibling = pid !== process.pid && args.join("\0") === `${own}\0`;
            if (isSibling && grandparentOf(pid) === grandparentOf(process.pid)) process.kill(pid, "SIGTERM");
        } catch {
            // It has ended, or is another user's.
        }
    }
}

/** Between the engine and a provider process there is a shell, which stays when the engine has ended. 0 if the system does not tell. */
function grandparentOf(pid: number): number {
    try {
        return parentOf(parentOf(pid));
    } catch {
        return 0;
    }
}

function parentOf(pid: number): number {
    // The command's name stands in brackets and may hold any character; the parent is the second field behind it.
    const [, parent] = readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
    return Number(parent);
}
