/**
 * Limits how fast one client sends, to a documented rate or to one that it learns from AWS's answers. Calls wait in a queue.
 *
 * The SDK's adaptive mode does the same, but AWS's latency misleads it. If many calls fail at one moment, it lowers its rate for
 * each of them, and then leaves a third of the limit unused.
 *
 * docs/decisions/0009-one-queue-for-throttled-calls.md has the numbers.
 */
import { timeouts } from "../process/timeouts";

/** The rate after the first throttled call, and the lowest rate. Calls per second. */
const INITIAL_RATE = 1;
const MIN_RATE = 0.2;
/** Throttling multiplies the rate by this factor, once for all calls in flight together. */
const DECREASE_FACTOR = 0.85;
/**
 * Calls per second by which a success raises the rate. During the search, which lasts until AWS throttles again, the rate doubles
 * each second. After it, the increase starts at 0 and grows with each second without throttling.
 */
const SEARCH_INCREASE = 1;
const INCREASE_PER_SECOND = 0.05;
/** Milliseconds by which a late call may catch up, because timers are imprecise. */
const TIMER_TOLERANCE = 50;

/**
 * Milliseconds of a documented burst that stay unused. Calls that are sent at equal intervals may arrive this much closer together,
 * because the first ones have to connect.
 */
const BURST_RESERVE = 400;

/** AWS's documented limit: calls per second in the long run, and calls at one moment. */
export interface DocumentedRate {
    perSecond: number;
    burst: number;
}

interface QueuedCall {
    deadline: number;
    admit: (rateVersion: number) => void;
    giveUp: (failure: Error) => void;
}

export class AdaptiveRateLimiter {
    /** Calls per second. Without a documented limit it is infinite until AWS throttles a call. */
    #perSecond: number;
    readonly #maxPerSecond: number;
    /** Milliseconds by which a late call may catch up. */
    readonly #catchUp: number;
    #searching = true;
    /** Counts how often the rate was lowered. */
    #rateVersion = 0;
    #loweredAt = 0;
    #nextAt = 0;
    /** Sorted by deadline, because calls with an earlier deadline have started earlier. */
    readonly #queue: QueuedCall[] = [];
    #serving = false;
    #failure: Error | undefined;

    constructor({ perSecond, burst }: DocumentedRate = { perSecond: Infinity, burst: 1 }) {
        this.#perSecond = this.#maxPerSecond = perSecond;
        this.#catchUp = Math.max(TIMER_TOLERANCE, (burst - 1) * this.#gap() - BURST_RESERVE);
    }

    /**
     * Waits until the call may be sent, and returns the version of the rate that it is sent with. If that would be after the
     * deadline, rejects with AWS's last throttling error. If the signal aborts earlier, rejects with its reason.
     */
    acquire(deadline: number, signal?: AbortSignal): Promise<number> {
        return new Promise((resolve, reject) => {
            signal?.throwIfAborted();
            const onAbort = () => {
                this.#queue.splice(this.#queue.indexOf(call), 1);
                reject(signal?.reason as Error);
            };
            const stopListening = () => signal?.removeEventListener("abort", onAbort);
            const admit = (rateVersion: number) => (stopListening(), resolve(rateVersion));
            const giveUp = (failure: Error) => (stopListening(), reject(failure));
            const call = { deadline, admit, giveUp };
            const before = this.#queue.findLastIndex((other) => other.deadline <= deadline);
            this.#queue.splice(before + 1, 0, call);
            signal?.addEventListener("abort", onAbort, { once: true });
            if (!this.#serving) void this.#serve();
        });
    }

    /** AWS answered a call. */
    succeeded(): void {
        // Without a queue, calls are sent as fast as they come. Then nothing shows that AWS would accept more.
        if (this.#queue.length === 0) return;
        // Never negative, even if the machine's clock is set back.
        const secondsSinceLowered = Math.max(0, Date.now() - this.#loweredAt) / 1000;
        const increase = this.#searching
            ? SEARCH_INCREASE
            : Math.min(SEARCH_INCREASE, INCREASE_PER_SECOND * secondsSinceLowered);
        this.#perSecond = Math.min(this.#maxPerSecond, this.#perSecond + increase);
    }

    /** AWS throttled a call. If the call was sent with an older version of the rate, the rate stays. */
    throttled(rateVersion: number, failure: Error): void {
        this.#failure = failure;
        if (rateVersion !== this.#rateVersion) return;
        this.#rateVersion++;
        this.#searching = this.#perSecond === Infinity;
        this.#perSecond = this.#searching
            ? INITIAL_RATE
            : Math.max(MIN_RATE, this.#perSecond * DECREASE_FACTOR);
        this.#loweredAt = Date.now();
        this.#nextAt = this.#loweredAt + this.#gap();
    }

    async #serve(): Promise<void> {
        this.#serving = true;
        for (let first = this.#queue[0]; first; first = this.#queue[0]) {
            // Never longer than the gap, even if the machine's clock is set back.
            const wait = Math.min(this.#nextAt - Date.now(), this.#gap());
            if (Date.now() + wait > first.deadline && this.#failure !== undefined) {
                this.#queue.shift();
                first.giveUp(this.#failure);
                continue;
            }
            if (wait > 0) await timeouts.pause(wait);
            this.#nextAt = Math.max(this.#nextAt, Date.now() - this.#catchUp) + this.#gap();
            this.#queue.shift()?.admit(this.#rateVersion);
        }
        this.#serving = false;
    }

    /** Milliseconds between two calls. */
    #gap(): number {
        return 1000 / this.#perSecond;
    }
}
