/**
 * Pulumi deletes for many innocent reasons, and here a delete allows password recovery. Each test plays one of
 * them on the real engine and then asks the server whether an account was opened.
 */
import assert from "node:assert/strict";
import { accessDenied, lostNextToken, repeatedNextToken, serverError, startSimulator } from "../simulator";
import { Stack, type Run } from "./stack";

const PARENT = "const parent = new pulumi.ComponentResource('test:index:Unit', 'unit');";
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
        stack.program(
            programOver(
                ACCOUNTS,
                "(id) => new RootCredentialsAbsent('account-' + id, { accountId: id }, { parent })",
                PARENT,
            ),
        );

        const up = await stack.up();

        assert.equal(up.exitCode, 0, up.output);
        await assertNothingOpened(up);
    });

    // Names as they are in the state by now; each test keeps them.
    const declared = (ids: string[], terms = "") =>
        programOver(
            ids,
            `(id) => new RootCredentialsAbsent('account-' + id, { accountId: id ${terms} }, { parent })`,
            PARENT,
        );
    const RENAMED = "(id) => new RootCredentialsAbsent('other-' + id, { accountId: id })";

    it("by a program that declares nothing", async () => {
        stack.program(programOver([], RENAMED));

        const up = await stack.up("--continue-on-error --skip-preview");

        assert.equal(up.exitCode, 1, up.output);
        assert.match(
            up.output,
            /the program declares no account at all. If that is not a mistake, use pulumi destroy/,
        );
        await assertNothingOpened(up);
    });

    it("by a program that no longer knows of accounts", async () => {
        stack.program("console.log('nothing to see here')");

        const up = await stack.up("--continue-on-error --skip-preview");

        assert.equal(up.exitCode, 1, up.output);
        assert.match(up.output, /the program declares no account at all/);
        await assertNothingOpened(up);
    });

    it("by a program that mixes onDelete and drops one account on purpose", async () => {
        const mixed = (ids: string[]) =>
            programOver(
                ids,
                `(id) => new RootCredentialsAbsent('account-' + id, { accountId: id, onDelete: id === "${ACCOUNTS[0]}" ? "allow-recovery" : "retain" }, { parent })`,
                PARENT,
            );
        stack.program(mixed(ACCOUNTS));
        assert.equal((await stack.up("--skip-preview")).exitCode, 0);

        // A retained account may go in silence; the one with the other value is not held back by it.
        stack.program(mixed(ACCOUNTS.slice(0, 11)));
        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        await assertNothingOpened(up, 11);
        stack.program(declared(ACCOUNTS));
        assert.equal((await stack.up("--skip-preview")).exitCode, 0);
    });

    it("by other names in a run that looks at nothing", async () => {
        stack.program(programOver(ACCOUNTS.slice(0, 2), RENAMED));

        const up = await stack.up("--continue-on-error --skip-preview --refresh=false");

        assert.equal(up.exitCode, 1, up.output);
        assert.match(up.output, /this run did not inspect it first. Leave out --refresh=false/);
        assert.deepEqual(stack.left(), []);
        assert.deepEqual(stack.simulator.requests.of("CreateLoginProfile"), []);
    });

    it("by other names and --target", async () => {
        stack.program(programOver(ACCOUNTS, RENAMED));
        const before = [...(await stack.resources()).keys()].filter((name) => name.startsWith("account-"));
        const targets = before.map((name) => `--target ${stack.urn(name, "test:index:Unit")}`).join(" ");

        const up = await stack.up(`--skip-preview ${targets}`);

        assert.equal(up.exitCode, 0, up.output);
        assert.match(up.output, /is still declared by the program/);
        assert.deepEqual(stack.left(), []);
        assert.deepEqual(stack.simulator.requests.of("CreateLoginProfile"), []);
        stack.program(declared(ACCOUNTS));
        assert.equal((await stack.up("--skip-preview")).exitCode, 0);
    });

    it("where the processes of a run cannot share what they saw", async () => {
        stack.program(programOver(ACCOUNTS.slice(0, 2), RENAMED));
        await stack.pulumi("config set some-other:setting changed");

        const up = await stack.up("--continue-on-error --skip-preview", { TMPDIR: "/dev/null/nowhere" });

        assert.equal(up.exitCode, 1, up.output);
        assert.deepEqual(stack.left(), []);
        assert.deepEqual(stack.simulator.requests.of("CreateLoginProfile"), []);
        stack.program(declared(ACCOUNTS));
        assert.equal((await stack.up("--skip-preview")).exitCode, 0);
    });

    it("by a run that changes onDelete and drops accounts", async () => {
        stack.program(declared(ACCOUNTS.slice(2), ", onDelete: 'retain'"));

        const up = await stack.up("--continue-on-error --skip-preview");

        assert.equal(up.exitCode, 1, up.output);
        assert.match(
            up.output,
            /this run changes onDelete \(from allow-recovery\) and drops the account. Do it in two steps/,
        );
        await assertNothingOpened(up);
        stack.program(declared(ACCOUNTS));
        assert.equal((await stack.up("--skip-preview")).exitCode, 0);
    });

    it("by two resources that swap their accounts, even where deletes come first", async () => {
        const [first, second] = ACCOUNTS as [string, string];
        const swapped = `(id) => {
            const accountId = { "${first}": "${second}", "${second}": "${first}" }[id] ?? id;
            const dependsOn = id === "${second}" ? [globalThis.previous] : [];
            globalThis.previous = new RootCredentialsAbsent('account-' + id, { accountId }, { parent, deleteBeforeReplace: true, dependsOn });
        }`;
        stack.program(programOver(ACCOUNTS, swapped, PARENT));
        for (const id of [first, second])
            stack.organization.failAlways("DeleteLoginProfile", accessDenied(), { accountId: id });

        const up = await stack.up("--continue-on-error --skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        await assertNothingOpened(up);
        stack.organization.clearFaults();
    });

    it("by a caller who is signed in to another organization", async () => {
        const other = await startSimulator({
            seed: {
                accounts: [{ id: "300000000001", name: "stranger", root: { password: {} } }],
                organizationId: "o-stranger01",
            },
        });
        try {
            stack.program(
                programOver(["300000000001"], "(id) => new RootCredentialsAbsent(id, { accountId: id })"),
            );

            const up = await stack.up("--continue-on-error --skip-preview", other.environment());

            assert.equal(up.exitCode, 1, up.output);
            assert.match(
                up.output,
                /this stack holds accounts of the organization o-simulated1, but the caller .* belongs to o-stranger01/,
            );
            assert.equal(other.organization.rootCredentialsLeft().length, 1);
            await assertNothingOpened(up);
        } finally {
            await other.close();
        }
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
        assert.match(up.output, /nothing was changed: the accounts of the organization could not be listed/);
        assert.deepEqual(stack.left(), []);
        stack.organization.clearFaults();
    });

    it("where a page lost the token to the next one, so that accounts are missing", async () => {
        stack.organization.failAlways("ListAccounts", lostNextToken());

        const preview = await stack.preview("--expect-no-changes");
        const up = await stack.up("--continue-on-error --skip-preview");

        for (const run of [preview, up]) {
            assert.ok(![0, 7].includes(run.exitCode), run.output);
            assert.match(
                run.output,
                /ListAccounts did not list 2\d{11}, .*which this run has found to be active members/,
            );
        }
        assert.deepEqual(stack.left(), []);
        stack.organization.clearFaults();
    });

    it("where the list of accounts is empty", async () => {
        const garble = () => '{"Accounts":[]}';
        stack.organization.failAlways("ListAccounts", { kind: "garbled", carriedOut: true, garble });

        const up = await stack.up("--continue-on-error --skip-preview");

        assert.notEqual(up.exitCode, 0, up.output);
        assert.match(up.output, /ListAccounts did not list .*200000000000/);
        assert.deepEqual(stack.left(), []);
        stack.organization.clearFaults();
    });

    it("where a page leads to itself", async () => {
        stack.organization.failAlways("ListAccounts", repeatedNextToken());

        const preview = await stack.preview("--expect-no-changes");

        assert.ok(![0, 7].includes(preview.exitCode), preview.output);
        assert.match(preview.output, /leads back to an earlier/);
        stack.organization.clearFaults();
    });

    for (const [what, omitsOrganizationId] of [
        ["another organization", false],
        ["another organization, whose id AWS leaves out", true],
    ] as const)
        it(`where it is signed in to ${what}`, async () => {
            const seed = {
                accounts: [{ id: "300000000001", name: "stranger", root: { password: {} } }],
                organizationId: "o-stranger01",
            };
            const other = await startSimulator({ seed });
            Object.assign(other.organization, { omitsOrganizationId });
            try {
                const up = await stack.up("--continue-on-error --skip-preview", other.environment());

                assert.notEqual(up.exitCode, 0, up.output);
                assert.match(
                    up.output,
                    /nothing was changed: this stack holds accounts of the organization o-simulated1/,
                );
                assert.equal(other.organization.rootCredentialsLeft().length, 1);
                assert.deepEqual(stack.left(), []);
                assert.equal((await stack.resources()).size, 60);
            } finally {
                await other.close();
            }
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
