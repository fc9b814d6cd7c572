/** Errors in words that fit into one line of a terminal. */
import { printable } from "./printable";

/** The error's code as AWS names it; for errors that are not AWS's, the name of their class. */
export function codeOf(error: unknown): string {
    if (!(error instanceof Error)) return "unknown error";
    if (error.name === "Error" || error.name === "AggregateError") {
        return printable((error as NodeJS.ErrnoException).code ?? error.name);
    }
    return printable(error.name);
}

/** The error's message on one line, fit to be printed. */
export function messageOf(error: unknown): string {
    if (!(error instanceof Error)) return printable(String(error));
    const message =
        error.message || (error.cause instanceof Error ? error.cause.message : "") || "(no message)";
    // The SDK adds a hint for programmers to errors of parsing; a reader has no use for it.
    const told = message.replace(/\s*Deserialization error: to see the raw response[\s\S]*/, "");
    return printable(told.replace(/\s+/g, " ").trim());
}
