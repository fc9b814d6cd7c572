import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { ROOT } from "./machine.js";

interface Ran {
    exitCode: number;
    stdout: string;
    stderr: string;
}

describe("npm run bench", function () {
    this.timeout(240_000);

    it("measures listing and inspection, with two calls for each account", async () => {
        const { exitCode, stdout } = await bench("audit", "--accounts", "45", "--latency", "5");

        assert.equal(exitCode, 0, stdout);
        const seconds = String.raw`[\d.]+ +`;
        assert.match(stdout, new RegExp(`^45 +5 +package +(${seconds}){3}45 +2\\.00 +\\d+ +0 `, "m"));
        assert.match(stdout, new RegExp(`^45 +5 +command +(${seconds}){2}45 +2\\.00 +\\d+ +0 `, "m"));
    });

    it("compares the command with a bare script, by time and by memory", async () => {
        const { stdout } = await bench("command", "--accounts", "3");

        assert.match(stdout, /^root-credentials audit +3 +\d+ +\d+ *$/m);
        assert.match(stdout, /^bare script +3 +\d+ +\d+ *$/m);
        assert.match(stdout, /^ratio +3 +\d\.\d\d +\d\.\d\d *$/m);
    });

    it("runs the same commands for both floors and the program, and prints a row for each", async () => {
        const { exitCode, stdout, stderr } = await bench("scale", "--accounts", "5");

        assert.equal(exitCode, 0, stdout + stderr);
        for (const command of [
            "first preview",
            "first up",
            "preview, clean",
            "up, clean",
            "destroy, retained",
        ]) {
            const rows = stdout.split("\n").filter((row) => row.includes(`  ${command}  `));
            assert.equal(rows.length, 3, `${command}: ${stdout}`);
        }
        assert.match(stdout, /^5 +preview, clean +ours .* 2\.00 /m);
        assert.match(stdout, /^5 +preview, clean +call floor .* 2\.00 /m);
        assert.match(stderr, /^scale: 5 accounts, round 1 of 1, ours: first preview [\d.]+ s$/m);
    });

    for (const [args, expectation] of [
        [["sacle"], /no bench has the name "sacle"; expected one of audit, command, scale, throttling/],
        [["--accounts", "ten"], /--accounts: expected a whole number from 1 to 50000, got "ten"/],
        [["--latency", "-5"], /--latency/],
        [["--rounds", "0"], /--rounds: expected a whole number from 1 to 100, got "0"/],
        [["--fast"], /Unknown option '--fast'/],
    ] as const) {
        it(`refuses ${args.join(" ")} in a sentence`, async () => {
            const { exitCode, stdout, stderr } = await bench(...args);

            assert.equal(exitCode, 2, stderr);
            assert.equal(stdout, "");
            assert.match(stderr, expectation);
            assert.doesNotMatch(stderr, /\n +at /);
        });
    }
});

function bench(...args: string[]): Promise<Ran> {
    return new Promise((resolve) => {
        const script = path.join(ROOT, "dist/scripts/bench.js");
        execFile(process.execPath, [script, ...args], { maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
            resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr });
        });
    });
}
