/**
 * Stops all calls of a run at an outage: the caller's credentials have expired, or AWS's endpoint cannot be reached.
 *
 * Without a circuit breaker, each account would wait for its own time-outs. If a call fails in such a way, one probe is sent for
 * all accounts. If the probe succeeds, only the one call has failed. If it fails in the same way, the circuit opens. Then all
 * calls of the run fail with the probe's failure, including those under way and in queues.
 *
 * An open circuit stays open until the run ends. Further probes would cost the time-outs again, and the report would mix
 * results from before and after the outage. Another run costs nothing.
 */
import type { MiddlewareStack } from "@smithy/types";
import { timeouts } from "../process/timeouts";
import { withoutDeadline } from "../process/deadline";
import { diagnose, AwsCallFailed, type FailureReason } from "./errors/diagnose";
import { oncePerRun } from "../process/once-per-run";

/** A call that AWS answers if the caller's credentials are valid and the endpoint can be reached. */
export interface Probe {
    /** As an IAM policy names it. */
    action: string;
    ask: () => Promise<unknown>;
}

/** The failures that may mean an outage. A root session has its own credentials, but shares the endpoint with all others. */
const SUSPICIOUS: Record<"caller" | "root session", ReadonlySet<FailureReason>> = {
    caller: new Set(["credentials", "unreachable"]),
    "root session": new Set(["unreachable"]),
};

/** Commands that change something. After a root session's first write, an open circuit does not stop its calls. */
const WRITE = /^(Create|Delete|Deactivate)/;

/** Connects a client to the circuit breaker of the run. */
export function withCircuitBreaker<Input extends object, Output extends object>(
    { middlewareStack }: { middlewareStack: MiddlewareStack<Input, Output> },
    signedBy: keyof typeof SUSPICIOUS,
    probe: Probe,
): void {
    let writing = false;
    middlewareStack.add(
        (next, { commandName = "" }) =>
            async (args) => {
                const breaker = circuitBreakerOfRun();
                if (!writing) breaker.throwIfOpen();
                writing ||= WRITE.test(commandName);
                try {
                    return await (writing ? next(args) : breaker.untilOpen(next(args)));
                } catch (error) {
                    const { reason } = diagnose(error, { accountId: "", action: probe.action });
                    const suspicious = SUSPICIOUS[signedBy].has(reason) && !(error instanceof AwsCallFailed);
                    if (suspicious) await breaker.check(reason, probe);
                    if (!writing) breaker.throwIfOpen();
                    throw error;
                }
            },
        { step: "initialize", name: "circuitBreaker" },
    );
    // Checked again before each attempt, because a call that nobody waits for may still be in its client's queue.
    middlewareStack.add(
        (next) => (args) => {
            if (!writing) circuitBreakerOfRun().throwIfOpen();
            return next(args);
        },
        { step: "finalizeRequest", priority: "low", name: "circuitBreakerBeforeAttempt" },
    );
}

const circuitBreakerOfRun = oncePerRun(() => new CircuitBreaker());

/** True if all accounts of this run fail for the same reason. */
export function isCircuitOpen(): boolean {
    return circuitBreakerOfRun().isOpen;
}

/** Pauses before the probe is repeated, because a network that is down for a moment is no outage. Milliseconds. */
const PROBE_PAUSES = [1_000, 1_000];

class CircuitBreaker {
    #failure: AwsCallFailed | undefined;
    /** Probes under way, by action. A second call that fails waits for the probe of the first one. */
    readonly #probes = new Map<string, Promise<void>>();
    /** Functions that reject the calls under way. */
    readonly #pending = new Set<(failure: AwsCallFailed) => void>();

    get isOpen(): boolean {
        return this.#failure !== undefined;
    }

    throwIfOpen(): void {
        if (this.#failure) throw this.#failure;
    }

    /** The call's own outcome. Rejects as soon as the circuit opens. */
    untilOpen<T>(call: Promise<T>): Promise<T> {
        return new Promise((resolve, reject) => {
            this.#pending.add(reject);
            call.then(resolve, reject).finally(() => this.#pending.delete(reject));
        });
    }

    /** Opens the circuit if the probe fails for this reason too. */
    check(reason: FailureReason, probe: Probe): Promise<void> {
        const underWay = this.#probes.get(probe.action);
        if (underWay) return underWay;
        const probing = withoutDeadline(() => this.#probe(reason, probe)).finally(() =>
            this.#probes.delete(probe.action),
        );
        this.#probes.set(probe.action, probing);
        return probing;
    }

    async #probe(reason: FailureReason, probe: Probe): Promise<void> {
        const pauses = reason === "unreachable" ? [...PROBE_PAUSES] : [];
        for (;;) {
            const sentAt = Date.now();
            try {
                await probe.ask();
                return;
            } catch (error) {
                const failure = diagnose(error, { accountId: "", action: probe.action });
                if (failure.reason !== reason) return;
                const pause = pauses.shift();
                // A probe that took longer than the pause is not repeated, because it has waited long enough.
                if (pause === undefined || Date.now() - sentAt > pause) {
                    this.#open(new AwsCallFailed(failure, { cause: error }));
                    return;
                }
                await timeouts.pause(pause);
            }
        }
    }

    #open(failure: AwsCallFailed): void {
        this.#failure = failure;
        for (const reject of this.#pending) reject(failure);
        this.#pending.clear();
    }
}
