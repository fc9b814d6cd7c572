/** What the engine answers where a program registers a resource. */
import * as pulumi from "@pulumi/pulumi";
import { programOfRun } from "../run/program";

/** Tells the run once the engine has answered with a resource that is there. A preview deletes nothing, and needs not know. */
export function followRegistration({ id }: pulumi.CustomResource): void {
    if (pulumi.runtime.isDryRun()) return;
    // Not `apply`, which fails the program where the resource fails. Pulumi leaves this method out of its types.
    const answer = (id as unknown as { promise: () => Promise<string | undefined> }).promise();
    answer.then(
        (given) => {
            if (given) programOfRun().addGiven(given);
        },
        () => {},
    );
}
