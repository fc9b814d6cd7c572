/**
 * What stops every account at once: the caller's credentials have expired, or nobody answers at AWS's endpoint.
 *
 * Without this, each account would find that out by itself and pay its own time-outs. The first call that fails so has one
 * question asked for all (the probe). If that fails in the same way, every call of the
 * run gets this answer from then on. So do calls that are under way or wait for their turn. If it succeeds, only the one call has failed.
 *
 * An outage lasts as long as the run. To try now and then whether it is over would cost the time-outs again, for a report that is
 * half of before and half of after; to run again costs nothing.
 */
import type { MiddlewareStack } from "@smithy/types";
import { timeouts } from "../process/timeouts";
import { withoutDeadline } from "../process/deadline";
import { diagnose, AwsCallFailed, type FailureReason } from "./errors/diagnose";
import { oncePerRun } from "../process/once-per-run";

/** A question that AWS answers whenever the caller's credentials are good and the endpoint is there. */
export interface Probe {
    /** As in an IAM policy. */
    action: string;
    ask: () => Promise<unknown>;
}

/** What a client's failures may mean. A root session's credentials are its own; the endpoint is everybody's. */
const SUSPICIOUS: Record<"caller" | "root session", ReadonlySet<FailureReason>> = {
    caller: new Set(["credentials", "unreachable"]),
    "root session": new Set(["unreachable"]),
};

/** The calls that change something. A root session that has begun to is left to finish, or to fail, by itself. */
const WRITE = /^(Create|Delete|Deactivate)/;

/** Makes a client stop at an outage, and report what may be one. */
export function withCircuitBreaker<Input extends object, Output extends object>(
    { middlewareStack }: { middlewareStack: MiddlewareStack<Input, Output> },
    signedBy: keyof typeof SUSPICIOUS,
    probe: Probe,
): void {
    let writing = false;
    middlewareStack.add(
        (next, { commandName = "" }) =>
            async (args) => {
                const outage = circuitBreakerOfRun();
                if (!writing) outage.throwIfOpen();
                writing ||= WRITE.test(commandName);
                try {
                    return await (writing ? next(args) : outage.untilOpen(next(args)));
                } catch (error) {
                    const { reason } = diagnose(error, { accountId: "", action: probe.action });
                    const suspicious = SUSPICIOUS[signedBy].has(reason) && !(error instanceof AwsCallFailed);
                    if (suspicious) await outage.check(reason, probe);
                    if (!writing) outage.throwIfOpen();
                    throw error;
                }
            },
        { step: "initialize", name: "stopAtOutage" },
    );
    // Once more before each attempt: a call that is not waited for any more may still stand in its client's line.
    middlewareStack.add(
        (next) => (args) => {
            if (!writing) circuitBreakerOfRun().throwIfOpen();
            return next(args);
        },
        { step: "finalizeRequest", priority: "low", name: "sendNothingInOutage" },
    );
}

const circuitBreakerOfRun = oncePerRun(() => new CircuitBreaker());

/** Every account of this run fails, for one and the same reason. */
export function isCircuitOpen(): boolean {
    return circuitBreakerOfRun().isOpen;
}

/** Pauses before an endpoint that refuses connections is asked again: a network that is away for a moment is no outage. */
const PROBE_PAUSES = [1_000, 1_000];

class CircuitBreaker {
    #failure: AwsCallFailed | undefined;
    /** By what they ask: a second call that fails waits for the first one's answer. */
    readonly #probes = new Map<string, Promise<void>>();
    readonly #underWay = new Set<(failure: AwsCallFailed) => void>();

    get isOpen(): boolean {
        return this.#failure !== undefined;
    }

    throwIfOpen(): void {
        if (this.#failure) throw this.#failure;
    }

    /** The call's own outcome, or the outage's failure as soon as there is one. */
    untilOpen<T>(call: Promise<T>): Promise<T> {
        return new Promise((resolve, reject) => {
            this.#underWay.add(reject);
            call.then(resolve, reject).finally(() => this.#underWay.delete(reject));
        });
    }

    /** Finds out whether what one call met with meets all of them. */
    check(reason: FailureReason, probe: Probe): Promise<void> {
        const underWay = this.#probes.get(probe.action);
        if (underWay) return underWay;
        const asked = withoutDeadline(() => this.#ask(reason, probe)).finally(() =>
            this.#probes.delete(probe.action),
        );
        this.#probes.set(probe.action, asked);
        return asked;
    }

    async #ask(reason: FailureReason, probe: Probe): Promise<void> {
        const pauses = reason === "unreachable" ? [...PROBE_PAUSES] : [];
        for (;;) {
            const asked = Date.now();
            try {
                await probe.ask();
                return;
            } catch (error) {
                const failure = diagnose(error, { accountId: "", action: probe.action });
                if (failure.reason !== reason) return;
                const pause = pauses.shift();
                // One that keeps its callers waiting has been asked long enough.
                if (pause === undefined || Date.now() - asked > pause) {
                    this.#begin(new AwsCallFailed(failure, { cause: error }));
                    return;
                }
                await timeouts.pause(pause);
            }
        }
    }

    #begin(failure: AwsCallFailed): void {
        this.#failure = failure;
        for (const stop of this.#underWay) stop(failure);
        this.#underWay.clear();
    }
}
