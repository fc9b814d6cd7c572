/** The outputs of reports: files, links, pipes, and outputs that cannot be written. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
    chmodSync,
    existsSync,
    lstatSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    statSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { formatted, reportOf } from "pulumi-aws-root-credentials/report";
import { BIN, bareEnvironment } from "../temporary-project";
import { rootCredentials } from "./command";

const TIME = "2026-11-28T10:00:00.000Z";
const INPUT = formatted(
    reportOf({
        source: "preview",
        started: TIME,
        generated: TIME,
        complete: true,
        accounts: [{ id: "111122223333", name: "payments", organizationalUnit: "", mark: "drifted" }],
    }),
    "json",
);
const REPORT = /^<!-- root-credentials-report -->\n\n## ✖ Root credentials: 1 account has drifted/;

/** Only Linux has `/proc` and `/dev/full`. */
const onLinux = process.platform === "linux" ? it : it.skip;

describe("A report is written", function () {
    this.timeout(60_000);
    let folder: string;

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "root-credentials-"));
        writeFileSync(join(folder, "input.json"), INPUT);
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const inFolder = (name: string) => join(folder, name);
    const textOf = (name: string) => readFileSync(inFolder(name), "utf8");
    const modeOf = (name: string) => (statSync(inFolder(name)).mode & 0o777).toString(8);
    const report = (...args: string[]) => rootCredentials(["report", ...args, "input.json"], { cwd: folder });

    /** A line of shell, in which `report` stands for the command. */
    async function shell(line: string) {
        const command = line.replaceAll("report", `'${join(BIN, "root-credentials")}' report`);
        const environment = { cwd: folder, env: bareEnvironment() };
        return promisify(execFile)("sh", ["-c", `${command}; echo "exit code $?" >&2`], environment);
    }

    it("to a new file that only its owner may read", async () => {
        await report("--output", "new.md");

        assert.match(textOf("new.md"), REPORT);
        assert.equal(modeOf("new.md"), "600");
    });

    for (const mode of [0o600, 0o640, 0o666]) {
        it(`over a file of mode ${mode.toString(8)}, which keeps it`, async () => {
            writeFileSync(inFolder("old.md"), "old");
            chmodSync(inFolder("old.md"), mode);

            await report("--output", "old.md");

            assert.match(textOf("old.md"), REPORT);
            assert.equal(modeOf("old.md"), mode.toString(8));
        });
    }

    it("through a link, which stays", async () => {
        mkdirSync(inFolder("reports"));
        writeFileSync(inFolder("reports/real.md"), "old");
        symlinkSync("reports/real.md", inFolder("link.md"));

        await report("--output", "link.md");

        assert.match(textOf("reports/real.md"), REPORT);
        assert.ok(lstatSync(inFolder("link.md")).isSymbolicLink());
        assert.deepEqual(readdirSync(inFolder("reports")), ["real.md"]);
    });

    onLinux("to file descriptors and to a pipe that has a name", async () => {
        const third = "report --format markdown --output /dev/fd/3 input.json";
        await shell(`{ echo before >&3; ${third}; } 3> third.txt`);
        await shell("mkfifo named.md; cat named.md > read.txt & report --output named.md input.json; wait");

        assert.match(textOf("third.txt").replace(/^before\n/, ""), REPORT);
        assert.match(textOf("third.txt"), /^before\n/);
        assert.match(textOf("read.txt"), REPORT);
        assert.ok(lstatSync(inFolder("named.md")).isFIFO());
    });

    it("to none of two files if one cannot be written, and the error comes before anything is read", async () => {
        writeFileSync(inFolder("old.md"), "old");

        const { exitCode, stdout, stderr } = await rootCredentials(
            ["report", "--output", "old.md", "--output", "nowhere/report.md", "missing.json"],
            { cwd: folder },
        );

        assert.equal(exitCode, 1);
        assert.equal(stdout, "");
        assert.match(
            stderr,
            /^root-credentials: --output nowhere\/report\.md cannot be written: .*Name a file in a folder that exists/,
        );
        assert.equal(textOf("old.md"), "old");
    });

    it("once if the same file is named twice", async () => {
        const { exitCode } = await report("--output", "new.md", "--output", "./new.md");

        assert.equal(exitCode, 0);
        assert.match(textOf("new.md"), REPORT);
        assert.deepEqual(readdirSync(folder).sort(), ["input.json", "new.md"]);
    });

    it("not in place of a folder", async () => {
        mkdirSync(inFolder("folder.md"));

        const { exitCode, stderr } = await report("--output", "folder.md");

        assert.equal(exitCode, 1);
        assert.match(stderr, /--output folder\.md cannot be written: it is a folder/);
    });

    onLinux("to a full standard output only in a sentence", async () => {
        for (const line of ["report input.json > /dev/full", "report --help > /dev/full"]) {
            const { stderr } = await shell(line);

            assert.match(
                stderr,
                /^root-credentials: standard output cannot be written: ENOSPC.*\nexit code 1\n$/,
            );
        }
    });

    it("without an error if the reader of standard output is gone", async () => {
        const { exitCode, stderr } = await rootCredentials(["report", "--exit-code"], {
            input: INPUT,
            unread: "stdout",
        });

        assert.equal(exitCode, 7);
        assert.match(stderr, /^1 account has drifted \(inspected 1 of 1 account: 0 clean, 1 drifted\)\n$/);
    });

    it("even if the reader of standard error is gone", async () => {
        const { exitCode } = await rootCredentials(["report", "--exit-code", "--output", "report.md"], {
            input: INPUT,
            cwd: folder,
            unread: "stderr",
        });

        assert.equal(exitCode, 7);
        assert.ok(existsSync(inFolder("report.md")));
    });
});
