import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CLI_VERSION, Machine, OUR_LANGUAGE_HOST, ROOT, eventually } from "./machine.js";

const SCRIPT = path.join(ROOT, "scripts/pulumi.mjs");

describe("npm run preview and npm run up", function () {
    this.timeout(60_000);
    let machine: Machine;

    beforeEach(() => {
        machine = new Machine();
        writeFileSync(path.join(machine.bin, "pulumi-language-nodejs"), readFileSync(OUR_LANGUAGE_HOST));
    });
    afterEach(() => {
        machine.scrap();
    });

    const log = () => path.join(machine.directory, "log");

    /** A Pulumi that prints its arguments and variables, and then runs `work`. */
    function standIn(work: string): void {
        const script = `#!/bin/bash
            PATH="$PATH:/usr/bin:/bin"
            case "$1" in
                version) echo v${CLI_VERSION} ;;
                whoami) echo 'warning: something {else}' >&2; echo '{ "user": "me", "url": "file:///state" }' ;;
                *) echo "$*"; echo "$PULUMI_PARALLEL $PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL $PULUMI_SKIP_CHECKPOINTS"; ${work} ;;
            esac`;
        writeFileSync(path.join(machine.bin, "pulumi"), script, { mode: 0o755 });
    }

    it("run Pulumi with the settings for many accounts and return its exit code", async () => {
        standIn("exit 7");

        const { code, stdout, stderr } = await machine.start(process.execPath, [
            SCRIPT,
            "preview",
            "--expect-no-changes",
            "--stack=prod",
        ]).ending;

        assert.equal(stdout, "preview --expect-no-changes --stack=prod\n256 true true\n", stderr);
        assert.equal(code, 7);
    });

    it("keep variables that the user has set", async () => {
        standIn("exit 0");

        const { code, stdout } = await machine.start(process.execPath, [SCRIPT, "up", "--yes"], {
            env: { PULUMI_PARALLEL: "16", PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL: "false" },
        }).ending;

        assert.equal(stdout, "up --yes\n16 false true\n");
        assert.equal(code, 0);
    });

    it("let Pulumi write its state at once if a stack unlocks policies", async () => {
        standIn("exit 0");
        const project = path.join(machine.directory, "project");
        mkdirSync(project);
        const setting = "config:\n  aws-root-credentials:unlock:\n    - account: '111122223333'\n";
        writeFileSync(path.join(project, "Pulumi.prod.yaml"), setting);

        const { stdout } = await machine.start(process.execPath, [SCRIPT, "up"], { cwd: project }).ending;

        assert.equal(stdout, "up\n256 true \n");
    });

    it("pass repeated signals on once, and wait for Pulumi's end", async () => {
        standIn(
            `trap 'echo INT >> ${log()}' INT; echo ready >> ${log()}; for i in $(seq 50); do sleep 0.1; done; exit 1`,
        );
        const { child, ending } = machine.start(process.execPath, [SCRIPT, "up"]);
        await eventually("Pulumi has started", () => existsSync(log()));

        child.kill("SIGINT");
        child.kill("SIGTERM");
        await new Promise((resolve) => setTimeout(resolve, 300));
        child.kill("SIGINT");

        assert.equal((await ending).code, 1);
        assert.deepEqual(readFileSync(log(), "utf8").trim().split("\n"), ["ready", "INT"]);
    });

    it("refuse other commands", async () => {
        standIn("exit 0");

        const { code, stderr } = await machine.start(process.execPath, [SCRIPT, "destroy"]).ending;

        assert.equal(code, 1);
        assert.match(stderr, /expected one of preview, up, got "destroy"/);
    });
});
