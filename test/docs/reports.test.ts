/** Runs the commands of docs/reports.md unchanged on a stack over a simulated organization. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type { Report } from "pulumi-aws-root-credentials/report";
import { Stack } from "../engine/stack";
import { PROJECT_ROOT } from "../temporary-project";
import { blocks, inShell, WITHOUT_NPX } from "./shell";
import { rowsUnder } from "./tables";

const PAGE = readFileSync(join(PROJECT_ROOT, "docs/reports.md"), "utf8");

describe("docs/reports.md", function () {
    this.timeout(240_000);
    const [audit = "", preview = "", reports = "", evidence = ""] = blocks(PAGE, "sh");
    let stack: Stack;

    before(async () => {
        stack = await Stack.over({
            accounts: [
                {
                    id: "111122223333",
                    name: "payments",
                    unit: "Workloads",
                    root: { password: {}, accessKeys: [{}] },
                },
                { id: "222233334444", name: "logs" },
            ],
        });
    });
    after(() => stack.close());

    const written = (file: string) => readFileSync(join(stack.project, file), "utf8");

    it("has an audit that exits with 7 and writes a page and a document", async () => {
        const printed = await inShell(stack, `${WITHOUT_NPX}${audit} || echo "exit code $?"`);

        assert.match(printed, /^1 account has drifted/m);
        assert.match(printed, /^exit code 7$/m);
        assert.equal((JSON.parse(written("report.json")) as Report).totals.drifted, 1);
        assert.match(written("report.html"), /^<!doctype html>/);
    });

    it("has a preview that writes its reports", async () => {
        await inShell(stack, WITHOUT_NPX + preview);

        assert.equal((JSON.parse(written("report.json")) as Report).source, "preview");
        assert.match(written("report.html"), /^<!doctype html>/);
    });

    it("has commands that convert a report, and merge the reports of two stacks", async () => {
        const prod = JSON.parse(written("report.json")) as Report;
        const accounts = prod.accounts.filter(({ mark }) => mark !== "clean" && mark !== "drifted");
        for (const [stackName, own] of [
            ["prod", prod.accounts],
            ["sandbox", accounts],
        ] as const) {
            const report = { ...prod, stack: stackName, accounts: own };
            writeFileSync(join(stack.project, `${stackName}.json`), JSON.stringify(report));
        }

        await inShell(stack, WITHOUT_NPX + reports);

        assert.match(written("all.html"), /several reports/);
        assert.match(written("report.md"), /`111122223333` `payments` \*\*drifted\*\*/);
        assert.equal((JSON.parse(written("report.sarif")) as { version: string }).version, "2.1.0");
    });

    it("has a program that reads it", async () => {
        const [program = ""] = blocks(PAGE, "ts");
        const { outputText } = ts.transpileModule(program, {
            compilerOptions: { module: ts.ModuleKind.CommonJS },
        });

        const printed = await inShell(stack, `node -e '${outputText.replaceAll("'", `'"'"'`)}'`);

        assert.match(printed, /^findings /m);
        assert.match(printed, /AKIA/);
    });

    it("has evidence of each removal, confirmed by AWS's log", async () => {
        await inShell(stack, WITHOUT_NPX + evidence);

        assert.deepEqual(stack.left(), []);
        const { evidence: told } = JSON.parse(written("evidence.json")) as Report;
        const asked = stack.simulator.requests.entries.map(({ requestId }) => requestId);
        assert.equal(told?.writes.length, 2);
        for (const { requestId, result } of told?.writes ?? []) {
            assert.equal(result, "done");
            assert.ok(asked.includes(requestId ?? ""));
        }
    });

    it("describes every format and every mark", async () => {
        const { FORMATS } = await import("pulumi-aws-root-credentials/report");
        assert.deepEqual(
            rowsUnder(PAGE, "Format").map(([format = ""]) => format.replaceAll("`", "")),
            FORMATS,
        );
        const schema = JSON.parse(
            readFileSync(join(PROJECT_ROOT, "provider/schema/report.schema.json"), "utf8"),
        ) as object;
        const marks = /"enum":(\["clean"[^\]]+\])/.exec(JSON.stringify(schema))?.[1] ?? "[]";
        assert.deepEqual(
            rowsUnder(PAGE, "Mark").map(([mark]) => mark),
            JSON.parse(marks),
        );
    });
});
