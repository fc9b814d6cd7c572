/** The deadline and the abort signal of a piece of work. All calls that the work starts keep to them. */
import { AsyncLocalStorage } from "node:async_hooks";
import { timeouts } from "./timeouts";

interface Bounds {
    /** Milliseconds since the epoch. */
    deadline?: number;
    signal?: AbortSignal;
}

const bounds = new AsyncLocalStorage<Bounds>();

/** Everything that `work` starts shares one deadline, `timeouts.operationDeadline` from now. */
export function withDeadline<T>(work: () => Promise<T>): Promise<T> {
    return bounds.run({ ...bounds.getStore(), deadline: newDeadline() }, work);
}

/** After the signal, no queued call of `work` is sent. Such a call fails with the signal's reason. */
export function withAbortSignal<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return bounds.run({ ...bounds.getStore(), signal }, work);
}

/** For an answer that several pieces of work share. It must not end with the work that asked first. */
export function withoutDeadline<T>(work: () => T): T {
    return bounds.run({}, work);
}

/** The deadline of the work that asks, or a new one if it has none. Milliseconds since the epoch. */
export function currentDeadline(): number {
    return bounds.getStore()?.deadline ?? newDeadline();
}

/** The abort signal of the work that asks, if it has one. */
export function currentSignal(): AbortSignal | undefined {
    return bounds.getStore()?.signal;
}

function newDeadline(): number {
    return Date.now() + timeouts.operationDeadline;
}
