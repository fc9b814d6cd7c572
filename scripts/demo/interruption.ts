import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The user stops the demo with Ctrl-C, with a signal, or by closing its output (`| head`). */
export class Interruption {
    #cause: NodeJS.Signals | undefined;
    #since: number | undefined;
    readonly #listeners = new Set<(insistent: boolean) => void>();

    constructor() {
        for (const signal of SIGNALS) process.on(signal, this.#interrupt);
        process.stdout.on("error", this.#outputClosed);
    }

    get cause(): NodeJS.Signals | undefined {
        return this.#cause;
    }

    /** The exit code of a program that a signal ended, as shells expect it. */
    get exitCode(): number {
        return 128 + (this.#cause ? constants.signals[this.#cause] : 0);
    }

    throwIfAny(): void {
        if (this.#cause) throw new Error(`interrupted by ${this.#cause}`);
    }

    /** @returns a function that removes the listener. A second interruption is insistent. */
    listen(listener: (insistent: boolean) => void): () => void {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }

    stopListening(): void {
        for (const signal of SIGNALS) process.off(signal, this.#interrupt);
    }

    readonly #interrupt = (signal: NodeJS.Signals) => {
        this.#cause ??= signal;
        this.#since ??= Date.now();
        // One Ctrl-C may arrive twice, from the terminal and from npm.
        const insistent = Date.now() - this.#since > 500;
        for (const listener of this.#listeners) listener(insistent);
    };

    readonly #outputClosed = () => {
        if (!this.#cause) this.#interrupt("SIGPIPE");
    };
}
