/** Runs the lifecycle as a module of the test's process, with new modules for each run. */
import assert from "node:assert/strict";
import { freshProviderModule, type RootCredentialInputs, type RootCredentialOutputs } from "./package";
import { PartialFailure, type Host, type Properties, type Run } from "./run";
import { ROOT_CREDENTIALS_PROVIDER } from "./stored";
import { Surroundings } from "./surroundings";

export const imported: Host = {
    name: "as imported",
    identity: /^$/,

    start(environment) {
        const surroundings = new Surroundings(environment);
        const lifecycle = freshProviderModule("lifecycle/root-credentials");
        return Promise.resolve(runOfModule(lifecycle, () => Promise.resolve(surroundings.restore())));
    },
};

/** A run over this copy of the lifecycle. */
export function runOfModule(lifecycle: Lifecycle, end: Run["end"]): Run {
    return {
        async check(olds, news) {
            const declared = provided(news) as Parameters<typeof lifecycle.check>[1];
            const result = await plain(lifecycle.check(olds, declared));
            return { inputs: { ...result.inputs }, failures: result.failures ?? [] };
        },
        async diff(id, olds, news) {
            const result = await plain(lifecycle.diff(id, provided(olds), provided(news)));
            return { ...result, replaces: result.replaces ?? [] };
        },
        async read(id, properties) {
            const { id: found, props, inputs } = await plain(lifecycle.read(id, provided(properties)));
            const seen = inputs as RootCredentialInputs | undefined;
            assert.ok(props);
            return { ...(found !== undefined && { id: found }), props, ...(seen && { inputs: seen }) };
        },
        async create(inputs) {
            const declared = provided(inputs) as Parameters<typeof lifecycle.create>[0];
            const { id, outs } = await plain(lifecycle.create(declared));
            assert.ok(outs);
            return { id, outs: unprovided(outs) };
        },
        async update(id, olds, news) {
            const { outs } = await plain(lifecycle.update(id, provided(olds), provided(news)));
            assert.ok(outs);
            return { outs: unprovided(outs) };
        },
        delete: (id, properties) => lifecycle.delete(id, provided(properties)),
        end,
    };
}

type Lifecycle = ReturnType<typeof freshProviderModule<"lifecycle/root-credentials">>;

function provided(properties: Properties): RootCredentialOutputs & { __provider: string } {
    return { ...properties, __provider: ROOT_CREDENTIALS_PROVIDER } as RootCredentialOutputs & {
        __provider: string;
    };
}

/** Pulumi's process adds the provider's text to each result. */
function unprovided(outs: RootCredentialOutputs & { __provider?: string }): RootCredentialOutputs {
    const properties = { ...outs };
    delete properties.__provider;
    return properties;
}

/** The value as Pulumi's process would send it. Only JSON can be sent. */
async function plain<T>(answer: Promise<T>): Promise<T> {
    try {
        const value = await answer;
        assert.deepStrictEqual(JSON.parse(JSON.stringify(value)), value);
        return value;
    } catch (error) {
        assert.ok(error instanceof Error);
        if (!("id" in error)) throw error;
        const { id, properties, reasons } = error as PartialFailure;
        assert.deepStrictEqual(JSON.parse(JSON.stringify(properties)), properties);
        throw new PartialFailure(id, properties, reasons);
    }
}
