/** What the engine answers where a program registers a resource. */
import * as pulumi from "@pulumi/pulumi";
import { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { thisRun } from "./this-run";

/** By the engine's monitor, of which each run has its own. */
const registrations = new WeakMap<object, { pending: number }>();

/** Tells the run once the engine has answered with a resource that is there. A preview deletes nothing, and needs not know. */
export function followRegistration({ id }: pulumi.CustomResource): void {
    const monitor = pulumi.runtime.getMonitor();
    if (pulumi.runtime.isDryRun() || monitor === undefined) return;
    const seen = registrations.get(monitor) ?? { pending: 0 };
    registrations.set(monitor, seen);
    seen.pending += 1;
    const isFollowed = pulumi.runtime.rpcKeepAlive(); // the engine deletes nothing before
    // Not `apply`, which fails the program where the resource fails. Pulumi leaves this method out of its types.
    const answer = (id as unknown as { promise: () => Promise<string | undefined> }).promise();
    const followed = answer.then(
        async (given) => {
            seen.pending -= 1;
            if (given) return thisRun.isAnswered(given);
            if (seen.pending === 0 && thisRun.mayBeDestroy()) await refuseDestroy(monitor);
        },
        () => {
            seen.pending -= 1;
        },
    );
    void followed.finally(isFollowed);
}

/**
 * The engine passes over a new resource outside of `--target`, and in `pulumi destroy --run-program`, with the same answer. So this
 * registers a component: a destroy makes it, and `--target` passes over it. Where a program fails, the engine deletes nothing.
 */
async function refuseDestroy(monitor: NonNullable<ReturnType<typeof pulumi.runtime.getMonitor>>) {
    const request = new RegisterResourceRequest();
    request.setType("aws-root:index:PassedOver");
    request.setName("passed-over");
    request.setSupportsresultreporting(true);
    const isMade = await new Promise<boolean>((resolve) => {
        monitor.registerResource(request, (error, response) => resolve(!error && !response.getUnknown()));
    });
    if (!isMade) return;
    throw new pulumi.RunError(
        "pulumi destroy --run-program deletes accounts while the program declares them under other names. Nothing was changed there. Use pulumi destroy without it.",
    );
}
