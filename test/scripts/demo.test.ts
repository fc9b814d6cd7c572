import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import {
    chmodSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CLI_VERSION, eventually, ROOT, WARM_CLI } from "./machine.js";

const SCRIPT = path.join(ROOT, "dist/scripts/demo.js");

describe("npm run demo", function () {
    this.timeout(175_000);
    let machine: string;
    let child: ChildProcess | undefined;
    let output: string;

    beforeEach(() => {
        machine = mkdtempSync(path.join(tmpdir(), "demo-test-"));
        for (const directory of ["home", "tmp"]) mkdirSync(path.join(machine, directory));
        output = "";
    });
    afterEach(() => {
        child?.kill("SIGKILL");
        rmSync(machine, { recursive: true, force: true, maxRetries: 5 });
    });

    function installCli(): void {
        symlinkSync(path.resolve(WARM_CLI, "../../.."), path.join(machine, "home/versions"));
    }

    /** A CLI with the expected exit codes that does nothing. */
    function installLyingCli(script: string): void {
        const bin = path.join(machine, "home/versions", CLI_VERSION, "bin");
        mkdirSync(bin, { recursive: true });
        for (const name of ["pulumi", "pulumi-language-nodejs"]) {
            writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`);
            chmodSync(path.join(bin, name), 0o755);
        }
    }

    function start(): ChildProcess {
        child = spawn(process.execPath, [SCRIPT], {
            cwd: machine,
            stdio: ["ignore", "pipe", "pipe"],
            env: {
                ...process.env,
                TMPDIR: path.join(machine, "tmp"),
                PULUMI_HOME: path.join(machine, "home"),
                // The demo must not pass these variables to its commands.
                AWS_PROFILE: "production",
                PULUMI_BACKEND_URL: "https://pulumi.invalid",
            },
        });
        for (const stream of [child.stdout, child.stderr]) {
            stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
        }
        return child;
    }

    async function ending(child: ChildProcess): Promise<number | null> {
        return new Promise((resolve) => child.on("close", resolve));
    }

    function assertNothingIsLeft(): void {
        assert.deepEqual(readdirSync(path.join(machine, "tmp")), []);
        assert.deepEqual(readdirSync(path.join(machine, "home")), ["versions"]);
        assert.deepEqual(processesOf(machine), []);
    }

    /** Lines of the README's example. "..." replaces omitted lines. */
    function shownInReadme(): string[] {
        const readme = readFileSync(path.join(ROOT, "README.md"), "utf8");
        const shown = /<!-- demo -->\s+```text\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
        assert.ok(shown.split("\n").length > 20);
        return comparable(shown).filter((line) => line !== "...");
    }

    /** The output in docs/demo.md, which UPDATE_TRANSCRIPT rewrites. */
    function transcript(): string {
        const page = path.join(ROOT, "docs/demo.md");
        const [before = "", after = ""] = readFileSync(page, "utf8").split(/```text\n[\s\S]*?```/);
        if (process.env.UPDATE_TRANSCRIPT)
            writeFileSync(page, `${before}\`\`\`text\n${elsewhere(output).trimEnd()}\n\`\`\`${after}`);
        return /```text\n([\s\S]*?)```/.exec(readFileSync(page, "utf8"))?.[1] ?? "";
    }

    it("runs all commands and leaves nothing behind", async () => {
        installCli();

        const exitCode = await ending(start());

        assert.equal(exitCode, 0, output);
        assertInOrder(output, [
            /The simulated AWS holds 16 root credentials in 9 accounts:/,
            /\$ npx pulumi stack init demo/,

            /1 of 7/,
            /\$ npx root-credentials audit --output root-credentials-demo\.html/,
            /7 accounts have drifted and 1 account could not be inspected/,
            /exit code 1/,
            /holds the same as before: 16 root credentials/,

            /2 of 7/,
            /\$ npx pulumi preview --expect-no-changes/,
            / {4}Organization \S+ +7 drifted, 1 unreadable, 3 clean, 2 skipped$/m,
            /✖ 687420519933 payments-prod +drifted\n.* access key +AKIAZ3MEXQ7RTBWL5NJU /,
            /10 of 11 accounts inspected: 7 drifted, 1 unreadable, 3 clean; 2 skipped; 14 credentials found/,
            /exit code 7/,
            /holds the same as before: 16 root credentials/,

            /3 of 7/,
            /\$ npx pulumi up --yes --skip-preview/,
            / created \(/,
            /account 687420519933 \(payments-prod\): removed access key AKIAZ3MEXQ7RTBWL5NJU, .* in root session ASIA/,
            /error: 1 account is not as declared:\n +946013728851 data-lake-prod: /,
            /exit code 1/,
            /now holds 2 root credentials in 2 accounts:\n.*retired-newsletter.*\n.*data-lake-prod/,

            /4 of 7/,
            /▲ 946013728851 data-lake-prod +unreadable/,
            /exit code 7/,
            /the same as before: 2 root credentials/,

            /5 of 7/,
            /946013728851 updated/,
            /exit code 0/,
            /now holds 1 root credential in 1 account:\n.*retired-newsletter/,

            /6 of 7/,
            /11 of 11 accounts inspected: 11 clean; /,
            /exit code 0/,
            /the same as before: 1 root credential\./,

            /7 of 7/,
            /\[diff: ~accessKeys,loginProfile\]/,
            /exit code 7/,
            /now holds 3 root credentials in 2 accounts:\n.*retired-newsletter.*\n.*payments-prod/,
            /The simulated AWS confirms that these never changed/,

            /On a real organization/,
            /The report of the audit/,
            /\n {2}\/.*\/root-credentials-demo\.html\n$/,
        ]);
        const report = readFileSync(path.join(machine, "root-credentials-demo.html"), "utf8");
        for (const account of ["payments-prod", "data-lake-prod", "sandbox-experiments"])
            assert.ok(report.includes(account), account);
        assert.ok(!output.includes("\x1b"), "no colours outside of a terminal");
        assertNothingIsLeft();
        const printed = comparable(output);
        assert.deepEqual(
            shownInReadme().filter((line) => !printed.includes(line)),
            [],
        );
        assert.deepEqual(comparable(transcript()), printed);
    });

    it("stops the running command on an interruption and leaves nothing behind", async () => {
        installCli();
        const demo = start();
        const ended = ending(demo);
        await eventually("up has begun", () => / created \(/.test(output), 90_000);

        demo.kill("SIGINT");

        assert.equal(await ended, 130, output);
        assert.doesNotMatch(output, /4 of 7/);
        assertNothingIsLeft();
    });

    it("fails if a command has an unexpected exit code", async () => {
        installLyingCli("exit 0");

        assert.equal(await ending(start()), 1, output);
        assert.match(output, /expected exit code 7 of pulumi preview .*, got 0/);
        assertNothingIsLeft();
    });

    it("fails if the credentials in the simulated AWS differ from the expected ones", async () => {
        installLyingCli('case "$1" in preview) exit 7 ;; up) exit 1 ;; esac');

        assert.equal(await ending(start()), 1, output);
        assert.match(output, /3 of 7.*expected in the simulated AWS 2 root credentials in 2 accounts/s);
        assertNothingIsLeft();
    });
});

/** The output with the paths of a reader's machine. */
function elsewhere(text: string): string {
    return text
        .replace(/\/\S+(?=\/root-credentials-demo\.html)/g, "/home/you")
        .replace(/file:\/\/\/\S+(?=\/state)/g, "file:///tmp/root-credentials-demo");
}

/**
 * The sorted lines of an output, without rows of progress. One word replaces each id, age, duration and path, so that every
 * run gives the same lines.
 */
function comparable(text: string): string[] {
    const lines = text
        .replace(/\d+ (day|month|year)s? (old|ago)/g, "some time $2")
        .replace(/\b(ASIA|AKIA)[A-Z0-9]{16}\b/g, "$1")
        .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "a request id")
        .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1")
        .replace(/(file:\/\/)?\/\S+\/(?=state$|root-credentials-demo\.html$)/gm, "")
        .replace(/Duration: .*/g, "Duration")
        .split("\n")
        .filter((line) => !/^@ |^ [ +~-] {2}pulumi[:-]/.test(line))
        .map((line) => line.trim().replace(/ {2,}/g, "  "));
    return [...new Set(lines)].sort();
}

function assertInOrder(text: string, landmarks: RegExp[]): void {
    let rest = text;
    for (const landmark of landmarks) {
        const found = landmark.exec(rest);
        assert.ok(found, `${String(landmark)} is missing in:\n${rest}`);
        rest = rest.slice(found.index + found[0].length);
    }
}

/** Processes whose environment names the machine. Empty on systems without /proc. */
function processesOf(machine: string): string[] {
    if (!existsSync("/proc/self/environ")) return [];
    return readdirSync("/proc").filter((pid) => {
        try {
            return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, "utf8").includes(machine);
        } catch {
            return false; // the process has ended meanwhile, or belongs to another user
        }
    });
}
