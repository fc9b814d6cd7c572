/**
 * Waiting out throttling.
 *
 * Calls that AWS finds too fast go back into their client's line (`sending-rate.ts`) until they are answered or their
 * operation's deadline has come. The SDK's own retrying, which draws on a quota that all calls of a client share, is left with
 * what it is good for: connections that break and failures inside AWS.
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

    async acquireInitialRetryToken(scope: string): Promise<AcquiredToken> {
        const deadline = currentDeadline();
        const token = await this.#others.acquireInitialRetryToken(scope);
        return new AcquiredToken(token, deadline, await this.#rate.acquire(deadline, currentSignal()));
    }

    async refreshRetryTokenForRetry(attempt: AcquiredToken, failure: RetryErrorInfo): Promise<AcquiredToken> {
        const { deadline, epoch } = attempt;
        let { token } = attempt;
        const { error } = failure;
        if (isThrottled(error)) {
            throttlingOfRun().throttling = true;
            this.#rate.throttled(epoch, error);
        } else token = await this.#others.refreshRetryTokenForRetry(token, failure);
        return new AcquiredToken(token, deadline, await this.#rate.acquire(deadline, currentSignal()));
    }

    recordSuccess({ token }: AcquiredToken): void {
        this.#rate.succeeded();
        this.#others.recordSuccess(token);
    }
}

/** A call whose turn has come: what the SDK's strategy knows about it, and what the line does. */
class AcquiredToken implements StandardRetryToken {
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
