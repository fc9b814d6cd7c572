/** Runs the commands of docs/recovery.md unchanged, section by section, and checks their effects. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Stack } from "../engine/stack";
import { PROJECT_ROOT } from "../temporary-project";
import { blocks, inShell } from "./shell";

const PAGE = readFileSync(join(PROJECT_ROOT, "docs", "recovery.md"), "utf8");
const PAYMENTS = "111122223333";
const KEY = "AKIAROOTKEY000000001";
const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000).toISOString();

/** The shell blocks under a heading. */
function commandsUnder(heading: string): string[] {
    const section = PAGE.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
    assert.ok(section, `no section "${heading}"`);
    return blocks(section, "sh");
}

const COVERED = [
    "What cannot be undone",
    "Not removing what is still in use",
    "Break-glass: opening one account for a while",
    "An account that cannot be inspected",
    "Lost MFA",
    "Before an account leaves the organization",
];

describe("docs/recovery.md", function () {
    this.timeout(300_000);
    let stack: Stack;

    before(async () => {
        const root = { password: {}, accessKeys: [{ id: KEY, lastUsed: yesterday }] };
        stack = await Stack.over({
            accounts: [
                { id: PAYMENTS, name: "payments", root },
                { id: "222233334444", name: "logs", root: { accessKeys: [{}] } },
            ],
        });
    });
    after(() => stack?.close());

    const run = async (heading: string, block: number) => {
        const commands = commandsUnder(heading)[block];
        assert.ok(commands, `${heading}, block ${block}`);
        return inShell(stack, commands, stack.environment);
    };

    it("has only commands that a test runs", () => {
        const inSections = COVERED.flatMap(commandsUnder);
        assert.deepEqual(blocks(PAGE, "sh"), inSections);
        assert.deepEqual(
            COVERED.map((heading) => commandsUnder(heading).length),
            [1, 3, 2, 1, 1, 2],
        );
    });

    it("keeps credentials in use until the guard is off", async () => {
        const heading = "Not removing what is still in use";
        await assert.rejects(run(heading, 0), /AKIAROOTKEY000000001 of account 111122223333 is kept/);
        assert.deepEqual(stack.left(), [`${PAYMENTS} accessKey ${KEY}`]);

        const other = stack.organization.createRootAccessKey("222233334444", { lastUsed: yesterday });
        await run(heading, 1);
        assert.deepEqual(
            stack.left(),
            [`222233334444 accessKey ${other}`],
            "only of the account that is named",
        );

        await run(heading, 2);
        assert.deepEqual(stack.left(), []);
    });

    it("keeps the record of writes in a file", async () => {
        const key = stack.organization.createRootAccessKey(PAYMENTS);

        const printed = await run("What cannot be undone", 0);

        assert.match(printed, new RegExp(`^\\{"time":.*"event":"done".*"id":"${key}"`, "m"));
        assert.deepEqual(stack.left(), []);
    });

    const breakGlass = "Break-glass: opening one account for a while";

    it("opens one account for a while", async () => {
        assert.match(await run(breakGlass, 0), /password recovery is allowed in root session/);
        assert.deepEqual(stack.left(), [`${PAYMENTS} password password`]);
    });

    it("makes an open account whose MFA device was lost recoverable", async () => {
        stack.organization.setRootPassword(PAYMENTS);
        stack.organization
            .account(PAYMENTS)
            .root.mfaDevices.push({ serial: "GAHT00000001", enabled: new Date() });

        const printed = await run("Lost MFA", 0);

        assert.match(printed, /removed password, MFA device GAHT00000001/);
        assert.deepEqual(stack.left(), [`${PAYMENTS} password password`]);
    });

    it("closes an account before its time", async () => {
        await run(breakGlass, 1);
        assert.deepEqual(stack.left(), []);
    });

    it("acknowledges an account that an SCP blocks", async () => {
        const scp = { name: "deny-root", policyId: "p-court1234", actions: ["*"] };
        stack.organization.attachScp(PAYMENTS, scp);

        const printed = await run("An account that cannot be inspected", 0);

        assert.match(printed, /◇ 111122223333 payments +acknowledged\n.*TICKET-4731: frozen by court order/);
        stack.organization.detachScp(PAYMENTS, scp.policyId);
        await stack.pulumi("config rm --path acknowledged[0]");
    });

    it("drops an account with a password from the stack without touching it", async () => {
        const heading = "Before an account leaves the organization";
        await run(heading, 0);
        stack.organization.setRootPassword(PAYMENTS);
        stack.organization.leave(PAYMENTS);
        const before = stack.simulator.requests.entries.length;

        await run(heading, 1);

        assert.deepEqual([...(await stack.resources()).keys()], ["222233334444"]);
        const writes = stack.simulator.requests.entries
            .slice(before)
            .filter(({ action }) => /^(Delete|Deactivate|Create)/.test(action));
        assert.deepEqual(writes, []);
    });
});
