import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatted, reportOf, type AccountInReport, type Report } from "pulumi-aws-root-credentials/report";
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

/** A report in JSON with an account for each mark. */
function report(marks: AccountInReport["mark"][], more: Partial<Report> = {}): string {
    const accounts = marks.map((mark, index) => ({
        id: `${ID}${index}`.slice(-12),
        name: "a",
        organizationalUnit: "",
        mark,
    }));
    const time = "2026-11-28T10:00:00.000Z";
    return formatted(
        reportOf({ source: "preview", started: time, generated: time, complete: true, accounts, ...more }),
        "json",
    );
}

describe("root-credentials report", function () {
    this.timeout(60_000);

    it("reads standard input if no file is named", async () => {
        const { exitCode, stdout } = await rootCredentials(["report"], { input: report(["drifted"]) });

        assert.equal(exitCode, 0);
        assert.match(
            stdout,
            /^<!-- root-credentials-report -->\n\n## ✖ Root credentials: 1 account has drifted/,
        );
    });

    for (const [marks, code] of [
        [["clean"], 0],
        [["excepted"], 0],
        [["clean", "acknowledged"], 0],
        [["clean", "drifted"], 7],
        [["drifted", "unreadable"], 1],
        [["clean", "not inspected"], 1],
    ] as const) {
        it(`exits with ${code} for accounts that are ${marks.join(" and ")} with --exit-code`, async () => {
            const { exitCode } = await rootCredentials(["report", "--exit-code", "-"], {
                input: report([...marks]),
            });

            assert.equal(exitCode, code);
        });
    }

    for (const [what, input, says] of [
        [
            "text",
            "Previewing update (prod):",
            /and it is no JSON document: .*Write one with ROOT_CREDENTIALS_REPORT=/,
        ],
        ["nothing", "", /and it is empty\./],
        [
            "another document",
            "{}",
            /and its \$schema is missing and not "urn:pulumi-aws-root-credentials:report:1"/,
        ],
        [
            "a report with an unknown mark",
            report(["clean"])
                .replace('"clean",', '"fine",')
                .replace(/"mark": "clean"/, '"mark": "fine"'),
            /and this one does not match its schema at \/accounts\/0\/mark: it must be equal to one of/,
        ],
    ] as const)
        it(`refuses ${what}, and says what was expected`, async () => {
            const { exitCode, stdout, stderr } = await rootCredentials(["report"], { input });

            assert.equal(exitCode, 1);
            assert.equal(stdout, "");
            assert.match(
                stderr,
                /^root-credentials: standard input: expected a report of this tool in JSON, /,
            );
            assert.match(stderr, says);
        });

    it("refuses a file that does not exist", async () => {
        const { exitCode, stderr } = await rootCredentials(["report", "report.json"]);

        assert.equal(exitCode, 1);
        assert.match(stderr, /report\.json cannot be read: .*no such file/);
    });

    it("counts the accounts of a report itself, and ignores its totals", async () => {
        const totals = { ...(JSON.parse(report(["clean"])) as Report).totals, clean: 99 };
        const input = JSON.stringify({ ...(JSON.parse(report([])) as Report), totals });

        const { exitCode, stderr } = await rootCredentials(["report", "--exit-code"], { input });

        assert.equal(exitCode, 1, stderr);
    });

    it("merges the reports of two stacks, and exits by the merged report", async () => {
        const folder = mkdtempSync(join(tmpdir(), "root-credentials-"));
        try {
            writeFileSync(join(folder, "a.json"), report(["clean", "out of scope"], { stack: "a" }));
            writeFileSync(join(folder, "b.json"), report(["out of scope", "drifted"], { stack: "b" }));

            const args = ["report", "--exit-code", "--format", "json", "a.json", "b.json"];
            const { exitCode, stdout } = await rootCredentials(args, { cwd: folder });

            assert.equal(exitCode, 7);
            const { source, totals, parts } = JSON.parse(stdout) as Report;
            assert.equal(source, "merged");
            assert.partialDeepStrictEqual(totals, { accounts: 2, clean: 1, drifted: 1, outOfScope: 0 });
            assert.deepEqual(
                parts?.map(({ stack }) => stack),
                ["a", "b"],
            );
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
    });

    it("refuses an exit code for evidence alone, and SARIF", async () => {
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

    it("prints its version and its usage", async () => {
        const manifest = JSON.parse(readFileSync(join(PROJECT_ROOT, "provider/package.json"), "utf8")) as {
            version: string;
        };
        assert.equal((await rootCredentials(["--version"])).stdout.trim(), manifest.version);
        assert.equal((await rootCredentials(["delete"])).exitCode, 2);
    });

    for (const [says, ...ways] of [
        [/^root-credentials: reports the root credentials in the accounts/, [], ["-h"], ["--help"], ["help"]],
        [
            /^Inspects every active member account [\s\S]*--account adds accounts outside these units/,
            ["help", "audit"],
            ["audit", "-h"],
            ["audit", "--help"],
        ],
        [
            /^Converts a report [\s\S]*For other changes of the stack, use the exit code of\s+pulumi preview --expect-no-changes/,
            ["help", "report"],
            ["report", "-h"],
            ["report", "--help"],
        ],
    ] as const) {
        it(`prints help for ${ways.map((args) => args.join(" ") || "nothing").join(", ")}`, async () => {
            for (const args of ways) {
                const { exitCode, stdout } = await rootCredentials([...args]);
                assert.equal(exitCode, 0);
                assert.match(stdout, says);
            }
        });
    }

    it("refuses help for other commands", async () => {
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
                writeFileSync(join(folder, "report.json"), encoded(report(["drifted"])));
                writeFileSync(join(folder, "log.txt"), encoded(`${REMOVAL}\n`));

                const piped = await rootCredentials(["report", "--format", "json"], {
                    input: encoded(report(["drifted"])),
                });
                const { stdout, stderr } = await rootCredentials(
                    ["report", "--format", "json", "--evidence", "log.txt", "report.json"],
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
