import { info } from "./log";

const INTERVAL_MILLISECONDS = 5_000;

/** Reports the progress of long work every few seconds. Short work reports nothing. */
export class Progress {
    private saidAt = Date.now();

    constructor(private readonly sentence: (done: number) => string) {}

    at(done: number): void {
        if (Date.now() - this.saidAt < INTERVAL_MILLISECONDS) return;
        this.saidAt = Date.now();
        info(this.sentence(done));
    }
}
