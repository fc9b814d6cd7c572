/** Runs the commands of docs/scale.md unchanged, and compares its variables with those of `npm run preview`. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Stack } from "../engine/stack";
import { PROJECT_ROOT } from "../temporary-project";
import { blocks, inShell, WITHOUT_NPX } from "./shell";

const PAGE = readFileSync(join(PROJECT_ROOT, "docs/scale.md"), "utf8");
const STACKS = { prod: "Workloads", sandbox: "Sandbox" };

type Settings = (
    environment: object,
    machine: { totalMemory: number; backend: string },
) => Record<string, string>;

describe("docs/scale.md", function () {
    this.timeout(240_000);
    const [plain = "", benches = ""] = blocks(PAGE, "sh");
    let stack: Stack;

    before(async () => {
        stack = await Stack.over({
            accounts: [
                { id: "111122223333", name: "payments", unit: "Workloads", root: { password: {} } },
                { id: "222233334444", name: "trial", unit: "Sandbox", root: { accessKeys: [{}] } },
            ],
        });
    });
    after(() => stack.close());

    it("has Pulumi commands that find drift, and none after its removal", async () => {
        await assert.rejects(
            inShell(stack, WITHOUT_NPX + plain),
            /✖ 111122223333 payments +drifted\n +password /,
        );
        const up = await stack.up("--skip-preview");
        assert.equal(up.exitCode, 0, up.output);

        const printed = await inShell(stack, WITHOUT_NPX + plain);

        assert.match(printed, /2 of 2 accounts inspected: 2 clean/);
    });

    it("has a matrix whose jobs each preview their own stack", async () => {
        const [matrix = ""] = blocks(PAGE, "yaml");
        const names = /stack: \[(.*)\]/.exec(matrix)?.[1]?.split(", ") ?? [];
        const command = /run: (.*)/.exec(matrix)?.[1] ?? "";
        assert.deepEqual(names, Object.keys(STACKS));
        for (const [name, unit] of Object.entries(STACKS)) {
            await stack.pulumi(`stack init ${name}`);
            await stack.pulumi(`config set --stack ${name} --path include[0].organizationalUnit ${unit}`);
            const up = await stack.up(`--skip-preview --stack ${name}`);
            assert.equal(up.exitCode, 0, up.output);
        }
        stack.organization.setRootPassword("222233334444");

        const [prod, sandbox] = names.map((name) => command.replace("${{ matrix.stack }}", name));

        assert.match(await inShell(stack, WITHOUT_NPX + prod), /1 of 1 account inspected: 1 clean/);
        await assert.rejects(
            inShell(stack, WITHOUT_NPX + sandbox),
            /✖ 222233334444 trial +drifted\n.* password /,
        );
    });

    it("has commands of existing benches", () => {
        assert.ok(benches.split("\n").length >= 3);
        for (const command of benches.split("\n")) {
            const [npm, run, bench, dashes, ...args] = command.split(" ");
            assert.deepEqual([npm, run, bench, dashes], ["npm", "run", "bench", "--"]);
            const script = join(PROJECT_ROOT, "dist/scripts/bench.js");
            assert.match(
                execFileSync(process.execPath, [script, ...args, "--help"], { encoding: "utf8" }),
                /npm run bench/,
            );
        }
    });

    it("lists the variables that npm run preview and npm run up set", async () => {
        const url = pathToFileURL(join(PROJECT_ROOT, "scripts/pulumi-settings.mjs")).href;
        const { settings } = (await import(url)) as { settings: Settings };
        const set = settings({}, { totalMemory: 8 * 1024 ** 3, backend: "s3://bucket" });

        const rows = new Map(
            [...PAGE.matchAll(/^\| `([A-Z_]+)` \| `([^`]+)`/gm)].map(([, name = "", value = ""]) => [
                name,
                value,
            ]),
        );
        assert.deepEqual([...rows.keys()].sort(), Object.keys(set).sort());
        for (const [name, value] of rows) assert.ok(set[name]?.startsWith(value), name);
        for (const name of rows.keys()) assert.match(plain, new RegExp(`\\b${name}=`));
    });
});
