/** Exits only after AWS has answered the writes under way and the write log has the answers. */
import { timeouts } from "./timeouts";

let ending = false;
let writesUnderWay = 0;

/** Runs a write. Rejects without running it if the process is about to exit. */
export async function guardWrite<T>(write: () => Promise<T>): Promise<T> {
    if (ending) throw new Error("Pulumi's provider process is ending, so nothing more is changed");
    writesUnderWay++;
    try {
        return await write();
    } finally {
        writesUnderWay--;
        if (ending) exitIfIdle();
    }
}

/** Exits after the writes under way, and after `timeouts.lastWrite` in any case. */
export function exitAfterWrites(): void {
    setTimeout(() => process.exit(1), timeouts.lastWrite);
    ending = true;
    exitIfIdle();
}

function exitIfIdle(): void {
    if (writesUnderWay === 0) setImmediate(() => process.exit(1));
}
