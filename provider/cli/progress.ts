/** How far an audit has come: a bar on a terminal, and elsewhere a line every few seconds. */
import type { WriteStream } from "node:tty";
import type { AuditProgress } from "../audit";
import { hasBeenThrottled } from "../patience";
import { counted, grouped } from "../report/words";

const CELLS = 24;
/** Between two pictures of the bar, and two lines: also where nothing has happened meanwhile, as AWS may throttle for minutes. Milliseconds. */
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

    /** From the next picture on. */
    show(progress: AuditProgress): void {
        this.latest = { ...progress };
    }

    /** Leaves no trace of the bar. */
    end(): void {
        clearInterval(this.timer);
        if (this.stream.isTTY && this.shown !== "") this.stream.write("\r\x1b[K");
    }

    private draw(): void {
        const words = inWords(this.latest, this.isThrottled());
        if (!this.stream.isTTY) return void this.stream.write(`${words}\n`);
        const line = `${bar(this.latest)} ${words}`.slice(0, (this.stream.columns || 80) - 1);
        if (line !== this.shown) this.stream.write(`\r\x1b[K${line}`);
        this.shown = line;
    }
}

/** What matters most comes first: a narrow terminal shows no more. */
function inWords({ listed, found, done, isListed }: AuditProgress, isThrottled: boolean): string {
    const progress = `${grouped(done)} of ${counted(found, "account")} done`;
    return [
        // Where only some accounts are asked for, there may be none of them among the first thousands.
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
