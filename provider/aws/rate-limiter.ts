/**
 * How fast AWS lets one client send, documented or learned from its answers, and the line in which calls wait for their turn.
 *
 * The SDK's adaptive mode does the same, and finds the rate while answers come at once. Where a call takes as long as one to
 * AWS does, each of the many failures of one moment lowers its rate again, and it then leaves a third of the limit unused.
 * docs/decisions/0009-one-queue-for-throttled-calls.md has the numbers.
 */
import { timeouts } from "../process/timeouts";

/** Where the search begins, in calls per second, and what it never goes below. */
const INITIAL_RATE = 1;
const MIN_RATE = 0.2;
/** What is left of the rate when AWS says that it is too fast. */
const DECREASE_FACTOR = 0.85;
/** By how much an answer raises it. Until the limit is met again the rate doubles in a second; then it grows carefully at first, and the faster the longer AWS does not mind. */
const SEARCH_INCREASE = 1;
const INCREASE_PER_SECOND = 0.05;
/** By how many milliseconds calls may be late and still make up for it, burst or not: timers are. */
const TIMER_TOLERANCE = 50;

/**
 * How unevenly calls arrive that were sent evenly, in milliseconds; the first ones, which must connect, most of all. So much of a
 * documented burst is kept back.
 */
const BURST_RESERVE = 400;

/** A documented limit: so many calls per second for long, so many at once. */
export interface DocumentedRate {
    perSecond: number;
    burst: number;
}

interface QueuedCall {
    deadline: number;
    go: (epoch: number) => void;
    giveUp: (failure: Error) => void;
}

export class AdaptiveRateLimiter {
    /** Calls per second. Until AWS first says "too fast" there is no limit that one could know, where none is documented. */
    #perSecond: number;
    readonly #most: number;
    /** By how many milliseconds calls may be late and still make up for it. */
    readonly #slack: number;
    #searching = true;
    /** How often the rate was lowered; a call belongs to the epoch that it was sent in. */
    #epoch = 0;
    #loweredAt = 0;
    #nextAt = 0;
    /** Those whose deadline comes first go first: they have begun first. */
    readonly #queue: QueuedCall[] = [];
    #serving = false;
    #failure: Error | undefined;

    constructor({ perSecond, burst }: DocumentedRate = { perSecond: Infinity, burst: 1 }) {
        this.#perSecond = this.#most = perSecond;
        this.#slack = Math.max(TIMER_TOLERANCE, (burst - 1) * this.#gap() - BURST_RESERVE);
    }

    /**
     * Waits for a call's turn and answers the epoch that it is sent in. Fails with what AWS last said if its turn does not come
     * before the deadline, and with the signal's reason if that comes first.
     */
    acquire(deadline: number, signal?: AbortSignal): Promise<number> {
        return new Promise((resolve, reject) => {
            signal?.throwIfAborted();
            const leave = () => {
                this.#queue.splice(this.#queue.indexOf(waiting), 1);
                reject(signal?.reason as Error);
            };
            const settled = () => signal?.removeEventListener("abort", leave);
            const go = (epoch: number) => (settled(), resolve(epoch));
            const giveUp = (failure: Error) => (settled(), reject(failure));
            const waiting = { deadline, go, giveUp };
            const behind = this.#queue.findLastIndex((other) => other.deadline <= deadline);
            this.#queue.splice(behind + 1, 0, waiting);
            signal?.addEventListener("abort", leave, { once: true });
            if (!this.#serving) void this.#serve();
        });
    }

    /** AWS answered a call. */
    succeeded(): void {
        if (this.#queue.length === 0) return; // Sent as fast as asked for: whether AWS would take more is not known.
        // Never less than none: a machine's clock may be set back.
        const secondsUnopposed = Math.max(0, Date.now() - this.#loweredAt) / 1000;
        const raised = this.#searching
            ? SEARCH_INCREASE
            : Math.min(SEARCH_INCREASE, INCREASE_PER_SECOND * secondsUnopposed);
        this.#perSecond = Math.min(this.#most, this.#perSecond + raised);
    }

    /** AWS said "too fast" to a call of this epoch; one of an earlier epoch tells nothing about the rate of now. */
    throttled(epoch: number, failure: Error): void {
        this.#failure = failure;
        if (epoch !== this.#epoch) return;
        this.#epoch++;
        this.#searching = this.#perSecond === Infinity;
        this.#perSecond = this.#searching ? INITIAL_RATE : Math.max(MIN_RATE, this.#perSecond * DECREASE_FACTOR);
        this.#loweredAt = Date.now();
        this.#nextAt = this.#loweredAt + this.#gap();
    }

    async #serve(): Promise<void> {
        this.#serving = true;
        for (let first = this.#queue[0]; first; first = this.#queue[0]) {
            // Never longer than the gap, whatever happens to the machine's clock.
            const wait = Math.min(this.#nextAt - Date.now(), this.#gap());
            if (Date.now() + wait > first.deadline && this.#failure !== undefined) {
                this.#queue.shift();
                first.giveUp(this.#failure);
                continue;
            }
            if (wait > 0) await timeouts.pause(wait);
            this.#nextAt = Math.max(this.#nextAt, Date.now() - this.#slack) + this.#gap();
            this.#queue.shift()?.go(this.#epoch);
        }
        this.#serving = false;
    }

    /** Milliseconds between two calls. */
    #gap(): number {
        return 1000 / this.#perSecond;
    }
}
