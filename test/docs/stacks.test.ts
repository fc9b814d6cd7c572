/** Runs the commands of docs/stacks.md unchanged, section by section, and checks their effects. */
import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Stack } from "../engine/stack";
import { PROJECT_ROOT } from "../temporary-project";
import { blocks, inShell, WITHOUT_NPX } from "./shell";

const PAGE = readFileSync(join(PROJECT_ROOT, "docs", "stacks.md"), "utf8");
const MOVING = "333344445555";
const accounts = (unit: string, first: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({
        id: String(100_000_000_000 + first + index),
        name: `account-${first + index}`,
        unit,
        joined: "2024-05-01T09:00:00Z",
    }));

const SEED = {
    accounts: [
        ...accounts("Sandbox/Teams", 1, 12),
        ...accounts("Sandbox/Labs", 21, 2),
        ...accounts("Workloads/Prod", 31, 2),
        ...accounts("Workloads/Prod/Payments", 41, 3),
        { id: "222233334444", name: "log-archive", unit: "Security" },
        {
            id: "444455556666",
            name: "bought",
            unit: "Workloads",
            joinedMethod: "INVITED" as const,
            joined: "2026-10-02T09:00:00Z",
        },
        { id: "555566667777", name: "kept", unit: "Workloads", tags: { "root-credentials": "keep" } },
        { id: MOVING, name: "moving", unit: "Sandbox", root: { password: {} } },
    ],
    delegatedAdministrators: ["222233334444"],
};

describe("docs/stacks.md", function () {
    this.timeout(300_000);
    let stack: Stack;
    const [first, shrinking, retaining, sharing, moving, asRole] = blocks(PAGE, "sh");

    before(async () => {
        stack = await Stack.over(SEED);
        await stack.pulumi("stack init sandbox");
    });
    after(() => stack?.close());

    function run(commands = "", environment = stack.environment): Promise<string> {
        assert.notEqual(commands, "");
        // test/engine/selection checks the output of these previews.
        const skipping = { PULUMI_OPTION_SKIP_PREVIEW: "true" };
        return inShell(stack, WITHOUT_NPX + commands, { ...environment, ...skipping });
    }

    const opened = () => stack.simulator.requests.of("CreateLoginProfile").length;

    async function declared(name: string): Promise<number> {
        const { stdout } = await stack.pulumi(`stack output --stack ${name} accountsInScope`);
        return Number(stdout);
    }

    it("starts with one unit", async () => {
        await run(first);

        assert.equal(await declared("sandbox"), 15);
        assert.deepEqual(stack.left(), []);
    });

    it("removes more accounts than the default limit, for one run", async () => {
        const { exitCode } = await stack.pulumi(
            "config set --path exclude[0].organizationalUnit Sandbox/Teams",
        );
        assert.equal(exitCode, 0);
        const stopped = await stack.preview();
        assert.match(stopped.output, /12 accounts would leave the program.*maxRemovals is 5:/);

        await run(shrinking);

        assert.equal(opened(), 12);
        assert.equal(await declared("sandbox"), 3);
    });

    it("removes accounts without opening them", async () => {
        await run(retaining);

        assert.equal(opened(), 12);
        assert.equal(await declared("sandbox"), 1);
    });

    it("gives each unit a stack, each with the others as siblings", async () => {
        await run(sharing);

        assert.equal(await declared("workloads"), 7);
        await stack.pulumi(`config set --stack workloads --path include[1].account ${MOVING}`);
        const both = await stack.preview("--stack workloads");
        assert.match(
            both.output,
            /1 account is selected here and declared by another stack.*\n +333344445555 moving: sandbox\n/,
        );
        await stack.pulumi("config rm --stack workloads --path include[1]");
    });

    it("moves an account from one stack to another without opening it", async () => {
        // The last account of a stack cannot leave it, because that would be pulumi destroy.
        await stack.pulumi("config set --stack sandbox --path include[1].account 222233334444");

        await run(moving);

        assert.equal(opened(), 12);
        assert.equal(await declared("sandbox"), 1);
        assert.equal(await declared("workloads"), 8);
    });

    it("runs with a role that a profile assumes", async () => {
        const [profile = ""] = blocks(PAGE, "ini");
        const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...others } = stack.environment;
        const [config, credentials] = [
            join(stack.project, "aws-config"),
            join(stack.project, "aws-credentials"),
        ];
        writeFileSync(config, profile);
        writeFileSync(
            credentials,
            `[pipeline]\naws_access_key_id = ${AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}\n`,
        );
        stack.simulator.requests.clear();

        const printed = await run(asRole, {
            ...others,
            AWS_CONFIG_FILE: config,
            AWS_SHARED_CREDENTIALS_FILE: credentials,
        });

        assert.match(printed, /\d+ of \d+ accounts inspected/);
        const callers = stack.simulator.requests.of("AssumeRoot").map(({ callerArn }) => callerArn);
        assert.ok(callers.length > 0);
        for (const caller of callers) assert.match(caller ?? "", /assumed-role\/RootCredentialsConverge\//);
    });

    it("has only commands that a test runs", () => {
        assert.equal(blocks(PAGE, "sh").length, 6);
    });

    it("selects the accounts of its example", async () => {
        const [example = ""] = blocks(PAGE, "yaml");
        await stack.pulumi("stack init example");
        appendFileSync(join(stack.project, "Pulumi.example.yaml"), `${example}\n`);

        const { exitCode, output, report } = await stack.preview("--stack example");

        assert.equal(exitCode, 0, output);
        assert.partialDeepStrictEqual(report?.totals, { accounts: 3, inspected: 3 });
        const outOfScope = report?.accounts.filter(({ mark }) => mark === "out of scope") ?? [];
        const rules = Map.groupBy(outOfScope, ({ because }) => because);
        assert.deepEqual(Object.fromEntries([...rules].map(([rule, { length }]) => [rule, length])), {
            "exclude[0] (organizationalUnit Workloads/Prod/Payments)": 3,
            "exclude[1] (organizationalUnit Workloads, joinedMethod INVITED, joinedSince 2026-10-01)": 1,
            "exclude[2] (tag root-credentials=keep)": 1,
            "not in include": 15,
        });
    });
});
