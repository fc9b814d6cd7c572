/**
 * The Pulumi engine of this run, as the program and the provider's processes see it.
 *
 * Pulumi gives its address to both: to the program through the runtime, to the provider as the last argument.
 */
import { credentials, Metadata } from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { GetRootResourceRequest } from "@pulumi/pulumi/proto/engine_pb";

/** The engine's host and port: another for every phase of every run. Empty outside of an engine. */
export function engineAddress(): string {
    return engineOfProgram() || engineOfProvider();
}

/** The engine's address as a program knows it; empty elsewhere. */
export function engineOfProgram(): string {
    const engine = pulumi.runtime.getEngine() as { getChannel?(): { getTarget(): string } } | undefined;
    return hostAndPort(engine?.getChannel?.().getTarget() ?? "");
}

/** True in a process that Pulumi started to serve dynamic resources. */
export function isProviderProcess(): boolean {
    return /\bdynamic-provider\b/.test(process.argv[1] ?? "");
}

let program: Promise<boolean> | undefined;

/**
 * Asks the engine, from a provider process, whether a program runs: every program registers a root resource before its
 * own code starts, `pulumi destroy` registers none. Throws where the engine does not answer, which says neither; false
 * outside of a provider process.
 */
export async function engineRunsProgram(): Promise<boolean> {
    if (!isProviderProcess()) return false;
    program ??= askForRootResource(engineOfProvider());
    try {
        return await program;
    } catch (error) {
        program = undefined;
        throw error;
    }
}

async function askForRootResource(address: string): Promise<boolean> {
    if (address === "") throw new Error("Pulumi did not tell the provider its engine's address");
    const engine = new EngineClient(address, credentials.createInsecure());
    // Long: on a busy machine a late answer is worth more than none.
    const deadline = new Date(Date.now() + 60_000);
    return new Promise((resolve, reject) => {
        engine.getRootResource(
            new GetRootResourceRequest(),
            new Metadata(),
            { deadline },
            (error, answer) => {
                engine.close();
                if (error)
                    reject(new Error(`Pulumi's engine at ${address} did not answer: ${error.message}`));
                else resolve(answer.getUrn() !== "");
            },
        );
    });
}

/** The engine's address as a provider process knows it; empty elsewhere. */
export function engineOfProvider(): string {
    return isProviderProcess() ? hostAndPort(process.argv.at(-1) ?? "") : "";
}

function hostAndPort(address: string): string {
    return /(?:^|[/:])(127\.0\.0\.1:\d+)$/.exec(address)?.[1] ?? "";
}
