import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Machine, ROOT, type Ending } from "./machine.js";

const A_BROWSER = "echo Chromium 156.0.8078.73";
const AS_ROOT = process.getuid?.() === 0;

describe("getting a browser", function () {
    this.timeout(30_000);
    let machine: Machine;
    let clone: string;

    before(function () {
        // The stand-ins are shell scripts for Linux.
        if (process.platform !== "linux") this.skip();
    });
    beforeEach(() => {
        machine = new Machine();
        clone = path.join(machine.directory, "clone");
        for (const directory of ["scripts/pulumi-cli", "scripts/browser"]) {
            cpSync(path.join(ROOT, directory), path.join(clone, directory), { recursive: true });
        }
        installPlaywright({ download: `throw new Error("getaddrinfo ENOTFOUND")` });
    });
    afterEach(() => {
        machine.scrap();
    });

    const cache = () => path.join(machine.directory, "cache");
    const shell = () =>
        path.join(cache(), "chromium_headless_shell-77/chrome-headless-shell-linux64/chrome-headless-shell");

    /** A Playwright that knows the path of its browser. `download` is its script for a download. */
    function installPlaywright({ download }: { download: string }): void {
        const directory = path.join(clone, "node_modules/playwright-core");
        mkdirSync(directory, { recursive: true });
        writeFileSync(path.join(directory, "package.json"), `{ "name": "playwright-core" }`);
        const executable = JSON.stringify(path.join(cache(), "chromium-77/chrome-linux64/chrome"));
        writeFileSync(
            path.join(directory, "index.js"),
            `exports.chromium = { executablePath: () => ${executable} };`,
        );
        writeFileSync(
            path.join(directory, "cli.js"),
            `const { mkdirSync, writeFileSync } = require("node:fs");
            writeFileSync(${JSON.stringify(path.join(clone, "asked"))}, process.argv.slice(2).join(" "));
            ${download}`,
        );
    }

    /** A script that puts a headless shell into Playwright's cache. */
    const putShell = (script = A_BROWSER) => `
        mkdirSync(${JSON.stringify(path.dirname(shell()))}, { recursive: true });
        writeFileSync(${JSON.stringify(shell())}, ${JSON.stringify(`#!/bin/sh\n${script}\n`)}, { mode: 0o755 });`;

    function getBrowser(env: NodeJS.ProcessEnv = {}): Promise<Ending> {
        return machine.start(process.execPath, [path.join(clone, "scripts/browser/get.mjs")], {
            env: { TMPDIR: machine.directory, ...env },
        }).ending;
    }

    /** Debian's package manager, which runs `install` to install a package. */
    function installAptGet(install: string): void {
        const log = path.join(machine.directory, "apt.log");
        machine.installCommand(
            "apt-get",
            `echo "$*" >> "${log}"
            case "$1" in
            update) touch "${machine.directory}/lists" ;;
            install) ${install} ;;
            esac`,
        );
    }

    const aptLog = () => readFileSync(path.join(machine.directory, "apt.log"), "utf8");

    it("finds a browser on the PATH and prints only its path", async () => {
        machine.installCommand("google-chrome", A_BROWSER);

        const { code, stderr } = await getBrowser();

        assert.equal(stderr, `${path.join(machine.path, "google-chrome")}\n`);
        assert.equal(code, 0);
    });

    it("ignores a browser that does not run", async () => {
        machine.installCommand("chromium-browser", `echo "please install the snap"; exit 10`);
        machine.installCommand("google-chrome-stable", A_BROWSER);

        const { stderr } = await getBrowser();

        assert.equal(stderr, `${path.join(machine.path, "google-chrome-stable")}\n`);
    });

    it("prefers the browser of CHROMIUM_PATH", async () => {
        machine.installCommand("chromium", A_BROWSER);
        machine.installCommand("of-my-own", A_BROWSER);

        const { stderr } = await getBrowser({ CHROMIUM_PATH: path.join(machine.path, "of-my-own") });

        assert.equal(stderr, `${path.join(machine.path, "of-my-own")}\n`);
    });

    it("fails if CHROMIUM_PATH names no browser", async () => {
        machine.installCommand("chromium", A_BROWSER);

        const { code, stderr } = await getBrowser({ CHROMIUM_PATH: "/nowhere/chromium" });

        assert.match(
            stderr,
            /^CHROMIUM_PATH is \/nowhere\/chromium, which is no browser that runs\. Correct it/,
        );
        assert.equal(code, 1);
    });

    it("downloads a browser, and finds it in Playwright's cache the next time", async () => {
        installPlaywright({ download: putShell() });

        const first = await getBrowser();

        assert.match(first.stderr, /Downloading a Chromium · done in/);
        assert.ok(first.stderr.endsWith(`${shell()}\n`), first.stderr);
        assert.equal(readFileSync(path.join(clone, "asked"), "utf8"), "install chromium-headless-shell");

        installPlaywright({ download: `throw new Error("asked again")` });

        assert.equal((await getBrowser()).stderr, `${shell()}\n`);
    });

    it("installs Debian's browser as root if the download fails, and updates missing package lists", async function () {
        if (!AS_ROOT) this.skip();
        installAptGet(`[ -e "${machine.directory}/lists" ] || { echo "E: Unable to locate package chromium"; exit 100; }
            printf '#!/bin/sh\\n${A_BROWSER}\\n' > "${machine.path}/chromium"; chmod +x "${machine.path}/chromium"`);

        const { code, stderr } = await getBrowser();

        assert.match(stderr, /the download failed \(getaddrinfo ENOTFOUND\); trying another way\./);
        assert.ok(stderr.endsWith(`${path.join(machine.path, "chromium")}\n`), stderr);
        const install = "install -y --no-install-recommends chromium\n";
        assert.equal(aptLog(), `${install}update\n${install}`);
        assert.equal(code, 0);
    });

    it("installs Debian's browser if the downloaded one lacks a library", async function () {
        if (!AS_ROOT) this.skip();
        installPlaywright({
            download: putShell("echo libnss3.so: cannot open shared object file; exit 127"),
        });
        installAptGet(
            `printf '#!/bin/sh\\n${A_BROWSER}\\n' > "${machine.path}/chromium"; chmod +x "${machine.path}/chromium"`,
        );

        const { stderr } = await getBrowser();

        assert.match(stderr, /the installed browser does not run; trying another way\./);
        assert.ok(stderr.endsWith(`${path.join(machine.path, "chromium")}\n`), stderr);
    });

    it("prints the reasons and the remedies if no way works", async () => {
        const { code, stderr } = await getBrowser();

        assert.match(stderr, /There is no Chromium, and set-up cannot install one:/);
        assert.match(stderr, /- the download failed \(getaddrinfo ENOTFOUND\)/);
        assert.match(stderr, AS_ROOT ? /- there is no apt-get/ : /- only root may install Debian's package/);
        assert.match(stderr, /- set CHROMIUM_PATH/);
        assert.equal(code, 1);
    });
});
