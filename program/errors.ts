/** How the program ends on an error. */
import * as pulumi from "@pulumi/pulumi";

export function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

/**
 * Ends the program with one sentence if `work` fails. Pulumi prints a `RunError` without its stack.
 *
 * @param anyInspected whether an account may have been inspected by then
 */
export async function orEndProgram<T>(work: () => T | Promise<T>, anyInspected = () => false): Promise<T> {
    try {
        return await work();
    } catch (error) {
        const soFar = anyInspected()
            ? "nothing was changed"
            : "no account was inspected and nothing was changed";
        throw new pulumi.RunError(`${soFar}: ${messageOf(error)}`);
    }
}
