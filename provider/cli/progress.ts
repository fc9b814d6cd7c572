/** How far an audit has come: a bar on a terminal, and elsewhere a line every few seconds. */
import type { WriteStream } from "node:tty";
import type { AuditProgress } from "../audit";

const CELLS = 24;
/** Between two pictures of the bar, and two lines. Milliseconds. */
const BAR_INTERVAL = 100;
const LINE_INTERVAL = 5_000;

export class Progress {
    private shownAt: number;
    private isShown = false;

    constructor(private readonly stream: Pick<WriteStream, "write" | "isTTY" | "columns">) {
        // A short audit has no need of lines.
        this.shownAt = stream.isTTY ? 0 : Date.now();
    }

    show(progress: AuditProgress): void {
        if (Date.now() - this.shownAt < (this.stream.isTTY ? BAR_INTERVAL : LINE_INTERVAL)) return;
        this.shownAt = Date.now();
        const words = inWords(progress);
        if (!this.stream.isTTY) return void this.stream.write(`${words}\n`);
        const line = `${bar(progress)} ${words}`.slice(0, (this.stream.columns || 80) - 1);
        this.stream.write(`\r\x1b[K${line}`);
        this.isShown = true;
    }

    /** Leaves no trace of the bar. */
    end(): void {
        if (this.isShown) this.stream.write("\r\x1b[K");
        this.isShown = false;
    }
}

function inWords({ found, lookedAt, isListed }: AuditProgress): string {
    return `looked at ${lookedAt} of ${found} accounts${isListed ? "" : " listed so far"}`;
}

/** Full only once everything is listed and looked at. */
function bar({ found, lookedAt, isListed }: AuditProgress): string {
    const part = found === 0 ? 0 : lookedAt / found;
    const full = Math.floor(CELLS * (isListed ? part : Math.min(part, 0.9)));
    return `[${"#".repeat(full)}${".".repeat(CELLS - full)}]`;
}
