import { engineOfRun } from "../run/engine";
import { withoutDeadline } from "../aws/retry-strategy";

const OUTSIDE_OF_RUNS = {};

/**
 * Makes a value when a run first asks for it, and gives the same one to everything that asks later in the run.
 *
 * A process of Pulumi's own sees one run. A program that runs in its caller's process may see several (Automation API). A value goes
 * with its run.
 */
export function oncePerRun<Value extends object>(make: () => Value): () => Value {
    const made = new WeakMap<object, Value>();
    return () => {
        const run = engineOfRun() ?? OUTSIDE_OF_RUNS;
        const known = made.get(run);
        if (known !== undefined) return known;
        const fresh = withoutDeadline(make);
        made.set(run, fresh);
        return fresh;
    };
}
