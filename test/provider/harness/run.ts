import type { RootCredentialInputs, RootCredentialOutputs } from "./package";

/** The properties of a resource, as the engine sends them to the provider. */
export type Properties = object;

/** One run of the provider: the six methods, with the events of one run. */
export interface Run {
    check(
        olds: Properties,
        news: Properties,
    ): Promise<{ inputs: Record<string, unknown>; failures: { property: string; reason: string }[] }>;
    /** `changes` is missing if the engine has to compare the properties. */
    diff(
        id: string,
        olds: Properties,
        news: Properties,
    ): Promise<{ changes?: boolean; replaces: readonly string[] }>;
    /** If `id` is missing, the resource is gone. */
    read(
        id: string,
        properties: Properties,
    ): Promise<{ id?: string; props: RootCredentialOutputs; inputs?: RootCredentialInputs }>;
    create(inputs: Properties): Promise<{ id: string; outs: RootCredentialOutputs }>;
    update(id: string, olds: Properties, news: Properties): Promise<{ outs: RootCredentialOutputs }>;
    delete(id: string, properties: Properties): Promise<void>;
    /** Ends the run and returns its output. */
    end(): Promise<string>;
}

/** The process in which runs take place. */
export interface Host {
    readonly name: string;
    /** The pattern of the run's identity in results. Without an engine, it is empty. */
    readonly identity: RegExp;
    start(environment: Record<string, string>): Promise<Run>;
    stop?(): Promise<void>;
}

/** A failed create or update whose outputs Pulumi stores. */
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
