import assert from "node:assert/strict";
import {
    cpSync,
    existsSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import path from "node:path";
import { Machine, ROOT } from "./machine.js";

describe("set-up", function () {
    this.timeout(60_000);
    let machine: Machine;
    let clone: string;

    beforeEach(() => {
        machine = new Machine();
        symlinkSync(process.execPath, path.join(machine.path, "node"));
        clone = path.join(machine.directory, "clone");
        mkdirSync(clone);
        for (const directory of ["scripts/pulumi-cli", "scripts/browser"]) {
            cpSync(path.join(ROOT, directory), path.join(clone, directory), { recursive: true });
        }
        for (const file of ["scripts/setup.mjs", "package.json", "package-lock.json"]) {
            cpSync(path.join(ROOT, file), path.join(clone, file));
        }
        writeFileSync(
            path.join(clone, "tsconfig.json"),
            `{ "compilerOptions": { "types": [], "skipLibCheck": true }, "files": ["main.ts"] }`,
        );
        writeFileSync(path.join(clone, "main.ts"), `console.log("built");`);
    });
    afterEach(() => {
        machine.scrap();
    });

    function setUp(directory: string, ...args: string[]) {
        return machine.start(process.execPath, [path.join(directory, "scripts/setup.mjs"), ...args]).ending;
    }

    /** Installs the packages as `npm ci` would, without the executable of the package `node`. */
    function installPackages() {
        for (const name of readdirSync(path.join(ROOT, "node_modules"))) {
            if (name === "node") mkdirSync(path.join(clone, "node_modules/node/bin"), { recursive: true });
            else linkInto(path.join(clone, "node_modules"), path.join(ROOT, "node_modules", name));
        }
        linkInto(path.join(clone, "provider"), path.join(ROOT, "provider/node_modules"));
    }

    function linkInto(directory: string, target: string) {
        mkdirSync(directory, { recursive: true });
        symlinkSync(target, path.join(directory, path.basename(target)));
    }

    /** Set-up reports a check that takes over two seconds, as on a busy machine. */
    function withoutSlowChecks(output: string) {
        return output.replace(/^(Building|Waiting for another set-up).*\n/gm, "");
    }

    it("prints nothing if everything is in place", async () => {
        installPackages();
        linkInto(path.join(clone, "node_modules/node/bin"), process.execPath);
        machine.installCli();
        await setUp(clone);

        const { code, stdout, stderr } = await setUp(clone);

        assert.equal(withoutSlowChecks(stdout + stderr), "");
        assert.equal(code, 0);
    });

    it("needs no Pulumi CLI with --without-pulumi", async () => {
        installPackages();
        linkInto(path.join(clone, "node_modules/node/bin"), process.execPath);

        const { code, stderr } = await setUp(clone, "--without-pulumi");

        assert.equal(withoutSlowChecks(stderr), "");
        assert.equal(code, 0);
    });

    it("installs the npm packages of a fresh clone, and prints npm's error if that fails", async () => {
        machine.installCommand("npm", `echo "npm was asked: $*"; exit 1`);

        const { code, stderr } = await setUp(clone, "--without-pulumi");

        assert.equal(code, 1);
        assert.match(stderr, /`npm ci` failed:\n\nnpm was asked: ci --include=dev/);
    });

    it("installs again if the lockfile names another version of a package", async () => {
        installPackages();
        const lockfile = path.join(clone, "package-lock.json");
        const lock = JSON.parse(readFileSync(lockfile, "utf8")) as {
            packages: Record<string, { version: string }>;
        };
        lock.packages["node_modules/typescript"] = { version: "0.0.0" };
        writeFileSync(lockfile, JSON.stringify(lock));
        machine.installCommand("npm", `echo "npm was asked: $*"; exit 1`);

        const { stderr } = await setUp(clone, "--without-pulumi");

        assert.match(stderr, /npm was asked: ci/);
    });

    it("repairs the npm package `node` if its install script has not run, and builds", async () => {
        installPackages();
        machine.installCommand(
            "npm",
            `[ "$*" = "rebuild node" ] && ln -s "$(command -v node)" node_modules/node/bin/node`,
        );

        const { code, stderr } = await setUp(clone, "--without-pulumi");

        assert.match(stderr, /Repairing node_modules\/node/);
        assert.equal(code, 0, stderr);
        assert.ok(existsSync(path.join(clone, "main.js")));
    });

    it("prints how to repair it if npm may run no install scripts", async () => {
        installPackages();
        machine.installCommand("npm", "exit 0");

        const { code, stderr } = await setUp(clone, "--without-pulumi");

        assert.match(
            stderr,
            /`npm rebuild node --ignore-scripts=false` runs it\. Set-up continues with Node v2\d/,
        );
        assert.equal(code, 0, "the Node of this machine is recent enough");
    });

    it("prints the compiler's errors if the build fails", async () => {
        installPackages();
        machine.installCommand("npm", "exit 0");
        writeFileSync(path.join(clone, "main.ts"), "const tea: number = 'milk';");

        const { code, stderr } = await setUp(clone, "--without-pulumi");

        assert.equal(code, 1);
        assert.match(stderr, /main\.ts.*TS2322/);
    });
});
