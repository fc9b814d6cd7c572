/** The progress of an audit: a bar on a terminal, and elsewhere a line every few seconds. */
import type { WriteStream } from "node:tty";
import type { AuditProgress } from "../audit/audit-organization";
import { hasBeenThrottled } from "../aws/retry-strategy";
import { counted, grouped } from "../report/words";

const CELLS = 24;
/** Milliseconds between two drawings of the bar, and between two lines. A line comes without progress too, because AWS may throttle for minutes. */
const BAR_INTERVAL = 100;
const LINE_INTERVAL = 5_000;

export class Progress {
    private latest: AuditProgress = { listed: 0, found: 0, done: 0, isListed: false };
    private readonly timer: NodeJS.Timeout;
    private shown = "";

    constructor(
        private readonly stream: Pick<WriteStream, "write" | "isTTY" | "columns">,
        private readonly isThrottled = hasBeenThrottled,
    ) {
        this.timer = setInterval(() => this.draw(), stream.isTTY ? BAR_INTERVAL : LINE_INTERVAL);
        this.timer.unref();
    }

    /** Takes effect with the next drawing. */
    show(progress: AuditProgress): void {
        this.latest = { ...progress };
    }

    /** Removes the bar. */
    end(): void {
        clearInterval(this.timer);
        if (this.stream.isTTY && this.shown !== "") this.stream.write("\r\x1b[K");
    }

    private draw(): void {
        const words = progressInWords(this.latest, this.isThrottled());
        if (!this.stream.isTTY) return void this.stream.write(`${words}\n`);
        const line = `${bar(this.latest)} ${words}`.slice(0, (this.stream.columns || 80) - 1);
        if (line !== this.shown) this.stream.write(`\r\x1b[K${line}`);
        this.shown = line;
    }
}

/** The most important part comes first, because a narrow terminal cuts the rest. */
function progressInWords({ listed, found, done, isListed }: AuditProgress, isThrottled: boolean): string {
    const progress = `${grouped(done)} of ${counted(found, "account")} done`;
    return [
        // If the audit is of some accounts only, the first thousands of listed accounts may have none of them.
        found > 0 || isListed ? progress : "listing accounts",
        isThrottled && "throttled by AWS",
        !isListed && listed > 0 && `${grouped(listed)} listed so far`,
    ]
        .filter(Boolean)
        .join(", ");
}

/** Full only if every account is listed and done. */
function bar({ found, done, isListed }: AuditProgress): string {
    const part = found === 0 ? 0 : done / found;
    const full = Math.floor(CELLS * (isListed ? part : Math.min(part, 0.9)));
    return `[${"#".repeat(full)}${".".repeat(CELLS - full)}]`;
}
