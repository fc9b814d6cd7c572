/** All durations of the provider, in milliseconds. Tests shorten them with `Object.assign`. No other code may change them. */
import { setTimeout as sleep } from "node:timers/promises";

export const timeouts = {
    /** For the work on one account, with all waiting for throttled calls. */
    operationDeadline: 10 * 60 * 1000,
    /** After the deadline, until a method gives up. Calls under way end by themselves first. */
    grace: 90_000,
    connectionTimeout: 5_000,
    /** From the request to the headers of the response. */
    requestTimeout: 15_000,
    /** Between two parts of the response. */
    socketTimeout: 15_000,
    /** From the headers of the response to its end. */
    responseTimeout: 30_000,
    /** After the engine's death, until the process exits in spite of a write under way. */
    lastWrite: 5_000,
    /** Until another process says whether it belongs to this run. It answers at once, unless the machine is very busy. */
    witnessTimeout: 30_000,
    /** Before the first retry. Each further retry doubles it, and a random part of it is waited. */
    retryDelay: 50,
    /** A page of accounts that takes longer is slow. Then the accounts of all units are listed side by side. */
    slowPage: 300,
    pause: (milliseconds: number): Promise<void> => sleep(milliseconds),
};
