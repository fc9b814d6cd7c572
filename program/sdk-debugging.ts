/**
 * Switches off debugging aids of Pulumi's SDK, which cost more than the rest of a registration.
 * PULUMI_DEBUG_PROMISE_LEAKS keeps them on.
 */
import * as pulumi from "@pulumi/pulumi";

/** Programs that have switched the aids off. Several may run in one process (Automation API). */
let users = 0;
let original = { stackTraceLimit: Error.stackTraceLimit, debug: pulumi.log.debug };

/**
 * The SDK takes a source-mapped stack trace for each promise of a resource. It also sends three messages about each
 * resource, which `--debug` shows.
 *
 * @returns a function that switches both on again
 */
export function switchOffDebugging(): () => void {
    if (isDebugged()) return () => undefined;
    if (users++ === 0) {
        original = { stackTraceLimit: Error.stackTraceLimit, debug: pulumi.log.debug };
        Error.stackTraceLimit = 0;
        Object.assign(pulumi.log, { debug: () => Promise.resolve() });
    }
    return () => {
        if (--users > 0) return;
        Error.stackTraceLimit = original.stackTraceLimit;
        Object.assign(pulumi.log, { debug: original.debug });
    };
}

/** The SDK takes one more trace that no limit stops. The engine would store it with every resource, a quarter of the state. */
export function withoutTrace<T>(make: () => T): T {
    if (isDebugged()) return make();
    const { prepareStackTrace } = Error as { prepareStackTrace?: unknown };
    Object.assign(Error, { prepareStackTrace: () => "" });
    try {
        return make();
    } finally {
        Object.assign(Error, { prepareStackTrace });
    }
}

function isDebugged(): boolean {
    return Boolean(process.env.PULUMI_DEBUG_PROMISE_LEAKS);
}
