import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Machine, ROOT, eventually, isAlive, type Running } from "./machine.js";

describe("our language host, under the real engine", function () {
    this.timeout(60_000);
    let machine: Machine;
    let project: string;

    beforeEach(() => {
        machine = new Machine();
        machine.installCli();
        project = path.join(machine.directory, "project");
        mkdirSync(project);
        symlinkSync(path.join(ROOT, "node_modules"), path.join(project, "node_modules"));
        writeFileSync(
            path.join(project, "package.json"),
            JSON.stringify({ name: "some-project", main: "program.js" }),
        );
        writeFileSync(
            path.join(project, "Pulumi.yaml"),
            "name: some-project\nruntime:\n  name: nodejs\n  options:\n    nodeargs: --stack-size=900 --no-warnings\n",
        );
    });
    afterEach(() => {
        machine.scrap();
    });

    function program(source: string) {
        writeFileSync(
            path.join(project, "program.js"),
            `const pulumi = require("@pulumi/pulumi");\n${source}`,
        );
    }

    function pulumi(...args: string[]): Running {
        return machine.start(path.join(machine.bin, "pulumi"), [...args, "--non-interactive"], {
            cwd: project,
            env: {
                PATH: [machine.bin, path.dirname(process.execPath), "/usr/bin", "/bin"].join(path.delimiter),
                PULUMI_BACKEND_URL: `file://${machine.directory}`,
                PULUMI_CONFIG_PASSPHRASE: "",
                PULUMI_SKIP_UPDATE_CHECK: "true",
            },
        });
    }

    it("passes configuration, Node arguments and folder to the program", async () => {
        program(`
            const config = new pulumi.Config();
            console.log("SEEN " + JSON.stringify({
                plain: config.require("plain"),
                secret: pulumi.runtime.isConfigSecret("some-project:secret"),
                nodeArguments: process.execArgv,
                where: [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()],
                directory: process.cwd(),
                dryRun: pulumi.runtime.isDryRun(),
            }));`);
        await pulumi("stack", "init", "dev").ending;
        await pulumi("config", "set", "plain", "tea").ending;
        await pulumi("config", "set", "--secret", "secret", "milk").ending;

        const { code, stdout, stderr } = await pulumi("preview", "--stack", "dev").ending;

        assert.equal(code, 0, stdout + stderr);
        assert.deepEqual(JSON.parse(/SEEN (.*)/.exec(stdout)?.[1] ?? stdout), {
            plain: "tea",
            secret: true,
            nodeArguments: ["--stack-size=900", "--no-warnings"],
            where: ["organization", "some-project", "dev"],
            directory: project,
            dryRun: true,
        });
    });

    it("adds nothing to an error that the program has printed already", async () => {
        program(`throw new pulumi.RunError("no tea today");`);
        await pulumi("stack", "init", "dev").ending;

        const { code, stdout } = await pulumi("preview", "--stack", "dev").ending;

        assert.notEqual(code, 0);
        assert.match(stdout, /no tea today/);
        assert.doesNotMatch(stdout, /Program exited with/);
    });

    it("reports how a program ended that printed no error", async () => {
        program(`process.exit(3);`);
        await pulumi("stack", "init", "dev").ending;

        const { code, stdout } = await pulumi("preview", "--stack", "dev").ending;

        assert.notEqual(code, 0);
        assert.match(stdout, /Program exited with code 3/);
    });

    it("ends the program and itself after the engine was killed", async () => {
        const pids = path.join(project, "pids");
        program(`
            require("node:fs").writeFileSync("${pids}", process.pid + " " + process.ppid);
            process.on("SIGTERM", () => {}); // so that only SIGKILL ends it
            setInterval(() => {}, 1000);`);
        await pulumi("stack", "init", "dev").ending;
        const { child } = pulumi("preview", "--stack", "dev");
        await eventually(
            "the program starts",
            () => existsSync(pids) && readFileSync(pids, "utf8").includes(" "),
        );
        const [programPid, hostPid] = readFileSync(pids, "utf8").split(" ").map(Number);
        assert.ok(programPid && isAlive(programPid) && hostPid && isAlive(hostPid));

        child.kill("SIGKILL");

        await eventually("the program ends", () => !isAlive(programPid));
        await eventually("the language host ends", () => !isAlive(hostPid));
    });

    it("passes Ctrl-C on to the program", async () => {
        const [started, told] = [path.join(project, "started"), path.join(project, "told")];
        program(`
            const { writeFileSync } = require("node:fs");
            process.on("SIGINT", () => { writeFileSync("${told}", ""); process.exit(1); });
            setInterval(() => {}, 1000);
            writeFileSync("${started}", "");`);
        await pulumi("stack", "init", "dev").ending;
        const { child, ending } = pulumi("preview", "--stack", "dev");
        await eventually("the program starts", () => existsSync(started));

        child.kill("SIGINT");

        assert.notEqual((await ending).code, 0);
        assert.ok(existsSync(told));
    });
});
