import assert from "node:assert/strict";
import { Stack } from "./stack";

describe("pulumi destroy", function () {
    this.timeout(180_000);
    let stack: Stack;
    const [RESTORED, BLOCKED, LEFT] = ["100000000001", "100000000002", "100000000003"] as const;
    const CLEAN = "100000000004";

    before(async () => {
        const root = { password: {}, accessKeys: [{ id: "AKIAIOSFODNN7EXAMPLE" }] };
        const accounts = [RESTORED, BLOCKED, LEFT].map((id) => ({ id, name: `account-${id.at(-1)}`, root }));
        stack = await Stack.over({ accounts: [...accounts, { id: CLEAN, name: "clean" }] });
        assert.equal((await stack.up()).exitCode, 0);
        assert.deepEqual(stack.left(), []);
    });
    after(() => stack?.close());

    it("forgets no account while the caller's credentials are wrong, be it one that nothing was removed from", async () => {
        const wrong = { AWS_ACCESS_KEY_ID: "AKIANOTKNOWNTOAWS001" };

        const destroy = await stack.pulumi("destroy --yes --skip-preview --continue-on-error", wrong);

        assert.equal(destroy.exitCode, 1, destroy.output);
        assert.match(destroy.output, /AWS does not know the caller's credentials/);
        assert.deepEqual([...(await stack.resources()).keys()].sort(), [RESTORED, BLOCKED, LEFT, CLEAN]);
    });

    it("allows recovery, says what it cannot bring back, fails where it is refused and lets go of what left", async () => {
        stack.organization.attachScp(BLOCKED, {
            name: "deny-password",
            policyId: "p-nologin1",
            actions: ["iam:CreateLoginProfile"],
        });
        stack.organization.leave(LEFT);

        const destroy = await stack.pulumi("destroy --yes --continue-on-error");

        assert.equal(destroy.exitCode, 1, destroy.output);
        assert.deepEqual(
            stack.left(),
            [RESTORED, CLEAN].map((id) => `${id} password password`),
        );
        assert.match(
            destroy.output,
            /account 100000000001 \(account-1\): password recovery is allowed again/,
        );
        assert.match(
            destroy.output,
            /cannot be brought back \(access key AKIAIOSFODNN7EXAMPLE, removed \d{4}-/,
        );
        assert.match(
            destroy.output,
            /iam:CreateLoginProfile was refused in account 100000000002: blocked by SCP p-nologin1/,
        );
        assert.match(destroy.output, /account 100000000003 \(account-3\) has left the organization/);
        assert.deepEqual([...(await stack.resources()).keys()], [BLOCKED]);
    });

    it("finishes once the refusal is lifted", async () => {
        stack.organization.detachScp(BLOCKED, "p-nologin1");

        const destroy = await stack.pulumi("destroy --yes");

        assert.equal(destroy.exitCode, 0, destroy.output);
        assert.deepEqual(
            stack.left(),
            [RESTORED, BLOCKED, CLEAN].map((id) => `${id} password password`),
        );
        assert.equal((await stack.resources()).size, 0);
    });
});

describe("pulumi destroy --run-program", function () {
    this.timeout(180_000);
    let stack: Stack;
    const ids = ["100000000001", "100000000002", "100000000003"];

    before(async () => {
        stack = await Stack.over({ accounts: ids.map((id) => ({ id, name: `account-${id.at(-1)}` })) });
        assert.equal((await stack.up("--skip-preview")).exitCode, 0);
    });
    after(() => stack?.close());

    for (const flags of ["", " --refresh=false", " --continue-on-error"]) {
        it(`is refused, and leaves every account and the state as they are${flags}`, async () => {
            const destroy = await stack.pulumi(`destroy --yes --run-program${flags}`);

            assert.equal(destroy.exitCode, 1, destroy.output);
            assert.match(
                destroy.output,
                /recovery of account 10000000000\d was not allowed: .*pulumi destroy --run-program.*Use pulumi destroy without --run-program/,
            );
            assert.deepEqual(stack.left(), []);
            assert.deepEqual([...(await stack.resources()).keys()].sort(), ids);
        });
    }

    const own = (name: string) => `
        const { RootCredentialsAbsent } = require("pulumi-aws-root-credentials");
        for (const id of ${JSON.stringify(ids)}) new RootCredentialsAbsent(${name}, { accountId: id });`;

    for (const flags of ["", " --continue-on-error"]) {
        it(`is refused as well where the program gives one account another name${flags}`, async () => {
            stack.program(own("id === '100000000001' ? 'renamed' : id"));

            const destroy = await stack.pulumi(`destroy --yes --skip-preview --run-program${flags}`);

            assert.equal(destroy.exitCode, 1, destroy.output);
            assert.match(destroy.output, /pulumi destroy --run-program deletes .*Use pulumi destroy without/);
            assert.deepEqual(stack.left(), []);
            assert.deepEqual([...(await stack.resources()).keys()].sort(), ids);
        });
    }

    it("is no update, in which an account that is deleted under an old name is still declared", async () => {
        stack.program(own("id === '100000000001' ? 'renamed' : id"));

        const up = await stack.up(`--skip-preview --target ${stack.urn("100000000001")}`);

        assert.equal(up.exitCode, 0, up.output);
        assert.match(up.output, /account 100000000001 \(account-1\) is still declared by the program/);
        assert.deepEqual(stack.left(), []);
        stack.program(own("id"));
        assert.equal((await stack.up("--skip-preview")).exitCode, 0);
    });

    it("is followed by a pulumi destroy that allows recovery", async () => {
        const destroy = await stack.pulumi("destroy --yes --skip-preview");

        assert.equal(destroy.exitCode, 0, destroy.output);
        assert.deepEqual(
            stack.left(),
            ids.map((id) => `${id} password password`),
        );
    });
});

describe("pulumi destroy --target", function () {
    this.timeout(180_000);

    it("allows recovery of one account and leaves the others alone", async () => {
        const accounts = ["100000000001", "100000000002"].map((id) => ({ id, name: `account-${id.at(-1)}` }));
        const stack = await Stack.over({ accounts });
        try {
            assert.equal((await stack.up("--skip-preview")).exitCode, 0);

            const destroy = await stack.pulumi(
                `destroy --yes --skip-preview --target ${stack.urn("100000000001")}`,
            );

            assert.equal(destroy.exitCode, 0, destroy.output);
            assert.deepEqual(stack.left(), ["100000000001 password password"]);
            assert.deepEqual([...(await stack.resources()).keys()], ["100000000002"]);
        } finally {
            await stack.close();
        }
    });
});

describe("onDelete: retain", function () {
    this.timeout(180_000);
    let stack: Stack;

    before(async () => {
        const accounts = ["100000000001", "100000000002"].map((id) => ({ id, name: `account-${id.at(-1)}` }));
        stack = await Stack.over({ accounts });
        assert.equal((await stack.up()).exitCode, 0);
    });
    after(() => stack?.close());

    it("is applied by an up that audits every account once and writes nothing", async () => {
        await stack.pulumi("config set onDelete retain");

        const calls = await stack.callsDuring(async () => {
            const up = await stack.up("--skip-preview");
            assert.equal(up.exitCode, 0, up.output);
        });

        assert.equal(calls.get("AssumeRoot"), 2);
        for (const [, { outputs }] of await stack.resources()) assert.equal(outputs.onDelete, "retain");
    });

    it("leaves every account as it is when the stack is destroyed", async () => {
        const destroy = await stack.pulumi("destroy --yes");

        assert.equal(destroy.exitCode, 0, destroy.output);
        assert.match(
            destroy.output,
            /account 100000000001 \(account-1\) is left as it is \(onDelete: retain\)/,
        );
        assert.deepEqual(stack.left(), []);
        assert.deepEqual(stack.simulator.requests.of("CreateLoginProfile"), []);
    });
});
