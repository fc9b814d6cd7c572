import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprintOf } from "pulumi-aws-root-credentials/report";
import { PROJECT_ROOT } from "../temporary-project";
import { rootCredentials } from "./command";

const ID = "111122223333";

function preview(...marks: string[]): string {
    const accounts = marks.map((mark, index) => ({
        id: `${ID}${index}`.slice(-12),
        name: "a",
        organizationalUnit: "",
        mark,
    }));
    const clean = { accounts: 0, fingerprint: fingerprintOf([]) };
    const message = `root-credentials-accounts ${JSON.stringify({ accounts, clean })}`;
    return JSON.stringify({ diagnostics: [{ severity: "info", message }] });
}

describe("root-credentials report", function () {
    this.timeout(60_000);

    it("reads standard input where no file is named", async () => {
        const { exitCode, stdout } = await rootCredentials(["report"], { input: preview("drifted") });

        assert.equal(exitCode, 0);
        assert.match(
            stdout,
            /^<!-- root-credentials-report -->\n\n## ✖ Root credentials: 1 account has drifted/,
        );
    });

    for (const [marks, code] of [
        [["clean"], 0],
        [["exception"], 0],
        [["clean", "drifted"], 7],
        [["drifted", "blocked"], 1],
        [["clean", "not looked at"], 1],
    ] as const) {
        it(`exits with ${code} for accounts that are ${marks.join(" and ")}, if it is to tell`, async () => {
            const { exitCode } = await rootCredentials(["report", "--exit-code", "-"], {
                input: preview(...marks),
            });

            assert.equal(exitCode, code);
        });
    }

    it("refuses what is no preview, and says what was expected", async () => {
        const { exitCode, stdout, stderr } = await rootCredentials(["report"], {
            input: "Previewing update (prod):",
        });

        assert.equal(exitCode, 1);
        assert.equal(stdout, "");
        assert.match(
            stderr,
            /standard input: expected what pulumi preview --json prints, and it holds no JSON/,
        );
    });

    it("refuses a file that is not there", async () => {
        const { exitCode, stderr } = await rootCredentials(["report", "preview.json"]);

        assert.equal(exitCode, 1);
        assert.match(stderr, /preview\.json cannot be read: .*no such file/);
    });

    it("refuses two previews, and an exit code for evidence alone", async () => {
        const two = await rootCredentials(["report", "a.json", "b.json"]);
        assert.equal(two.exitCode, 2);
        assert.match(two.stderr, /expected one preview, got a\.json and b\.json/);

        const evidence = await rootCredentials(["report", "--exit-code", "--evidence", "record.jsonl"]);
        assert.equal(evidence.exitCode, 2);
        const sarif = await rootCredentials(["report", "--format", "sarif", "--evidence", "record.jsonl"]);
        assert.match(sarif.stderr, /--evidence alone cannot be written as sarif/);
    });

    it("refuses a record without records, and says what was expected", async () => {
        const { exitCode, stderr } = await rootCredentials(["report", "--evidence", "/dev/null"]);

        assert.equal(exitCode, 1);
        assert.match(stderr, /^root-credentials: \/dev\/null/m);
        assert.doesNotMatch(stderr, /\bat .*\.js/);
    });

    it("tells its version, and how it is used", async () => {
        const manifest = JSON.parse(readFileSync(join(PROJECT_ROOT, "provider/package.json"), "utf8")) as {
            version: string;
        };
        assert.equal((await rootCredentials(["--version"])).stdout.trim(), manifest.version);
        for (const args of [[], ["--help"], ["report", "--help"], ["audit", "--help"]]) {
            const { exitCode, stdout } = await rootCredentials(args);
            assert.equal(exitCode, 0);
            assert.match(stdout, /root-credentials/);
        }
        assert.equal((await rootCredentials(["delete"])).exitCode, 2);
    });
});
