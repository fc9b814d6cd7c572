#!/usr/bin/env node
// Makes sure that the Pulumi CLI is where the npm package `pulumi` expects it. Runs before the build, on the machine's own
// Node.
import { accessSync, constants, readFileSync, realpathSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { buildFromSource, GO_VERSION } from "./build.mjs";
import { downloadOfficial } from "./download.mjs";
import { run, runAsProgram, SetupError, withLock } from "./processes.mjs";
import { say } from "./progress.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const NODE_MODULES = path.resolve(HERE, "../../node_modules");
const WINDOWS = process.platform === "win32";
const PULUMI = WINDOWS ? "pulumi.exe" : "pulumi";
const LANGUAGE_HOST = WINDOWS ? "pulumi-language-nodejs.exe" : "pulumi-language-nodejs";
const DYNAMIC_PROVIDER = WINDOWS ? "pulumi-resource-pulumi-nodejs.cmd" : "pulumi-resource-pulumi-nodejs";

/** Returns the path of a Pulumi CLI of the pinned version. Downloads or builds it if it is missing. */
export async function getPulumiCli({ fromSource = false } = {}) {
    const version = JSON.parse(readFileSync(path.join(NODE_MODULES, "pulumi/package.json"), "utf8")).version;
    const versions = path.join(process.env.PULUMI_HOME || path.join(os.homedir(), ".pulumi"), "versions");
    const bin = path.join(versions, version, "bin");

    if (await defectOf(bin, version)) {
        await mkdir(bin, { recursive: true });
        await withLock(path.join(versions, `.${version}.lock`), async () => {
            const defect = await defectOf(bin, version); // another set-up may have installed it before it released the lock
            if (!defect) return;
            say(`The Pulumi CLI ${version} is needed, and ${defect}.`);
            await removeOldStaging(versions);
            // On the file system of the destination, so that a rename moves each file at once.
            const staging = await mkdtemp(path.join(versions, ".staging-"));
            try {
                await obtain(version, staging, { bin, fromSource });
                await place(path.join(staging, "bin"), bin);
            } finally {
                await rm(staging, { recursive: true, force: true, maxRetries: 3 });
            }
        });
    }
    await refreshOurParts(bin);
    return path.join(bin, PULUMI);
}

/** Why the CLI in `bin` cannot be used, as a clause. Undefined if it can. */
async function defectOf(bin, version) {
    const pulumi = path.join(bin, PULUMI);
    const file = await stat(pulumi).catch(() => undefined);
    if (!file) return `${pulumi} is missing`;
    if (file.size === 0) return `${pulumi} is empty`;
    if (!isExecutable(pulumi)) return `${pulumi} is not executable`;
    const answer = await run(pulumi, ["version"], {
        env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
        giveUp: AbortSignal.timeout(30_000),
    });
    if (!answer.ok) return `${pulumi} does not run (it may be incomplete, or built for another machine)`;
    if (answer.output.split("\n").pop() !== `v${version}`)
        return `${pulumi} has the version ${answer.output}`;
    const languageHost = await stat(path.join(bin, LANGUAGE_HOST)).catch(() => undefined);
    if (!languageHost?.size) return `${pulumi} has no ${LANGUAGE_HOST} beside it`;
}

function isExecutable(file) {
    try {
        accessSync(file, constants.X_OK);
        return true;
    } catch {
        return false;
    }
}

/** Puts a complete CLI into `staging`, in the first way that works. */
async function obtain(version, staging, { bin, fromSource }) {
    const ways = fromSource ? [buildFromSource] : [downloadOfficial, buildFromSource];
    const reasons = [];
    for (const getInto of ways) {
        const reason =
            (await getInto(staging, version)) ?? (await whyUnusable(path.join(staging, "bin"), version));
        if (!reason) return;
        reasons.push(reason);
        if (reasons.length < ways.length) say(`${reason}; trying another way.`);
        await rm(path.join(staging, "bin"), { recursive: true, force: true });
    }
    throw new SetupError(`There is no Pulumi CLI ${version}, and set-up cannot install one:
${reasons.map((reason) => `  - ${reason}`).join("\n")}

Do one of these and start again:
  - let this machine reach the internet, for the official download;
  - install Go ${GO_VERSION} or newer${WINDOWS ? " (not on Windows)" : ""}, so that set-up builds the CLI from its Go module;
  - put all files of an official Pulumi CLI ${version} for ${process.platform}-${process.arch} into
    ${bin}`);
}

async function whyUnusable(staged, version) {
    const defect = await defectOf(staged, version);
    return defect && `the installed CLI cannot be used: ${defect}`;
}

/** Moves the files into `bin`. The CLI comes last, so its presence means that the directory is complete. */
async function place(staged, bin) {
    const files = (await readdir(staged)).sort((a, b) => Number(a === PULUMI) - Number(b === PULUMI));
    for (const file of files) {
        const from = path.join(staged, file);
        const to = path.join(bin, file);
        if (file === LANGUAGE_HOST && (await isOurs(from)) && (await isOfficial(to))) continue;
        await rename(from, to);
    }
}

/** Updates this project's files beside the CLI. Files of an official CLI stay unchanged. */
async function refreshOurParts(bin) {
    const languageHost = path.join(bin, LANGUAGE_HOST);
    const ours = await isOurs(languageHost);
    if (ours) await copyIfDifferent(path.join(HERE, LANGUAGE_HOST), languageHost);

    const dynamicProvider = path.join(bin, DYNAMIC_PROVIDER);
    if (ours || !(await stat(dynamicProvider).catch(() => undefined))) {
        await copyIfDifferent(path.join(NODE_MODULES, "@pulumi/pulumi", DYNAMIC_PROVIDER), dynamicProvider);
    }
}

/** Pulumi's language host is a native executable. A script in its place is ours, perhaps from an older checkout. */
async function isOurs(languageHost) {
    return (await firstBytes(languageHost)) === "#!";
}

async function isOfficial(languageHost) {
    return ![undefined, "", "#!"].includes(await firstBytes(languageHost));
}

async function firstBytes(file) {
    const handle = await open(file).catch(() => undefined);
    if (!handle) return undefined;
    try {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
        return buffer.toString("latin1", 0, bytesRead);
    } finally {
        await handle.close();
    }
}

async function copyIfDifferent(from, to) {
    const wanted = await readFile(from);
    const there = await readFile(to).catch(() => undefined);
    if (there?.equals(wanted)) return;
    const beside = `${to}.${process.pid}`;
    await copyFile(from, beside);
    await chmod(beside, 0o755);
    await rename(beside, to);
    if (there) say(`Replaced ${path.basename(to)}, which came from another checkout.`);
}

/** Removes staging directories of runs that were killed. */
async function removeOldStaging(versions) {
    for (const name of await readdir(versions)) {
        if (!name.startsWith(".staging-")) continue;
        const staging = path.join(versions, name);
        const { mtimeMs } = await stat(staging);
        if (Date.now() - mtimeMs > 3_600_000) await rm(staging, { recursive: true, force: true });
    }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
    await runAsProgram(async () => {
        say(await getPulumiCli({ fromSource: process.argv.includes("--from-source") }));
    });
}
