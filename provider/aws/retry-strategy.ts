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
import { timeouts } from "../process/timeouts";
import { AdaptiveRateLimiter, type DocumentedRate } from "./rate-limiter";

/** What holds for all calls that one piece of work makes. */
interface Bounds {
    deadline?: number;
    signal?: AbortSignal;
}

const bounds = new AsyncLocalStorage<Bounds>();

/** Everything that `work` starts shares one deadline, `pace.operationDeadline` from now. */
export function withDeadline<T>(work: () => Promise<T>): Promise<T> {
    return bounds.run({ ...bounds.getStore(), deadline: Date.now() + timeouts.operationDeadline }, work);
}

/** Calls of `work` that have not had their turn when the signal comes are not sent any more; they fail with its reason. */
export function withAbortSignal<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return bounds.run({ ...bounds.getStore(), signal }, work);
}

/** AWS said "too fast". The SDK also counts `LimitExceeded` in, which in IAM is a quota that no waiting lifts. */
export function isThrottled(error: unknown): error is Error {
    return (
        error instanceof Error &&
        !error.name.startsWith("LimitExceeded") &&
        isThrottlingError(error as SdkError)
    );
}

/** For what is asked once for many: it shall not end with the work that happened to ask first. */
export function withoutDeadline<T>(work: () => T): T {
    return bounds.run({}, work);
}

let throttled = false;

/** Whether AWS has found any call of this process too fast. */
export function hasBeenThrottled(): boolean {
    return throttled;
}

/** How one client retries: other failures as the SDK does, with `maxAttempts` in all; throttling until the deadline. */
export class DeadlineRetryStrategy implements RetryStrategyV2 {
    readonly mode = "standard";
    readonly #others: StandardRetryStrategy;
    readonly #rate: AdaptiveRateLimiter;

    /** @param rate what AWS documents for the client's calls; without it, the rate is found out */
    constructor(maxAttempts: number, rate?: DocumentedRate) {
        this.#rate = new AdaptiveRateLimiter(rate);
        this.#others = new StandardRetryStrategy({ maxAttempts, baseDelay: timeouts.retryDelay });
    }

    async acquireInitialRetryToken(scope: string): Promise<Attempt> {
        const { deadline = Date.now() + timeouts.operationDeadline, signal } = bounds.getStore() ?? {};
        const token = await this.#others.acquireInitialRetryToken(scope);
        return new Attempt(token, deadline, await this.#rate.acquire(deadline, signal));
    }

    async refreshRetryTokenForRetry(attempt: Attempt, failure: RetryErrorInfo): Promise<Attempt> {
        const { deadline, epoch } = attempt;
        let { token } = attempt;
        const { error } = failure;
        if (isThrottled(error)) {
            throttled = true;
            this.#rate.throttled(epoch, error);
        } else token = await this.#others.refreshRetryTokenForRetry(token, failure);
        return new Attempt(token, deadline, await this.#rate.acquire(deadline, bounds.getStore()?.signal));
    }

    recordSuccess({ token }: Attempt): void {
        this.#rate.succeeded();
        this.#others.recordSuccess(token);
    }
}

/** A call whose turn has come: what the SDK's strategy knows about it, and what the line does. */
class Attempt implements StandardRetryToken {
    constructor(
        readonly token: StandardRetryToken,
        readonly deadline: number,
        readonly epoch: number,
    ) {}

    getRetryCount(): number {
        return this.token.getRetryCount();
    }

    getRetryCost(): number | undefined {
        return this.token.getRetryCost();
    }

    /** It has waited already. */
    getRetryDelay(): number {
        return 0;
    }
}
