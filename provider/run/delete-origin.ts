/** Whether a delete was asked for by `pulumi destroy`, which is deliberate, or follows from what a program declares. */
import { engineOfRun } from "./engine";
import { messageOf } from "../process/error-text";
import { programOfRun } from "./program";
import { storeOfRun } from "./store";

export type OriginOfDelete = "destroy" | "program" | { unknown: string };

/** `unknown`: why nobody can tell, in words that end a sentence about what was not done. */
export async function originOfDelete(): Promise<OriginOfDelete> {
    const notShared = storeOfRun().notShared;
    if (notShared) {
        const unknown = `what this run has seen cannot be shared between Pulumi's processes (${notShared}), so the program may still declare it. Run again. If that does not help, point TMPDIR at a folder that only you can write.`;
        return { unknown };
    }
    try {
        const connection = await engineOfRun()?.connection();
        if (!(await connection?.rootResource())) return programOfRun().isRunning() ? "program" : "destroy";
        // The engine's checks alone do not tell all that a program declares.
        if (programOfRun().hasJoined() || !programOfRun().isRunning()) return "program";
        const unknown =
            "the program has not told this run what it declares, so it may still declare it. Run again. If that does not help, look whether the program's process has another temporary folder (TMPDIR) than Pulumi.";
        return { unknown };
    } catch (error) {
        const unknown = `${messageOf(error)}. So nobody knows whether a program runs that still declares it, or pulumi destroy. Run again.`;
        return { unknown };
    }
}

/**
 * Throws in `pulumi destroy --run-program`: nothing that a program declares is restored, and the state would be lost. The engine
 * gives such a program its resources out of the state, and asks to check none. In an update, the engine checks each resource before it deletes
 * the one that it replaces. Outside of `--target` it neither checks nor reads, and gives the program nothing that it deletes.
 */
export function refuseDestroyOfDeclared(id: string, what: string): void {
    const isDestroyed = programOfRun().isDestroyedThoughDeclared(id);
    if (isDestroyed === false) return;
    if (isDestroyed === undefined) throw new Error(`${what}: ${NOT_INSPECTED_FIRST}`);
    throw new Error(
        `${what}: pulumi destroy --run-program deletes it while the program declares it. Nothing was changed there. Use pulumi destroy without it.`,
    );
}

export const NOT_INSPECTED_FIRST =
    "this run did not look at it first. Leave out --refresh=false, and keep `options: { refresh: always }` in Pulumi.yaml.";
