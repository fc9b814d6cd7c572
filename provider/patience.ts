/**
 * Waiting out throttling.
 *
 * The SDK retries throttled calls by itself, but all calls of a client share one retry quota: with many accounts in
 * flight it runs dry and the SDK gives up on calls that only needed to wait. Such refusals come back here and
 * are tried again until the operation's deadline. Everything else goes on to the caller at once.
 */
import type { SdkError } from "@smithy/types";
import { isThrottlingError } from "@smithy/core/retry";
import { AsyncLocalStorage } from "node:async_hooks";
import { pace } from "./pace";

const deadlines = new AsyncLocalStorage<number>();

/** Everything that `work` starts shares one deadline, `pace.operationDeadline` from now. */
export function withDeadline<T>(work: () => Promise<T>): Promise<T> {
    return deadlines.run(Date.now() + pace.operationDeadline, work);
}

/** AWS said "too fast". The SDK also counts `LimitExceeded` in, which in IAM is a quota that no waiting lifts. */
export function isThrottled(error: unknown): boolean {
    return (
        error instanceof Error &&
        !error.name.startsWith("LimitExceeded") &&
        isThrottlingError(error as SdkError)
    );
}

/** Sends a call again as long as AWS says "too fast" and the deadline is ahead. */
export async function waitingOutThrottling<T>(send: () => Promise<T>): Promise<T> {
    const deadline = deadlines.getStore() ?? Date.now() + pace.operationDeadline;
    for (let pause = 500; ; pause = Math.min(pause * 2, 10_000)) {
        try {
            return await send();
        } catch (error) {
            if (!isThrottled(error)) throw error;
            const wait = pause * (0.5 + Math.random());
            if (Date.now() + wait > deadline) throw error;
            await pace.pause(wait);
        }
    }
}
