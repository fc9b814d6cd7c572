/** The engine's answer to the registration of a resource. */
import * as pulumi from "@pulumi/pulumi";
import { programOfRun } from "../run/program";

/** Tells the run when the engine answers with an existing resource. A preview deletes nothing, so it does not need this. */
export function followRegistration({ id }: pulumi.CustomResource): void {
    if (pulumi.runtime.isDryRun()) return;
    // `apply` would fail the program if the resource fails. Pulumi leaves `promise` out of its types.
    const answer = (id as unknown as { promise: () => Promise<string | undefined> }).promise();
    answer.then(
        (given) => {
            if (given) programOfRun().addGiven(given);
        },
        () => {},
    );
}
