// Makes a fresh clone ready to run: npm packages, Node 24, the build, and the Pulumi CLI (unless `--without-pulumi`).
// `--with-browser` adds a Chromium for the tests. npm scripts such as `npm run demo` and `npm test` run it first. It prints
// nothing if everything is in place. It runs on the machine's own Node, because nothing may be installed yet.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { getBrowser } from "./browser/get.mjs";
import { getPulumiCli } from "./pulumi-cli/get.mjs";
import { run, runAsProgram, SetupError, withLock } from "./pulumi-cli/processes.mjs";
import { reportProgress, say } from "./pulumi-cli/progress.mjs";

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const WINDOWS = process.platform === "win32";
const OWN_NODE = path.join(ROOT, "node_modules/node/bin", WINDOWS ? "node.exe" : "node");

await runAsProgram(async () => {
    refuseOldNode();
    // Outside node_modules, because `npm ci` empties that folder.
    const checkout = createHash("sha256").update(ROOT).digest("hex").slice(0, 16);
    await withLock(path.join(os.tmpdir(), `set-up-${checkout}.lock`), async () => {
        if (!packagesAreInstalled()) await installPackages();
        await makeOwnNodeWork();
        await build();
    });
    if (!process.argv.includes("--without-pulumi")) await getPulumiCli();
    if (process.argv.includes("--with-browser")) await getBrowser();
});

function refuseOldNode() {
    if (Number(process.versions.node.split(".")[0]) >= 20) return;
    throw new SetupError(`Node ${process.version} is too old: install Node 20 or newer.`);
}

/** Compares contents, because switching branches changes the times of files. */
function packagesAreInstalled() {
    const installed = lockedPackages("node_modules/.package-lock.json");
    return Object.entries(lockedPackages("package-lock.json")).every(([directory, wanted]) => {
        if (!directory.includes("node_modules/")) return true; // this package and its workspaces
        const there = installed[directory];
        if (!there) return Boolean(wanted.optional || wanted.devOptional); // for another platform
        return (
            there.version === wanted.version &&
            there.integrity === wanted.integrity &&
            existsSync(path.join(ROOT, directory))
        );
    });
}

function lockedPackages(lockfile) {
    try {
        return JSON.parse(readFileSync(path.join(ROOT, lockfile), "utf8")).packages;
    } catch (error) {
        if (error.code === "ENOENT") return {}; // not installed, or an interrupted installation
        throw error;
    }
}

async function installPackages() {
    // The build needs dev dependencies, even if NODE_ENV is "production".
    const { ok, output } = await reportProgress("Installing npm packages and building", () =>
        npm("ci", "--include=dev"),
    );
    if (!ok) throw new SetupError(`\`npm ci\` failed:\n\n${output}`);
}

/** An install script gets the executable of the npm package `node`. npm may be configured to run no install scripts. */
async function makeOwnNodeWork() {
    if (await ownNodeWorks()) return;
    await reportProgress("Repairing node_modules/node, whose install script has not run", () =>
        npm("rebuild", "node"),
    );
    if (await ownNodeWorks()) return;
    const remedy =
        "The npm package `node` has no working executable: its install script did not run. " +
        "`npm rebuild node --ignore-scripts=false` runs it.";
    // npm falls back to the machine's Node, which works if it is recent.
    if (Number(process.versions.node.split(".")[0]) < 22)
        throw new SetupError(`${remedy}\nOr install Node 24.`);
    say(`${remedy} Set-up continues with Node ${process.version} of this machine.`);
}

async function ownNodeWorks() {
    return (await run(OWN_NODE, ["--version"])).ok;
}

async function build() {
    const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc");
    const { ok, output } = await reportProgress(
        "Building",
        () => run("node", [tsc, "--build"], { cwd: ROOT }),
        {
            quietForMs: 2000,
        },
    );
    if (!ok) throw new SetupError(`\`npm run build\` failed:\n\n${output}`);
}

/** Runs npm on the machine's own Node, because `npm ci` deletes the one in node_modules. */
function npm(...args) {
    const directories = process.env.PATH.split(path.delimiter);
    const PATH = directories.filter((directory) => !directory.includes("node_modules")).join(path.delimiter);
    return run(WINDOWS ? "npm.cmd" : "npm", args, { cwd: ROOT, env: { PATH }, shell: WINDOWS });
}
