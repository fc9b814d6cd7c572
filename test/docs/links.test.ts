import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROJECT_ROOT } from "../temporary-project";

describe("the documentation", () => {
    it("links only to existing files", () => {
        const pages = execFileSync("git", ["ls-files", "*.md"], { cwd: PROJECT_ROOT, encoding: "utf8" })
            .trim()
            .split("\n");
        const broken = pages.flatMap((page) => {
            const links = [
                ...readFileSync(join(PROJECT_ROOT, page), "utf8").matchAll(/\]\((?!https?:)([^)#]+)/g),
            ];
            const missing = links.filter(
                ([, link = ""]) => !existsSync(join(PROJECT_ROOT, dirname(page), link)),
            );
            return missing.map(([, link]) => `${page}: ${link}`);
        });

        assert.ok(pages.length > 5);
        assert.deepEqual(broken, []);
    });
});
