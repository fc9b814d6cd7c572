/** How the program ends on an error. */
import * as pulumi from "@pulumi/pulumi";

export function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

/** Ends the program with one sentence if `work` fails. Pulumi prints a `RunError` without its stack. */
export async function orEndProgram<T>(work: () => T | Promise<T>): Promise<T> {
    try {
        return await work();
    } catch (error) {
        throw new pulumi.RunError(`the program stopped, and nothing was changed: ${messageOf(error)}`);
    }
}
