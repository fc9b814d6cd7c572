import type { RootCredentialInputs, RootCredentialOutputs } from "./package";

/** The properties of a resource on their way to the provider. */
export type Properties = object;

/** One run of the provider, as Pulumi makes it: the six methods, over one memory. */
export interface Run {
    check(
        olds: Properties,
        news: Properties,
    ): Promise<{ inputs: Record<string, unknown>; failures: { property: string; reason: string }[] }>;
    /** `changes` is left out where the provider leaves it to the engine to compare. */
    diff(
        id: string,
        olds: Properties,
        news: Properties,
    ): Promise<{ changes?: boolean; replaces: readonly string[] }>;
    /** No `id` says that the resource is gone. */
    read(
        id: string,
        properties: Properties,
    ): Promise<{ id?: string; props: RootCredentialOutputs; inputs?: RootCredentialInputs }>;
    create(inputs: Properties): Promise<{ id: string; outs: RootCredentialOutputs }>;
    update(id: string, olds: Properties, news: Properties): Promise<{ outs: RootCredentialOutputs }>;
    delete(id: string, properties: Properties): Promise<void>;
    /** Ends the run and answers all that it printed. */
    end(): Promise<string>;
}

/** Where a run takes place. */
export interface Host {
    readonly name: string;
    /** The identity that results carry: without an engine there is none. */
    readonly identity: RegExp;
    start(environment: Record<string, string>): Promise<Run>;
    stop?(): Promise<void>;
}

/** A create or update that Pulumi stores and reports as failed. */
export class PartialFailure extends Error {
    override readonly name = "PartialFailure";

    constructor(
        readonly id: string,
        readonly properties: RootCredentialOutputs & { __provider?: string },
        readonly reasons: string[],
    ) {
        super(reasons.join("\n"));
    }
}
