/**
 * Waiting out throttling.
 *
 * Calls that AWS finds too fast go back into their client's line (`sending-rate.ts`) until they are answered or their
 * operation's deadline has come. The SDK's own retrying, which draws on a quota that all calls of a client share, is left with
 * what it is good for: connections that break and failures inside AWS.
 */
import type { RetryErrorInfo, RetryStrategyV2, SdkError, StandardRetryToken } from "@smithy/types";
import { isThrottlingError, StandardRetryStrategy } from "@smithy/core/retry";
import { AsyncLocalStorage } from "node:async_hooks";
import { pace } from "./pace";
import { SendingRate } from "./sending-rate";

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

/** How one client retries: other failures `maxAttempts` times as the SDK does, throttling until the deadline. */
export class PatientRetries implements RetryStrategyV2 {
    readonly mode = "standard";
    readonly #others: StandardRetryStrategy;
    readonly #rate = new SendingRate();
    readonly #calls = new WeakMap<object, { deadline: number; sentAt: number }>();

    constructor(maxAttempts: number) {
        this.#others = new StandardRetryStrategy(maxAttempts);
    }

    async acquireInitialRetryToken(scope: string): Promise<StandardRetryToken> {
        const deadline = deadlines.getStore() ?? Date.now() + pace.operationDeadline;
        return this.#turnFor(await this.#others.acquireInitialRetryToken(scope), deadline);
    }

    async refreshRetryTokenForRetry(
        token: StandardRetryToken,
        failure: RetryErrorInfo,
    ): Promise<StandardRetryToken> {
        const { deadline, sentAt } = this.#callOf(token);
        if (isThrottled(failure.error)) {
            this.#rate.throttled(sentAt, failure.error);
            return this.#turnFor(token, deadline);
        }
        return this.#turnFor(await this.#others.refreshRetryTokenForRetry(token, failure), deadline);
    }

    recordSuccess(token: StandardRetryToken): void {
        this.#rate.succeeded();
        this.#others.recordSuccess(token);
    }

    async #turnFor(token: StandardRetryToken, deadline: number): Promise<StandardRetryToken> {
        await this.#rate.turn(deadline);
        this.#calls.set(token, { deadline, sentAt: performance.now() });
        return token;
    }

    #callOf(token: StandardRetryToken) {
        const call = this.#calls.get(token);
        if (!call) throw new Error("a retry of a call that was never sent");
        return call;
    }
}
