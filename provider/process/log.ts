/** The package's log sink. All text for people is printed here. */
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
