/**
 * Pulumi deletes for many innocent reasons, and here a delete allows password recovery. Each test plays one of
 * them on the real engine and then asks the server whether an account was opened.
 */
import assert from "node:assert/strict";
import { serverError } from "../simulator";
import { Stack, type Run } from "./stack";

const ACCOUNTS = Array.from({ length: 12 }, (_, n) => String(100_000_000_000 + n));

describe("no account is opened by accident", function () {
    this.timeout(240_000);
    let stack: Stack;

    before(async () => {
        stack = await Stack.over({ accounts: ACCOUNTS.map((id) => ({ id, name: `account-${id}` })) });
        assert.equal((await stack.up()).exitCode, 0);
    });
    after(() => stack?.close());

    /** The server's word: nothing was opened, nobody asked for it, and the accounts are still managed. */
    async function assertNothingOpened(run: Run, managed = ACCOUNTS.length): Promise<void> {
        assert.deepEqual(stack.left(), [], run.output);
        assert.deepEqual(stack.simulator.requests.of("CreateLoginProfile"), [], run.output);
        assert.equal((await stack.resources()).size, managed, run.output);
    }

    it("by --replace", async () => {
        const up = await stack.up(`--replace ${stack.urn(ACCOUNTS[3] ?? "")}`);

        assert.equal(up.exitCode, 0, up.output);
        await assertNothingOpened(up);
    });

    it("by pulumi state taint", async () => {
        await stack.pulumi(`state taint ${stack.urn(ACCOUNTS[4] ?? "")} --yes`);
        const up = await stack.up();

        assert.equal(up.exitCode, 0, up.output);
        assert.match(up.output, /replaced/);
        await assertNothingOpened(up);
    });

    it("by other logical names", async () => {
        stack.program(
            programOver(ACCOUNTS, "(id) => new RootCredentialsAbsent('account-' + id, { accountId: id })"),
        );

        const up = await stack.up();

        assert.equal(up.exitCode, 0, up.output);
        assert.match(up.output, /12 deleted/);
        assert.match(up.output, /is still declared by the program: nothing is restored there/);
        await assertNothingOpened(up);
    });

    it("by a new parent", async () => {
        const parent = "const parent = new pulumi.ComponentResource('test:index:Unit', 'unit');";
        stack.program(
            programOver(
                ACCOUNTS,
                "(id) => new RootCredentialsAbsent('account-' + id, { accountId: id }, { parent })",
                parent,
            ),
        );

        const up = await stack.up();

        assert.equal(up.exitCode, 0, up.output);
        await assertNothingOpened(up);
    });

    it("by a program that loses most of its accounts", async () => {
        stack.program(
            programOver(
                ACCOUNTS.slice(0, 5),
                "(id) => new RootCredentialsAbsent('account-' + id, { accountId: id })",
            ),
        );

        const up = await stack.up("--continue-on-error");

        assert.equal(up.exitCode, 1, up.output);
        assert.match(up.output, /7 accounts would leave the program in this run, and maxRemovals is 5/);
        await assertNothingOpened(up, 12);
    });
});

describe("the program's own discovery opens no account by accident", function () {
    this.timeout(240_000);
    let stack: Stack;
    const ids = Array.from({ length: 60 }, (_, n) => String(200_000_000_000 + n));

    before(async () => {
        stack = await Stack.over({ accounts: ids.map((id) => ({ id, name: `account-${id}` })) });
        assert.equal((await stack.up()).exitCode, 0);
    });
    after(() => stack?.close());

    it("where a listing fails in the middle", async () => {
        // Three pages of accounts: the second fails for good.
        stack.organization.failAlways("ListAccounts", serverError(500), { after: 1 });

        const up = await stack.up("--continue-on-error");

        assert.notEqual(up.exitCode, 0, up.output);
        assert.match(
            up.output,
            /nothing was looked at and nothing was changed: the accounts of the organization could not be listed/,
        );
        assert.deepEqual(stack.left(), []);
        stack.organization.clearFaults();
    });

    it("where it finds no active account at all", async () => {
        for (const id of ids) stack.organization.setState(id, "SUSPENDED");

        const up = await stack.up("--continue-on-error --skip-preview");

        assert.notEqual(up.exitCode, 0, up.output);
        assert.match(up.output, /no active member account was found/);
        assert.deepEqual(stack.simulator.requests.of("CreateLoginProfile"), []);
        for (const id of ids) stack.organization.setState(id, "ACTIVE");
        assert.equal((await stack.up("--skip-preview")).exitCode, 0);
    });

    // With another configuration, the engine reads with one provider process and checks and deletes with another.
    it("where half of the accounts vanish from the program while the configuration changes", async () => {
        stack.program(
            programOver(
                ids.slice(0, 30),
                "(id) => new RootCredentialsAbsent('renamed-' + id, { accountId: id })",
            ),
        );
        await stack.pulumi("config set some-other:setting changed");

        const up = await stack.up("--continue-on-error --skip-preview");

        assert.equal(up.exitCode, 1, up.output);
        assert.match(up.output, /30 accounts would leave the program in this run, and maxRemovals is 6/);
        assert.deepEqual(stack.left(), []);
        assert.deepEqual(stack.simulator.requests.of("CreateLoginProfile"), []);
    });

    it("but as many as maxRemovals says, where it is raised on purpose", async () => {
        stack.program(
            programOver(
                ids.slice(0, 30),
                "(id) => new RootCredentialsAbsent('renamed-' + id, { accountId: id, maxRemovals: 30 })",
            ),
        );

        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(
            stack.left(),
            ids.slice(30).map((id) => `${id} password password`),
        );
    });
});

/** A program that declares each of the accounts with one expression. */
function programOver(accounts: string[], declare: string, first = ""): string {
    return `
        const pulumi = require("@pulumi/pulumi");
        const { RootCredentialsAbsent } = require("pulumi-aws-root-credentials");
        ${first}
        for (const id of ${JSON.stringify(accounts)}) (${declare})(id);
    `;
}
