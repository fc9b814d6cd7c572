/** The one place where the package prints text for people. */
import { printableLines } from "./printable";

let sink = (text: string): void => console.log(text);

/** Prints a text of one or more lines. */
export function log(text: string): void {
    sink(printableLines(text));
}

/** From now on, this process prints its texts in another way. */
export function logTo(newSink: (text: string) => void): void {
    sink = newSink;
}
