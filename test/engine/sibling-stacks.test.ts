/** Two stacks that share an organization: no account in both, and none opened on its way from one to the other. */
import assert from "node:assert/strict";
import { Stack } from "./stack";

const PROD = "100000000001";
const MOVING = "100000000002";
const SANDBOX = "100000000003";

describe("Two stacks of one organization", function () {
    this.timeout(240_000);
    let stack: Stack;

    before(async () => {
        stack = await Stack.over({
            accounts: [
                { id: PROD, name: "prod", unit: "Prod" },
                { id: MOVING, name: "moving", unit: "Prod" },
                { id: SANDBOX, name: "sandbox", unit: "Sandbox" },
            ],
        });
        await succeed("stack init sandbox");
        await configure("test", { "include[0].organizationalUnit": "Prod", "siblingStacks[0]": "sandbox" });
        await configure("sandbox", {
            "include[0].organizationalUnit": "Sandbox",
            "siblingStacks[0]": "test",
        });
    });
    after(() => stack?.close());

    async function succeed(command: string): Promise<string> {
        const { exitCode, output } = await stack.pulumi(command);
        assert.equal(exitCode, 0, output);
        return output;
    }

    async function configure(of: string, settings: Record<string, string>): Promise<void> {
        for (const [key, value] of Object.entries(settings))
            await succeed(`config set --stack ${of} --path ${key} ${value}`);
    }

    const up = (of: string) => stack.up(`--skip-preview --stack ${of}`);

    async function refused(of: string, expectation: RegExp): Promise<void> {
        for (const run of [await stack.preview(`--stack ${of}`), await up(of)]) {
            assert.notEqual(run.exitCode, 0, run.output);
            assert.match(run.output, expectation);
        }
        assert.deepEqual(stack.simulator.requests.of("CreateLoginProfile"), []);
    }

    it("are told where one does not say yet what it declares", async () => {
        const first = await up("test");
        const second = await up("sandbox");

        assert.equal(first.exitCode, 0, first.output);
        assert.match(
            first.output,
            /the stack sandbox \(setting siblingStacks\) does not list the accounts that it declares/,
        );
        assert.equal(second.exitCode, 0, second.output);
        assert.doesNotMatch(second.output, /does not tell/);
    });

    it("may not come to declare one account both", async () => {
        await configure("sandbox", { "include[1].account": MOVING });

        await refused(
            "sandbox",
            /1 account is selected here and declared by another stack, as of its last up:\n +100000000002 moving: test\n/,
        );
    });

    it("do not open an account that another declares, where both came to declare it all the same", async () => {
        await succeed("stack init third");
        await configure("sandbox", { "siblingStacks[0]": "third" });
        const taken = await up("sandbox");
        assert.equal(taken.exitCode, 0, taken.output);
        const both = await stack.preview("--stack test");
        assert.equal(both.exitCode, 0, both.output);
        assert.match(
            both.output,
            /warning: 1 account is declared by this stack and by another:\n +100000000002 moving: sandbox\n/,
        );
        await configure("test", { "exclude[0].account": MOVING });

        await refused(
            "test",
            /1 account would leave the program and be opened again, while another stack declares it:\n +100000000002 moving \(Prod\): exclude\[0\] \(account 100000000002\); declared by sandbox\n/,
        );
    });

    it("hand an account over without opening it: retained, then dropped", async () => {
        await succeed("config rm --stack test exclude");
        await configure("test", { onDelete: "retain" });
        const retaining = await up("test");
        assert.equal(retaining.exitCode, 0, retaining.output);
        await configure("test", { "exclude[0].account": MOVING });

        const dropped = await up("test");

        assert.equal(dropped.exitCode, 0, dropped.output);
        assert.doesNotMatch(dropped.output, /declared by this stack and by another/);
        await configure("sandbox", { "siblingStacks[0]": "test" });
        const alone = await up("sandbox");
        assert.equal(alone.exitCode, 0, alone.output);
        assert.doesNotMatch(alone.output, /warning/);
        assert.deepEqual(stack.simulator.requests.of("CreateLoginProfile"), []);
    });
});
