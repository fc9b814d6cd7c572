import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import { PROJECT_ROOT, providerModule } from "./harness/package";

const stubs = providerModule("resources/provider-references");

/** These texts never change, because stored stacks find their provider by them. */
const FROZEN = {
    ROOT_CREDENTIALS_PROVIDER: 'exports.handler=()=>require("pulumi-aws-root-credentials/lifecycle")',
    BUCKET_POLICY_PROVIDER: 'exports.handler=()=>require("pulumi-aws-root-credentials/bucket-policy")',
    QUEUE_POLICY_PROVIDER: 'exports.handler=()=>require("pulumi-aws-root-credentials/queue-policy")',
    POLICY_BACKUP_PROVIDER: 'exports.handler=()=>require("pulumi-aws-root-credentials/policy-backup")',
};

describe("The texts that Pulumi stores as the provider's code", () => {
    it("have never changed", () => {
        assert.deepEqual({ ...stubs }, FROZEN);
    });

    for (const [name, text] of Object.entries(FROZEN)) {
        it(`${name} is shorter than 100 characters, because every resource stores it twice`, () => {
            assert.ok(text.length < 100);
        });

        it(`${name} loads the six methods of a dynamic provider from the project's folder`, () => {
            const provider = handlerIn(text)() as Record<string, unknown>;

            for (const method of ["check", "diff", "read", "create", "update", "delete"]) {
                assert.equal(typeof provider[method], "function", method);
            }
        });
    }
});

/** Runs the text as a module in the project's folder, as Pulumi's provider process does. */
function handlerIn(text: string): () => unknown {
    const exports: { handler?: () => unknown } = {};
    const run = compileFunction(text, ["exports", "require"]) as (exports: object, require: unknown) => void;
    run(exports, createRequire(join(PROJECT_ROOT, "package.json")));
    assert.ok(exports.handler);
    return exports.handler;
}
