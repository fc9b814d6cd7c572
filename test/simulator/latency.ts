import type { ActionName } from "./action-names";

/** How long the simulator takes to answer. May be changed while it runs. */
export class Latency {
    #everyCall = 0;
    readonly #perAction = new Map<string, number>();

    /** For every call, or for one action only, which then takes precedence. */
    set(milliseconds: number, action?: ActionName): void {
        if (action === undefined) this.#everyCall = milliseconds;
        else this.#perAction.set(action, milliseconds);
    }

    of(action: string): number {
        return this.#perAction.get(action) ?? this.#everyCall;
    }
}
