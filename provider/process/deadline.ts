/** The deadline and the abort signal of one operation. All calls that the operation starts keep to them. */
import { AsyncLocalStorage } from "node:async_hooks";
import { timeouts } from "./timeouts";

interface Bounds {
    /** Milliseconds since the epoch. */
    deadline?: number;
    signal?: AbortSignal;
}

const bounds = new AsyncLocalStorage<Bounds>();

/** All calls that `work` starts share one deadline, `timeouts.operationDeadline` from now. */
export function withDeadline<T>(work: () => Promise<T>): Promise<T> {
    return bounds.run({ ...bounds.getStore(), deadline: newDeadline() }, work);
}

/** After the signal, queued calls of `work` are not sent. They fail with the signal's reason. */
export function withAbortSignal<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return bounds.run({ ...bounds.getStore(), signal }, work);
}

/** For a result that several operations share. It must not end with the operation that asked first. */
export function withoutDeadline<T>(work: () => T): T {
    return bounds.run({}, work);
}

/** The deadline of the calling operation, or a new one if it has none. Milliseconds since the epoch. */
export function currentDeadline(): number {
    return bounds.getStore()?.deadline ?? newDeadline();
}

/** The abort signal of the calling operation, if it has one. */
export function currentSignal(): AbortSignal | undefined {
    return bounds.getStore()?.signal;
}

function newDeadline(): number {
    return Date.now() + timeouts.operationDeadline;
}
