import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fingerprintOf, type Report } from "pulumi-aws-root-credentials/report";
import { PROJECT_ROOT } from "../temporary-project";
import { rootCredentials } from "./command";

const ID = "111122223333";
const REMOVAL = JSON.stringify({
    time: "2026-03-01T10:00:00.000Z",
    event: "attempt",
    accountId: ID,
    action: "iam:DeleteLoginProfile",
    kind: "loginProfile",
    id: "password",
    caller: "arn:aws:iam::999988887777:user/operator",
    session: "ASIA0000000000000001",
});

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
        [["clean", "acknowledged"], 0],
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
        assert.equal((await rootCredentials(["delete"])).exitCode, 2);
    });

    for (const [says, ...ways] of [
        [/^root-credentials: what an AWS organization's root users hold/, [], ["-h"], ["--help"], ["help"]],
        [
            /^Looks at the root user [\s\S]*With --account as well: the accounts of these units, and those accounts/,
            ["help", "audit"],
            ["audit", "-h"],
            ["audit", "--help"],
        ],
        [
            /^Writes a report [\s\S]*Of other changes of the stack the exit code of\s+pulumi preview --expect-no-changes tells/,
            ["help", "report"],
            ["report", "-h"],
            ["report", "--help"],
        ],
    ] as const) {
        it(`explains itself for ${ways.map((args) => args.join(" ") || "nothing").join(", ")}`, async () => {
            for (const args of ways) {
                const { exitCode, stdout } = await rootCredentials([...args]);
                assert.equal(exitCode, 0);
                assert.match(stdout, says);
            }
        });
    }

    it("knows no help for anything else", async () => {
        const { exitCode, stderr } = await rootCredentials(["help", "delete"]);

        assert.equal(exitCode, 2);
        assert.match(stderr, /help: expected the command report or audit, got "delete"/);
        assert.equal((await rootCredentials(["help", "audit", "report"])).exitCode, 2);
    });

    for (const [encoding, encoded] of [
        ["UTF-8 with a mark", (text: string) => Buffer.from(`\ufeff${text}`)],
        ["UTF-16", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
        ["UTF-16 of the other order", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
    ] as const) {
        it(`reads ${encoding}, as Windows writes it, from standard input and from files`, async () => {
            const folder = mkdtempSync(join(tmpdir(), "root-credentials-"));
            try {
                writeFileSync(join(folder, "preview.json"), encoded(preview("drifted")));
                writeFileSync(join(folder, "log.txt"), encoded(`${REMOVAL}\n`));

                const piped = await rootCredentials(["report", "--format", "json"], {
                    input: encoded(preview("drifted")),
                });
                const { stdout, stderr } = await rootCredentials(
                    ["report", "--format", "json", "--evidence", "log.txt", "preview.json"],
                    { cwd: folder },
                );

                assert.equal((JSON.parse(piped.stdout || piped.stderr) as Report).totals.drifted, 1);
                const read = JSON.parse(stdout || stderr) as Report;
                assert.equal(read.totals.drifted, 1);
                assert.equal(read.evidence?.totals.writes, 1);
                assert.deepEqual(read.evidence?.damaged, []);
            } finally {
                rmSync(folder, { recursive: true, force: true });
            }
        });
    }
});
