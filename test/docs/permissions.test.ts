/** docs/permissions.md: its policies are those of the files, and its messages are those of the program. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "../temporary-project";
import { saidWithout } from "./policies/missing";
import { grantsOf, POLICY_FILES, policyFile } from "./policies/policy-file";
import { blocks } from "./shell";

const PAGE = readFileSync(join(PROJECT_ROOT, "docs", "permissions.md"), "utf8");

const ROWS = (PAGE.split(/^## /m).find((section) => section.startsWith("What you see without")) ?? "")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, missing = "", seen = ""]) => ({
        grant: missing.replaceAll("`", ""),
        seen: /`([^`]+)`/.exec(seen)?.[1] ?? "",
    }));

describe("docs/permissions.md", () => {
    it("shows the policies of the files", () => {
        const whole = blocks(PAGE, "json").filter((block) => block.startsWith("{"));

        assert.deepEqual(
            whole.map((block) => JSON.parse(block) as unknown),
            [policyFile("drift"), policyFile("deny-others")],
        );
    });

    it("links every policy", () => {
        for (const file of POLICY_FILES) assert.ok(PAGE.includes(`](policies/${file}.json)`), file);
    });

    it("shows the message for each missing permission", () => {
        assert.deepEqual(ROWS.map(({ grant }) => grant).sort(), grantsOf(policyFile("recovery")));
    });

    for (const { grant, seen } of ROWS) {
        it(`shows the message without ${grant}`, async () => {
            const parts = seen.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));

            assert.match(await saidWithout(grant), new RegExp(parts.join(".+")));
        });
    }
});
