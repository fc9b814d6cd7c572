/**
 * How long things may take, and how long to wait in between: every duration that the provider keeps to, in milliseconds.
 *
 * One object, so that tests which play thousands of faults can make it short (`Object.assign(pace, ...)`); nothing else
 * may change it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { STSClientConfig } from "@aws-sdk/client-sts";

export const timeouts = {
    /** For one account, however often AWS says "too fast". */
    operationDeadline: 10 * 60 * 1000,
    /** Added to it before a method is given up on: calls in flight end by themselves first. */
    grace: 90_000,
    /** To a connection; from the request to its answer's headers; between two pieces of the answer. */
    connectionTimeout: 5_000,
    requestTimeout: 15_000,
    socketTimeout: 15_000,
    /** From the answer's headers to its end, however steadily its pieces come. */
    answerTimeout: 30_000,
    /** To a write that is under way when the engine dies: then the process ends, whether AWS has answered or not. */
    lastWrite: 5_000,
    /** To another process, until it says whether it belongs to this run. It answers at once, unless the machine is very busy. */
    witnessTimeout: 30_000,
    /** Before a call that failed is tried a second time; doubled for each further time, and a random part of that. */
    retryDelay: 50,
    /** A page of accounts that takes longer is slow: asking the units side by side gives more than waiting for the next. */
    slowPage: 300,
    /** Waits. */
    pause: (milliseconds: number): Promise<void> => sleep(milliseconds),
    /** Goes into the configuration of every client, last: another way to wait between retries, or to reach AWS. */
    client: {} as Pick<STSClientConfig, "retryStrategy" | "requestHandler">,
};
