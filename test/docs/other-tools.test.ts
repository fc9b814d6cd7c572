/**
 * docs/other-tools.md: each cell about this project names a file as evidence, and each tool has the examined version. The
 * README's table agrees with the page.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "../temporary-project";
import { rowsUnder, tablesOf, type Table } from "./tables";

const PAGE = readFileSync(join(PROJECT_ROOT, "docs/other-tools.md"), "utf8");
const README = readFileSync(join(PROJECT_ROOT, "README.md"), "utf8");
const OURS = "this project";

const comparisons = (page: string): Table[] => tablesOf(page).filter(({ header }) => header.at(-1) === OURS);
const TABLES = comparisons(PAGE);
const ROWS = TABLES.flatMap(({ rows }) => rows);

describe("docs/other-tools.md", () => {
    it("has the same tools in every table, each with the examined version and method", () => {
        const [first] = TABLES;
        assert.ok(first && TABLES.length >= 5);
        for (const { header } of TABLES) assert.deepEqual(header, first.header);
        const looked = rowsUnder(PAGE, "Called here");
        assert.deepEqual(
            looked.map(([name]) => name),
            first.header.slice(1, -1),
        );
        for (const row of looked) assert.ok(row.length === 4 && row.every((cell) => cell !== ""), row[0]);
    });

    it("has a cell for every tool in every row, and no duplicate row", () => {
        const width = TABLES[0]?.header.length;
        for (const row of ROWS)
            assert.ok(row.length === width && row.every((cell) => cell !== ""), row.join(" | "));
        assert.equal(new Set(ROWS.map(([label]) => label)).size, ROWS.length);
    });

    it("names a file for each claim about this project", () => {
        for (const row of ROWS) {
            const files = [...(row.at(-1) ?? "").matchAll(/\]\(([^)#]+)/g)].map(([, file = ""]) => file);
            assert.ok(files.length > 0, row[0]);
            for (const file of files)
                assert.ok(existsSync(join(PROJECT_ROOT, "docs", file)), `${row[0]}: ${file}`);
        }
    });

    it("admits the features of other tools that this project lacks", () => {
        const lacking = ROWS.filter((row) => /^(no|not|to look)\b/.test(row.at(-1) ?? ""));
        assert.ok(lacking.length >= 5);
    });
});

describe("the README's table of other tools", () => {
    const [short] = comparisons(README);

    it("is short and links to the page", () => {
        assert.ok(short && short.rows.length + 2 <= 20);
        assert.match(README, /\]\(docs\/other-tools\.md\)/);
    });

    it("copies its cells from the page", () => {
        assert.ok(short);
        const columns = short.header.map((name) => TABLES[0]?.header.indexOf(name) ?? -1);
        assert.ok(!columns.includes(-1), short.header.join());
        for (const row of short.rows) {
            const whole = ROWS.find(([label]) => label === row[0]);
            assert.ok(whole, row[0]);
            assert.deepEqual(
                row,
                columns.map((column) => withoutLinks(whole[column] ?? "")),
            );
        }
    });
});

/** The text of a cell without the files in brackets. */
function withoutLinks(cell: string): string {
    return cell.replaceAll(/ \((?:\[[^\]]+\]\([^)]+\)(?:, )?)+\)/g, "");
}
