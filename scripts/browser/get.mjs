#!/usr/bin/env node
// Makes sure that the tests have a Chromium. Prints nothing if there is one.
import { realpathSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { run, runAsProgram, SetupError, withLock } from "../pulumi-cli/processes.mjs";
import { reportProgress, say } from "../pulumi-cli/progress.mjs";
import { findBrowser } from "./find.mjs";

const PLAYWRIGHT = fileURLToPath(new URL("../../node_modules/playwright-core/cli.js", import.meta.url));

/** Returns the path of a Chromium: found in place, downloaded, or installed. */
export async function getBrowser() {
    return (await browserHere()) ?? withLock(path.join(os.tmpdir(), "set-up-browser.lock"), obtain);
}

async function browserHere() {
    try {
        return await findBrowser();
    } catch (error) {
        throw new SetupError(error.message);
    }
}

async function obtain() {
    const found = await browserHere(); // another set-up may have installed one before it released the lock
    if (found) return found;
    say("The tests need a Chromium, and this machine has none that runs.");
    const reasons = [];
    for (const getIt of [downloadHeadlessShell, installDebianPackage]) {
        const failure = await getIt();
        const browser = failure === undefined && (await browserHere());
        if (browser) return browser;
        const reason = failure ?? "the installed browser does not run";
        reasons.push(reason);
        if (reasons.length === 1) say(`${reason}; trying another way.`);
    }
    throw new SetupError(`There is no Chromium, and set-up cannot install one:
${reasons.map((reason) => `  - ${reason}`).join("\n")}

Do one of these and start again:
  - install Chromium, Google Chrome or Microsoft Edge (on Debian: apt-get install chromium);
  - let this machine reach the internet, for a download of 120 MB;
  - set CHROMIUM_PATH to the executable of a Chromium in another place.`);
}

/** Downloads Playwright's build into its cache. Returns the reason if that fails. */
async function downloadHeadlessShell() {
    const { ok, output } = await reportProgress("Downloading a Chromium", (tell) =>
        run(process.execPath, [PLAYWRIGHT, "install", "chromium-headless-shell"], {
            // Without an answer for this long, set-up assumes that the machine has no internet.
            env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: "10000" },
            onLine: (line) => tell(/\d+% of .*/.exec(line)?.[0]),
        }),
    );
    if (ok) return undefined;
    const error =
        /(?:connect|getaddrinfo|read) E\w+|E[A-Z]{4,}|Error: .*/.exec(output)?.[0] ??
        output.split("\n").pop();
    return `the download failed (${error})`;
}

async function installDebianPackage() {
    if (process.getuid?.() !== 0) return "only root may install Debian's package";
    const install = () =>
        aptGet("Installing Debian's Chromium", "install", "-y", "--no-install-recommends", "chromium");
    let { ok, missing, output } = await install();
    if (missing) return "there is no apt-get";
    // A fresh container has no package lists.
    if (!ok && (await aptGet("Reading Debian's lists of packages", "update")).ok)
        ({ ok, output } = await install());
    return ok ? undefined : `Debian's package could not be installed (${output.split("\n").pop()})`;
}

function aptGet(title, ...args) {
    return reportProgress(title, (tell) =>
        run("apt-get", args, { env: { DEBIAN_FRONTEND: "noninteractive" }, onLine: tell }),
    );
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
    await runAsProgram(async () => say(await getBrowser()));
}
