import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import { PROJECT_ROOT, providerModule } from "./harness/package";

const { PROVIDER_STUB } = providerModule("stub");

describe("The text that Pulumi stores as the provider's code", () => {
    it("is what it has been from the beginning: stored stacks find their provider by it", () => {
        assert.equal(PROVIDER_STUB, 'exports.handler=()=>require("pulumi-aws-root-credentials/lifecycle")');
    });

    it("is shorter than 100 characters: every resource stores it twice", () => {
        assert.ok(PROVIDER_STUB.length < 100);
    });

    it("leads from the project's folder to the six methods of a dynamic provider", () => {
        const handler = handlerIn(PROVIDER_STUB);

        const provider = handler() as Record<string, unknown>;

        for (const method of ["check", "diff", "read", "create", "update", "delete"]) {
            assert.equal(typeof provider[method], "function", method);
        }
    });
});

/** Runs the text as a module of the project's folder, as Pulumi's provider process does. */
function handlerIn(text: string): () => unknown {
    const exports: { handler?: () => unknown } = {};
    const run = compileFunction(text, ["exports", "require"]) as (exports: object, require: unknown) => void;
    run(exports, createRequire(join(PROJECT_ROOT, "package.json")));
    assert.ok(exports.handler);
    return exports.handler;
}
