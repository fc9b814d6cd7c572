import { stripVTControlCharacters, styleText } from "node:util";
import type { Interruption } from "./interruption";

const WIDTH = Math.min(process.stdout.columns || 110, 110);

/** Prints the demo's own text between the commands. It uses colours on a terminal only. */
export class Screen {
    readonly #coloured = process.stdout.isTTY && process.stdout.hasColors();

    constructor(private readonly interruption: Interruption) {}

    heading(title: string): void {
        const rule = "─".repeat(Math.max(3, WIDTH - title.length - 4));
        this.#print(`\n${this.#style("bold", `── ${title} ${rule}`)}\n`);
    }

    text(text: string): void {
        for (const line of text.split("\n")) this.#print(wrap(line, line.startsWith("- ") ? 2 : 0));
    }

    command(line: string): void {
        this.#print(this.#style(["bold", "cyan"], `$ ${line}`));
    }

    /** Prints a path without wrapping, so that a user can click or copy it. */
    path(file: string): void {
        this.#print(`  ${this.#style("cyan", file)}`);
    }

    comment(text: string): void {
        this.#print(this.#style("dim", wrap(`# ${text}`, 0)));
    }

    /** Prints facts from the simulated AWS. */
    says(text: string): void {
        for (const line of text.split("\n")) this.#print(this.#style("green", wrap(line, 0)));
    }

    complaint(text: string): void {
        if (this.interruption.cause !== "SIGPIPE") process.stderr.write(`\n${text}\n`);
    }

    blank(): void {
        this.#print("");
    }

    #print(text: string): void {
        process.stdout.write(`${text}\n`);
    }

    #style(format: Parameters<typeof styleText>[0], text: string): string {
        return this.#coloured ? styleText(format, text, { validateStream: false }) : text;
    }
}

/** Breaks a long line between words. The next lines are indented by `further` more columns. */
function wrap(line: string, further: number): string {
    const indentation = " ".repeat(further) + (/^\s*/.exec(stripVTControlCharacters(line))?.[0] ?? "");
    const lines: string[] = [];
    let current = "";
    for (const word of line.split(/(?<=\S )(?=\S)/)) {
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
