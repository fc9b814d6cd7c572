/**
 * Ends the provider's process after its engine. A killed engine does not end that process, which would go on without a
 * reader of its results.
 *
 * The operating system closes the engine's connections when the engine ends, and not before. So a busy or stopped engine
 * does not count as ended.
 */
import { exitAfterWrites } from "../process/shutdown";
import { engineOfRun, isProviderProcess } from "./engine";

/** Between two checks of the parent process, if Pulumi does not tell the engine's address. Milliseconds. */
const PAUSE = 50;

let isWatching = false;

/** From now on, this process exits soon after the engine. For provider processes only. */
export function exitWithEngine(): void {
    if (isWatching || !isProviderProcess()) return;
    isWatching = true;
    // The engine reads this process's output. After its end, printing fails, and Pulumi's code would print that error for ever.
    for (const stream of [process.stdout, process.stderr]) {
        if (stream.listenerCount("error") === 0) stream.on("error", () => {});
    }
    if (process.listenerCount("SIGTERM") === 0) process.on("SIGTERM", exitAfterWrites);
    void watchEngine(process.ppid);
}

async function watchEngine(parent: number): Promise<void> {
    try {
        const connection = await engineOfRun()?.connection();
        await connection?.ended;
    } catch {
        return watchParent(parent); // the engine is gone already, or its address is unknown
    }
    exitAfterWrites();
}

function watchParent(parent: number): void {
    const timer = setInterval(() => {
        if (process.ppid === parent) return;
        clearInterval(timer);
        exitAfterWrites();
    }, PAUSE).unref();
}
