import { withoutDeadline } from "./deadline";
import { currentRun } from "./run-context";

/**
 * Makes a value at the first call in a run, and returns the same value at each later call in this run.
 *
 * Pulumi starts each of its processes for one run. A program of the Automation API may start several runs, which share no value.
 */
export function oncePerRun<Value extends object>(make: () => Value): () => Value {
    const made = new WeakMap<object, Value>();
    return () => {
        const { key } = currentRun();
        const known = made.get(key);
        if (known !== undefined) return known;
        const fresh = withoutDeadline(make);
        made.set(key, fresh);
        return fresh;
    };
}
