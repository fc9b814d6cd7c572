/**
 * Retries throttled calls until the operation's deadline.
 *
 * A throttled call returns to its client's queue (`rate-limiter.ts`). The SDK's standard strategy retries other failures, such as
 * broken connections. It does not retry throttled calls, because its retry quota is shared by all calls of a client.
 */
import type { RetryErrorInfo, RetryStrategyV2, StandardRetryToken } from "@smithy/types";
import { StandardRetryStrategy } from "@smithy/core/retry";
import { currentDeadline, currentSignal } from "../process/deadline";
import { oncePerRun } from "../process/once-per-run";
import { timeouts } from "../process/timeouts";
import { isThrottled } from "./errors/throttling";
import { AdaptiveRateLimiter, type DocumentedRate } from "./rate-limiter";

const throttlingOfRun = oncePerRun(() => ({ throttling: false }));

/** Whether AWS has throttled any call of this run. */
export function hasBeenThrottled(): boolean {
    return throttlingOfRun().throttling;
}

/** The retry strategy of one client. `maxAttempts` limits the attempts after other failures, but not those after throttling. */
export class DeadlineRetryStrategy implements RetryStrategyV2 {
    readonly mode = "standard";
    readonly #standard: StandardRetryStrategy;
    readonly #rateLimiter: AdaptiveRateLimiter;

    /** @param rate AWS's documented limit for the client's calls; without it, the limiter learns the rate */
    constructor(maxAttempts: number, rate?: DocumentedRate) {
        this.#rateLimiter = new AdaptiveRateLimiter(rate);
        this.#standard = new StandardRetryStrategy({ maxAttempts, baseDelay: timeouts.retryDelay });
    }

    async acquireInitialRetryToken(scope: string): Promise<AcquiredToken> {
        const deadline = currentDeadline();
        const token = await this.#standard.acquireInitialRetryToken(scope);
        return this.#acquire(token, deadline);
    }

    async refreshRetryTokenForRetry(
        acquired: AcquiredToken,
        failure: RetryErrorInfo,
    ): Promise<AcquiredToken> {
        const { deadline, rateVersion } = acquired;
        let { token } = acquired;
        const { error } = failure;
        if (isThrottled(error)) {
            throttlingOfRun().throttling = true;
            this.#rateLimiter.throttled(rateVersion, error);
        } else token = await this.#standard.refreshRetryTokenForRetry(token, failure);
        return this.#acquire(token, deadline);
    }

    recordSuccess({ token }: AcquiredToken): void {
        this.#rateLimiter.succeeded();
        this.#standard.recordSuccess(token);
    }

    async #acquire(token: StandardRetryToken, deadline: number): Promise<AcquiredToken> {
        const rateVersion = await this.#rateLimiter.acquire(deadline, currentSignal());
        return new AcquiredToken(token, deadline, rateVersion);
    }
}

/** Allows a call to be sent. It holds the token of the SDK's strategy and the rate limiter's version. */
class AcquiredToken implements StandardRetryToken {
    constructor(
        readonly token: StandardRetryToken,
        readonly deadline: number,
        readonly rateVersion: number,
    ) {}

    getRetryCount(): number {
        return this.token.getRetryCount();
    }

    getRetryCost(): number | undefined {
        return this.token.getRetryCost();
    }

    /** The call has waited in the queue already. */
    getRetryDelay(): number {
        return 0;
    }
}
