/** Errors as text that fits into one line of a terminal. */
import { printable } from "./printable";

/** AWS's error code. For other errors, Node.js's code or the name of the class. */
export function codeOf(error: unknown): string {
    if (!(error instanceof Error)) return "unknown error";
    if (error.name === "Error" || error.name === "AggregateError") {
        return printable((error as NodeJS.ErrnoException).code ?? error.name);
    }
    return printable(error.name);
}

/** `AccessDenied: User: … is not authorized …`. */
export function codeAndMessageOf(error: unknown): string {
    return `${codeOf(error)}: ${messageOf(error)}`;
}

/** The error's message on one line, safe to print. */
export function messageOf(error: unknown): string {
    if (!(error instanceof Error)) return printable(String(error));
    const message =
        error.message || (error.cause instanceof Error ? error.cause.message : "") || "(no message)";
    // The SDK adds a hint for programmers to parsing errors. Users cannot act on it.
    const withoutHint = message.replace(/\s*Deserialization error: to see the raw response[\s\S]*/, "");
    return printable(withoutHint.replace(/\s+/g, " ").trim());
}
