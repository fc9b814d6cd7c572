/** The provider's package as Pulumi finds it, and fresh copies of its modules: a copy is a process's memory. */
import { dirname, join, resolve } from "node:path";

export type { RootCredentialEvidence, RootCredentialOutputs } from "pulumi-aws-root-credentials";
export type { RootCredentialInputs } from "../../../provider/state";

export const PROJECT_ROOT = resolve(__dirname, "../../../..");

const MODULES = join(dirname(require.resolve("pulumi-aws-root-credentials/package.json")), "dist");

interface Modules {
    lifecycle: typeof import("pulumi-aws-root-credentials/lifecycle");
    organization: typeof import("../../../provider/organization");
    refusals: typeof import("../../../provider/refusals");
    stub: typeof import("../../../provider/stub");
}

/** A module of the provider, as it was loaded first. */
export function providerModule<Name extends keyof Modules>(name: Name): Modules[Name] {
    return require(join(MODULES, name)) as Modules[Name];
}

/** A module of the provider that remembers nothing: it and all that it imports from the package is loaded anew. */
export function freshProviderModule<Name extends keyof Modules>(name: Name): Modules[Name] {
    for (const loaded of Object.keys(require.cache)) {
        if (loaded.startsWith(MODULES)) delete require.cache[loaded];
    }
    return providerModule(name);
}
