/** The origin of a delete: `pulumi destroy`, which is deliberate, or a program that no longer declares the resource. */
import { engineOfRun } from "./engine";
import { messageOf } from "../process/error-text";
import { programOfRun } from "./program";
import { storeOfRun } from "./store";

export type OriginOfDelete = "destroy" | "program" | { unknown: string };

/** `unknown`: the reason why the origin is unknown. It ends the sentence of an error message. */
export async function originOfDelete(): Promise<OriginOfDelete> {
    const notShared = storeOfRun().notShared;
    if (notShared) {
        const unknown = `Pulumi's processes cannot share the results of this run (${notShared}), so the program may still declare it. Run again. If that does not help, point TMPDIR at a folder that only you can write.`;
        return { unknown };
    }
    try {
        const connection = await engineOfRun()?.connection();
        if (!(await connection?.rootResource())) return programOfRun().isRunning() ? "program" : "destroy";
        // The engine's checks alone do not show everything that a program declares.
        if (programOfRun().hasJoined() || !programOfRun().isRunning()) return "program";
        const unknown =
            "this run has no declarations from the program, so the program may still declare it. Run again. If that does not help, check whether the program's process has another temporary folder (TMPDIR) than Pulumi.";
        return { unknown };
    } catch (error) {
        const unknown = `${messageOf(error)}. So a program may be running that still declares it. Run again.`;
        return { unknown };
    }
}

/**
 * Throws in `pulumi destroy --run-program`, because the program declares the resource and its state would be lost.
 *
 * In such a destroy, the engine gives the program its resources out of the state and asks to check none. In an update, it
 * checks each resource before it deletes the replaced one. Resources outside of `--target` are neither checked nor read,
 * and the engine gives the program none that it deletes.
 *
 * @param message begins the error message, such as `recovery of account 111122223333 was not allowed`
 */
export function refuseDestroyOfDeclared(id: string, message: string): void {
    const isDestroyed = programOfRun().isDestroyedThoughDeclared(id);
    if (isDestroyed === false) return;
    if (isDestroyed === undefined) throw new Error(`${message}: ${NOT_INSPECTED_FIRST}`);
    throw new Error(
        `${message}: pulumi destroy --run-program deletes it while the program declares it. Nothing was changed there. Use pulumi destroy without --run-program.`,
    );
}

export const NOT_INSPECTED_FIRST =
    "this run did not inspect it first. Leave out --refresh=false, and keep `options: { refresh: always }` in Pulumi.yaml.";
