/** Runs that look at less than everything, and what they may say about the rest. */
import assert from "node:assert/strict";
import { Stack, totalsOf } from "./stack";

describe("a run that looks at part of the stack", function () {
    this.timeout(180_000);
    let stack: Stack;
    const [FIRST, SECOND] = ["100000000001", "100000000002"] as const;

    before(async () => {
        const accounts = [FIRST, SECOND].map((id) => ({ id, name: `account-${id.at(-1)}` }));
        stack = await Stack.over({ accounts });
        assert.equal((await stack.up()).exitCode, 0);
        stack.organization.setRootPassword(FIRST);
        stack.organization.setRootPassword(SECOND);
    });
    after(() => stack?.close());

    it("is refused with --refresh=false: it would call dirty accounts unchanged", async () => {
        for (const command of ["preview --refresh=false --expect-no-changes", "up --yes --refresh=false"]) {
            const run = await stack.pulumi(command);

            assert.notEqual(run.exitCode, 0, run.output);
            assert.match(run.output, /was not inspected in this run.*Leave out --refresh=false/);
        }
        assert.equal(stack.left().length, 2);
    });

    it("counts only the target of a preview as looked at", async () => {
        const preview = await stack.preview(`--target ${stack.urn(FIRST)}`);

        assert.equal(preview.exitCode, 0, preview.output);
        assert.partialDeepStrictEqual(totalsOf(preview), {
            inspected: 1,
            clean: 0,
            drifted: 1,
            unreadable: 0,
            notInspected: 1,
        });
    });

    it("converges the target of an up and leaves the rest for the next preview to show", async () => {
        const up = await stack.up(`--target ${stack.urn(FIRST)}`);

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), [`${SECOND} password password`]);
        const preview = await stack.preview("--expect-no-changes");
        assert.equal(preview.exitCode, 7, preview.output);
        assert.partialDeepStrictEqual(totalsOf(preview), { clean: 1, drifted: 1 });
    });
});

describe("an account that the same program creates", function () {
    this.timeout(180_000);

    it("passes a preview while its id is unknown, and is cleaned by up", async () => {
        const stack = await Stack.over({
            accounts: [{ id: "100000000001", name: "new", root: { password: {} } }],
        });
        try {
            // A dynamic resource stands in for aws.organizations.Account: its id is an output nobody knows in a preview.
            stack.program(`
                const pulumi = require("@pulumi/pulumi");
                const { RootCredentialsAbsent } = require("pulumi-aws-root-credentials");
                class Account extends pulumi.dynamic.Resource {
                    constructor(name) {
                        super({ async create() { return { id: "100000000001", outs: { accountId: "100000000001" } } } }, name, { accountId: undefined });
                    }
                }
                new RootCredentialsAbsent("new", { accountId: new Account("new-account").accountId });
            `);

            const preview = await stack.preview();
            assert.equal(preview.exitCode, 0, preview.output);
            const up = await stack.up();

            assert.equal(up.exitCode, 0, up.output);
            assert.deepEqual(stack.left(), []);
        } finally {
            await stack.close();
        }
    });
});
