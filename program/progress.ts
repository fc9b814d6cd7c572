import { info } from "./log";

const INTERVAL_MILLISECONDS = 5_000;

/** Says how far long work has come, every few seconds. Short work says nothing. */
export class Progress {
    private saidAt = Date.now();

    constructor(private readonly sentence: (done: number) => string) {}

    at(done: number): void {
        if (Date.now() - this.saidAt < INTERVAL_MILLISECONDS) return;
        this.saidAt = Date.now();
        info(this.sentence(done));
    }
}
