/** The time everybody in the organization agrees on: the real one, or one that stands still until told. */
export class Clock {
    #advanced = 0;

    /** @param start the time at which to stand still; without it the clock runs */
    constructor(private readonly start?: Date) {}

    now(): Date {
        return new Date((this.start?.getTime() ?? Date.now()) + this.#advanced);
    }

    advance(seconds: number): void {
        this.#advanced += seconds * 1000;
    }

    /** Seconds for rates: they pass even while a given time stands still, or a throttled caller would wait forever. */
    elapsedSeconds(): number {
        return (performance.now() + this.#advanced) / 1000;
    }
}
