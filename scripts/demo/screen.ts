import { stripVTControlCharacters, styleText } from "node:util";
import type { Interruption } from "./interruption";

const WIDTH = Math.min(process.stdout.columns || 110, 110);
const SILENCE_MILLISECONDS = 1_000;
const LOG_SILENCE_MILLISECONDS = 10_000;

/** What the reader sees: the story in words, and commands with their output. Colours on a terminal only. */
export class Screen {
    readonly coloured = process.stdout.isTTY && process.stdout.hasColors();
    #heardAt = 0;
    #waitingIsShown = false;

    constructor(private readonly interruption: Interruption) {}

    heading(title: string): void {
        const rule = "─".repeat(Math.max(3, WIDTH - title.length - 4));
        this.#print(`\n${this.#style("bold", `── ${title} ${rule}`)}\n`);
    }

    /** The demo's own words. */
    text(text: string): void {
        for (const line of text.split("\n")) this.#print(wrap(line, line.startsWith("- ") ? 2 : 0));
    }

    command(line: string): void {
        this.#print(this.#style(["bold", "cyan"], `$ ${line}`));
    }

    /** On a line of its own, and never wrapped: to be clicked, or copied. */
    path(file: string): void {
        this.#print(`  ${this.#style("cyan", file)}`);
    }

    comment(text: string): void {
        this.#print(this.#style("dim", wrap(`# ${text}`, 0)));
    }

    /** What the server holds, which counts more than what a command says. */
    says(text: string): void {
        for (const line of text.split("\n")) this.#print(this.#style("green", wrap(line, 0)));
    }

    /** One line of a command's output. */
    output(line: string): void {
        this.#heardAt = Date.now();
        const wrapped = wrap(line.replaceAll("\t", "    "), 4);
        // Pulumi ends a line's colour at the beginning of the next, which may be one that is left out.
        this.#print(this.coloured ? `${wrapped}\x1b[0m` : wrapped);
    }

    complaint(text: string): void {
        this.#clearWaiting();
        if (this.interruption.cause !== "SIGPIPE") process.stderr.write(`\n${text}\n`);
    }

    blank(): void {
        this.#print("");
    }

    /** Shows that `work` goes on while it prints nothing: a line that renews itself, in a log one every ten seconds. */
    async whileBusy<T>(work: () => Promise<T>): Promise<T> {
        const started = Date.now();
        this.#heardAt = started;
        const seconds = () => Math.round((Date.now() - started) / 1000);
        const timer = setInterval(() => {
            const silent = Date.now() - this.#heardAt;
            if (process.stdout.isTTY) {
                if (silent >= SILENCE_MILLISECONDS) this.#showWaiting(`at work · ${seconds()} s`);
            } else if (silent >= LOG_SILENCE_MILLISECONDS) {
                this.output(`[at work for ${seconds()} s]`);
            }
        }, 250);
        try {
            return await work();
        } finally {
            clearInterval(timer);
            this.#clearWaiting();
        }
    }

    #print(text: string): void {
        this.#clearWaiting();
        process.stdout.write(`${text}\n`);
    }

    #showWaiting(text: string): void {
        this.#waitingIsShown = true;
        process.stdout.write(`\r\x1b[K${this.#style("dim", text)}`);
    }

    #clearWaiting(): void {
        if (this.#waitingIsShown) process.stdout.write("\r\x1b[K");
        this.#waitingIsShown = false;
    }

    #style(format: Parameters<typeof styleText>[0], text: string): string {
        return this.coloured ? styleText(format, text, { validateStream: false }) : text;
    }
}

/** Breaks a long line between words, and JSON between members, and indents what follows by `further`. */
function wrap(line: string, further: number): string {
    const indentation = " ".repeat(further) + (/^\s*/.exec(stripVTControlCharacters(line))?.[0] ?? "");
    const lines: string[] = [];
    let current = "";
    for (const word of line.split(/(?<=\S )(?=\S)|(?<=,)(?=")/)) {
        const length = stripVTControlCharacters(current + word).trimEnd().length;
        if (current !== "" && length > WIDTH) {
            lines.push(current.trimEnd());
            current = indentation + word;
        } else {
            current += word;
        }
    }
    return [...lines, current.trimEnd()].join("\n");
}
