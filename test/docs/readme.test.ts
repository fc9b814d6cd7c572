/** Runs the README's commands unchanged in a shell, on a stack over a simulated organization. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { Stack } from "../engine/stack";
import { PROJECT_ROOT } from "../temporary-project";
import { blocks, inShell } from "./shell";

const README = readFileSync(join(PROJECT_ROOT, "README.md"), "utf8");

/** CI runs these commands in a fresh clone. The demo has its own test. */
const RUN_ELSEWHERE = ["npm run demo", "npm test", "npm ci"];

describe("the README", function () {
    this.timeout(180_000);
    let stack: Stack | undefined;

    beforeEach(async () => {
        const accounts = [
            { id: "111122223333", name: "payments", root: { password: {}, accessKeys: [{}] } },
            { id: "222233334444", name: "logs" },
        ];
        stack = await Stack.over({ accounts });
    });
    afterEach(() => stack?.close());

    it("has commands that audit, remove credentials and find the organization clean", async () => {
        assert.ok(stack);
        const { project: folder, simulator, environment } = stack;
        const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...elsewhere } = environment;
        const profile = `[profile security-audit]\naws_access_key_id=${AWS_ACCESS_KEY_ID}\naws_secret_access_key=${AWS_SECRET_ACCESS_KEY}\n`;
        writeFileSync(join(folder, "aws-config"), profile);
        const commands = blocks(README, "sh").flatMap((block) => block.split("\n"));
        const script = commands.filter((command) => !RUN_ELSEWHERE.includes(command)).join("\n");
        // The test has no bucket.
        const here = script
            .replace("s3://my-pulumi-state", environment.PULUMI_BACKEND_URL ?? "")
            // The first audit finds credentials.
            .replace("npx root-credentials audit --output report.html", "$& || [ $? -eq 7 ]");

        const printed = await inShell(stack, here, {
            ...elsewhere,
            AWS_CONFIG_FILE: join(folder, "aws-config"),
        });

        assert.match(printed, /^1 account has drifted/m);
        assert.match(printed, /✖ 111122223333 payments +drifted/);
        assert.match(printed, /2 of 2 accounts inspected: 2 clean/);
        assert.deepEqual(simulator.organization.rootCredentialsLeft(), []);
    });

    it("has an example program that removes root credentials", async () => {
        assert.ok(stack);
        const [snippet = ""] = blocks(README, "ts");
        stack.program(
            ts.transpileModule(snippet, { compilerOptions: { module: ts.ModuleKind.CommonJS } }).outputText,
        );

        const up = await stack.up();

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), []);
    });

    it("describes every setting of Pulumi.yaml with its default", () => {
        const settings =
            /^config:\n([\s\S]*)/m.exec(readFileSync(join(PROJECT_ROOT, "Pulumi.yaml"), "utf8"))?.[1] ?? "";
        const described = [...README.matchAll(/^\| `(\w+)` \| `([^`]+)` \|/gm)].map(([, name, value]) => [
            name,
            value,
        ]);
        const declared = [...settings.matchAll(/^ {2}(\w+):\n(?: {4}.*\n)*? {4}default: (.*)$/gm)].map(
            ([, name, value = ""]) => [name, value.replaceAll('"', "")],
        );

        assert.ok(declared.length >= 2);
        assert.deepEqual(described, declared);
    });
});
