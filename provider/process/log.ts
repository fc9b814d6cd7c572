/** The log sink of the provider and the audit. The command line prints its own messages to standard error. */
import { printableLines } from "./printable";

let sink = (text: string): void => console.log(text);

/** Prints a text of one or more lines. */
export function log(text: string): void {
    sink(printableLines(text));
}

/** Replaces the sink of this process. */
export function logTo(newSink: (text: string) => void): void {
    sink = newSink;
}
