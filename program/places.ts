/** So many places, which whoever comes when all are taken waits for. */
export class Places {
    readonly #waiting: (() => void)[] = [];

    constructor(private free: number) {}

    async take(): Promise<void> {
        if (this.free > 0) this.free--;
        else await new Promise<void>((given) => this.#waiting.push(given));
    }

    leave(): void {
        const next = this.#waiting.shift();
        if (next) next();
        else this.free++;
    }
}
