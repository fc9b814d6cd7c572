/** The command on a terminal and elsewhere. `script` of util-linux gives it a terminal. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { startSimulator, type Simulator } from "../simulator";
import { BIN, bareEnvironment } from "../temporary-project";
import { rootCredentials } from "./command";

const ESCAPE = "\u001b[";

describe("root-credentials audit as text", function () {
    this.timeout(60_000);
    let simulator: Simulator;
    let folder: string;

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "root-credentials-"));
        const root = {
            password: {},
            accessKeys: [{ lastUsed: "2026-01-01T00:00:00Z", lastUsedService: "s3" }],
        };
        const accounts = [
            { id: "111122223333", name: "payments", unit: "Workloads", root },
            { id: "222233334444", name: "logs" },
            ...Array.from({ length: 60 }, (_, index) => ({
                id: String(300_000_000_000 + index),
                name: `team-${index}`,
                unit: "Teams",
                root: { password: {} },
            })),
        ];
        simulator = await startSimulator({ seed: { accounts } });
    });
    after(async () => {
        await simulator.close();
        rmSync(folder, { recursive: true, force: true });
    });

    const ONE = ["--account", "111122223333"];

    async function audit(environment: object, ...args: string[]) {
        const around = { environment: { ...simulator.environment(), ...environment }, cwd: folder };
        const { stdout, stderr } = await rootCredentials(["audit", ...args], around);
        return { stdout, stderr };
    }

    /** The output on a terminal of so many columns. */
    function onTerminal(columns: number, environment: object, ...args: string[]): Promise<string> {
        const command = `stty cols ${columns}; '${join(BIN, "root-credentials")}' audit ${args.join(" ")}`;
        const env = { ...bareEnvironment(), ...simulator.environment(), TERM: "xterm", ...environment };
        return new Promise((resolve, reject) => {
            let seen = "";
            const terminal = spawn("script", ["-qec", command, "/dev/null"], { env, timeout: 50_000 });
            terminal.stdout.setEncoding("utf8").on("data", (text: string) => (seen += text));
            terminal.on("error", reject).on("close", () => resolve(seen));
        });
    }

    /** On macOS, `script` has other options. */
    const itOnTerminal = process.platform === "linux" ? it : it.skip;

    it("has 100 columns and no colours without a terminal", async () => {
        const { stdout, stderr } = await audit({}, ...ONE);

        assert.ok(!stdout.includes(ESCAPE), stdout);
        assert.match(stdout, /^│ {2}✖ 111122223333 payments +drifted$/m);
        assert.match(stderr, /^1 account has drifted/m);
    });

    it("has colours without a terminal if FORCE_COLOR is set, and never with NO_COLOR", async () => {
        const forced = await audit({ FORCE_COLOR: "1" }, ...ONE);
        const both = await audit({ FORCE_COLOR: "1", NO_COLOR: "1" }, ...ONE);

        assert.ok(forced.stdout.includes(`${ESCAPE}31mdrifted`), forced.stdout);
        assert.equal(both.stdout, stripVTControlCharacters(forced.stdout));
    });

    itOnTerminal("has the colours and the width of a terminal, and says its totals once", async () => {
        const [wide, narrow] = await Promise.all([onTerminal(160, {}, ...ONE), onTerminal(60, {}, ...ONE)]);

        assert.ok(wide.includes(`${ESCAPE}31mdrifted`), wide);
        assert.match(stripVTControlCharacters(wide), /used \d+ \w+ ago.*2026-01-01 {2}s3/);
        const lines = stripVTControlCharacters(narrow).split(/[\r\n]+/);
        assert.ok(
            lines.every((line) => line.length <= 60),
            narrow,
        );
        assert.equal(
            lines.filter((line) => /drifted/.test(line) && /1 of 1|1 account has/.test(line)).length,
            1,
        );
    });

    itOnTerminal("has no colours on a terminal with NO_COLOR, or one that shows none", async () => {
        for (const environment of [{ NO_COLOR: "1" }, { TERM: "dumb" }, { FORCE_COLOR: "0" }]) {
            const printed = await onTerminal(100, environment, ...ONE);
            assert.ok(!printed.includes(`${ESCAPE}31m`), JSON.stringify(environment));
            assert.match(printed, /drifted/);
        }
    });

    it("is cut on standard output, with a hint how to see all, and whole in a file", async () => {
        const { stdout } = await audit({});
        await audit({}, "--output", "report.txt");

        const whole = readFileSync(join(folder, "report.txt"), "utf8");
        assert.match(
            stdout,
            /^… \d+ more accounts need attention\. Add --output report\.html or --output report\.txt to see all\.$/m,
        );
        assert.ok(stdout.split("\n").length < 110);
        assert.equal(whole.match(/✖ \d{12}/g)?.length, 61);
        assert.doesNotMatch(whole, /more account/);
    });
});
