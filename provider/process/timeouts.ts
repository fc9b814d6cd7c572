/** The provider's time-outs in milliseconds, and its pause. Tests shorten them with `Object.assign`. No other code may change them. */
import { setTimeout as sleep } from "node:timers/promises";

export const timeouts = {
    /** For all work on one account, including the wait for throttled calls. */
    operationDeadline: 10 * 60 * 1000,
    /** From the deadline until a method gives up. Calls under way end earlier, by their own time-outs. */
    grace: 90_000,
    connectionTimeout: 5_000,
    /** From the request to the headers of the response. */
    requestTimeout: 15_000,
    /** Between two chunks of the response. */
    socketTimeout: 15_000,
    /** From the headers of the response to its end. */
    responseTimeout: 30_000,
    /** From the engine's end until the process exits, even if a write is under way. */
    lastWrite: 5_000,
    /** Until another process says whether it belongs to this run. It answers at once unless the machine is very busy. */
    witnessTimeout: 30_000,
    /** The longest delay before the first retry. It doubles with each retry, and the SDK waits a random part of it. */
    retryDelay: 50,
    /** If a page of accounts takes longer, the accounts of all units are listed side by side as well. */
    slowPage: 300,
    pause: (milliseconds: number): Promise<void> => sleep(milliseconds),
};
