import assert from "node:assert/strict";
import {
    copyFileSync,
    existsSync,
    readFileSync,
    readdirSync,
    statSync,
    truncateSync,
    utimesSync,
    writeFileSync,
} from "node:fs";
import path from "node:path";
import { CLI_VERSION, Machine, OUR_LANGUAGE_HOST, ROOT, WARM_CLI, eventually, isAlive } from "./machine.js";

const OFFICIAL_LANGUAGE_HOST = "\x7fELF, as in an official release";

describe("getting the Pulumi CLI", function () {
    this.timeout(60_000);
    let machine: Machine;
    const pulumi = () => path.join(machine.bin, "pulumi");
    const languageHost = () => path.join(machine.bin, "pulumi-language-nodejs");
    const inVersions = () => readdirSync(path.dirname(path.dirname(machine.bin)));

    beforeEach(() => {
        machine = new Machine();
    });
    afterEach(() => {
        machine.scrap();
    });

    it("uses an installed CLI and touches none of its files", async () => {
        machine.installCli();
        const files = () =>
            readdirSync(machine.bin).map((file) => {
                const { ino, size, mtimeMs } = statSync(path.join(machine.bin, file));
                return { file, ino, size, mtimeMs };
            });
        const before = files();

        const { code, stderr } = await machine.getPulumiCli();

        assert.equal(stderr, `${pulumi()}\n`);
        assert.equal(code, 0);
        assert.deepEqual(files(), before);
    });

    const flaws = {
        "is missing": () => undefined,
        "is empty": () => writeFileSync(pulumi(), "", { mode: 0o755 }),
        "is not executable": () => writeFileSync(pulumi(), "#!/bin/sh\n", { mode: 0o644 }),
        "does not run": () => {
            copyFileSync(process.execPath, pulumi());
            truncateSync(pulumi(), 1_000_000);
        },
        "has the version v3.1.0": () => writeFileSync(pulumi(), "#!/bin/sh\necho v3.1.0\n", { mode: 0o755 }),
        "has no pulumi-language-nodejs beside it": () =>
            writeFileSync(pulumi(), `#!/bin/sh\necho v${CLI_VERSION}\n`, { mode: 0o755 }),
    };
    for (const [flaw, cause] of Object.entries(flaws)) {
        it(`replaces a CLI that ${flaw}`, async () => {
            cause();
            machine.installGo();

            const { code, stderr } = await machine.getPulumiCli();

            assert.match(stderr, new RegExp(`pulumi ${flaw}`));
            assert.equal(code, 0, stderr);
            assert.equal((await machine.start(pulumi(), ["version"]).ending).stdout, `v${CLI_VERSION}\n`);
            assert.deepEqual(readdirSync(machine.bin), [
                "pulumi",
                "pulumi-language-nodejs",
                "pulumi-resource-pulumi-nodejs",
            ]);
            assert.deepEqual(inVersions(), [CLI_VERSION], "nothing else is left behind");
        });
    }

    it("downloads the official CLI with its own language host if there is internet", async () => {
        machine.connectToInternet(`
            ln -s "${WARM_CLI}" "$root/bin/pulumi"
            printf '%s' '${OFFICIAL_LANGUAGE_HOST}' > "$root/bin/pulumi-language-nodejs"`);

        const { code, stderr } = await machine.getPulumiCli();
        await machine.getPulumiCli();

        assert.equal(code, 0, stderr);
        assert.equal(readFileSync(languageHost(), "utf8"), OFFICIAL_LANGUAGE_HOST);
        assert.deepEqual(inVersions(), [CLI_VERSION]);
    });

    it("builds the CLI if the official download fails", async () => {
        machine.connectToInternet(
            `echo "not for this processor" > "$root/bin/pulumi"; chmod +x "$root/bin/pulumi"`,
        );
        machine.installGo();

        const { code, stderr } = await machine.getPulumiCli();

        assert.equal(code, 0, stderr);
        assert.match(stderr, /the installed CLI cannot be used: .*pulumi does not run/);
        assert.deepEqual(readFileSync(languageHost()), readFileSync(OUR_LANGUAGE_HOST));
    });

    it("pins the same version for npm and for Go", () => {
        const goMod = readFileSync(path.join(ROOT, "scripts/pulumi-cli/go.mod"), "utf8");
        assert.ok(goMod.includes(`github.com/pulumi/pulumi/pkg/v3 v${CLI_VERSION}\n`));
    });

    it("names what to install if it can neither download nor build", async () => {
        const { code, stderr } = await machine.getPulumiCli();

        assert.equal(code, 1);
        assert.match(stderr, /the official download failed \(ECONNREFUSED\)/);
        assert.match(stderr, /there is no `go` on the PATH/);
        assert.match(stderr, /install Go 1\.\d+\.\d+ or newer/);
        assert.ok(stderr.includes(`put all files of an official Pulumi CLI ${CLI_VERSION}`), stderr);
        assert.doesNotMatch(stderr, /\n {4}at /, "a sentence, not a stack");
    });

    it("names the required Go if Go is too old and may not fetch a newer one", async () => {
        machine.installGo({ version: "go1.22.1", toolchain: "local" });

        const { code, stderr } = await machine.getPulumiCli();

        assert.equal(code, 1);
        assert.match(stderr, /needs Go 1\.\d+\.\d+ or newer, and `go` on the PATH is go1\.22\.1/);
    });

    it("prints Go's error if the build fails", async () => {
        machine.installGo({ build: "echo out of disk >&2; exit 1" });

        const { code, stderr } = await machine.getPulumiCli();

        assert.equal(code, 1);
        assert.match(stderr, /Go could not build the CLI:\n *out of disk/);
    });

    it("never replaces an official language host", async () => {
        writeFileSync(pulumi(), "", { mode: 0o755 });
        writeFileSync(languageHost(), OFFICIAL_LANGUAGE_HOST, { mode: 0o755 });
        machine.installGo();

        await machine.getPulumiCli();
        await machine.getPulumiCli();

        assert.equal(readFileSync(languageHost(), "utf8"), OFFICIAL_LANGUAGE_HOST);
    });

    it("replaces our language host of another checkout", async () => {
        machine.installCli();
        writeFileSync(languageHost(), "#!/usr/bin/env node\n// older\n");

        await machine.getPulumiCli();

        assert.deepEqual(readFileSync(languageHost()), readFileSync(OUR_LANGUAGE_HOST));
        assert.equal(statSync(languageHost()).mode & 0o777, 0o755);
    });

    for (const signal of ["SIGINT", "SIGTERM"] as const) {
        it(`ends the build on ${signal} and leaves no incomplete file`, async () => {
            const pidOfGo = path.join(machine.directory, "go.pid");
            machine.installGo({ build: `echo half > "$out"; echo $$ > "${pidOfGo}"; exec sleep 60` });
            const { child, ending } = machine.startGettingPulumiCli();
            await eventually("the build starts", () => existsSync(pidOfGo) && statSync(pidOfGo).size > 0);

            child.kill(signal);
            const { code } = await ending;

            assert.equal(code, signal === "SIGINT" ? 130 : 143);
            assert.equal(isAlive(Number(readFileSync(pidOfGo, "utf8"))), false);
            assert.deepEqual(readdirSync(machine.bin), []);
            assert.deepEqual(inVersions(), [CLI_VERSION]);
        });
    }

    it("builds once for two set-ups at the same time", async () => {
        machine.installGo({
            build: `sleep 1; echo "#!/bin/sh\necho v${CLI_VERSION}" > "$out"; chmod +x "$out"`,
        });

        const endings = await Promise.all([machine.getPulumiCli(), machine.getPulumiCli()]);

        assert.deepEqual(
            endings.map(({ code }) => code),
            [0, 0],
        );
        assert.equal(readFileSync(path.join(machine.directory, "go.log"), "utf8"), "build\n");
    });

    it("continues after the set-up that held the lock was killed", async () => {
        machine.installGo();
        const lock = path.join(path.dirname(path.dirname(machine.bin)), `.${CLI_VERSION}.lock`);
        writeFileSync(lock, "");
        const aMinuteAgo = new Date(Date.now() - 60_000);
        utimesSync(lock, aMinuteAgo, aMinuteAgo);

        const { code } = await machine.getPulumiCli();

        assert.equal(code, 0);
        assert.deepEqual(inVersions(), [CLI_VERSION]);
    });
});
