/**
 * Ends the provider's process after the engine that started it.
 *
 * A killed engine does not end the provider's process. That process would go on with its work, and nobody would see the results.
 * The operating system closes the engine's connections when the engine ends, and not before. So a busy engine, or one that is
 * stopped by a signal, is not gone.
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
    // The engine reads this process's output. After its death, printing fails, and Pulumi's code would print that for ever.
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
