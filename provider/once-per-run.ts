import { engineAddress } from "./engine";
import { unbounded } from "./patience";

/**
 * Makes a value when a run first asks for it, and gives that same one to whoever asks later in the run.
 *
 * A process of Pulumi's own sees one run; a program that runs in its caller's process may see several.
 */
export function oncePerRun<Value>(make: (run: string) => Value): () => Value {
    const made = new Map<string, Value>();
    return () => {
        const run = engineAddress();
        const known = made.get(run);
        if (known !== undefined) return known;
        const fresh = unbounded(() => make(run));
        made.set(run, fresh);
        return fresh;
    };
}
