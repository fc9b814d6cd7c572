// Finds a Chromium for set-up and for the tests, so that both use the same one.
import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const NODE_MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));
const WINDOWS = process.platform === "win32";

/** Returns the path of the first Chromium that runs. */
export async function findBrowser() {
    const wanted = process.env.CHROMIUM_PATH;
    if (wanted) {
        if (await runs(wanted)) return wanted;
        throw new Error(
            `CHROMIUM_PATH is ${wanted}, which is no browser that runs. Correct it, or unset it to use another browser.`,
        );
    }
    for (const browser of browsers()) {
        if (await runs(browser)) return browser;
    }
}

/** A generator, because loading Playwright takes longer than the other places. */
function* browsers() {
    yield* onPath();
    yield* downloadedByPlaywright();
}

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];

function onPath() {
    const directories = (process.env.PATH ?? "").split(path.delimiter).filter(path.isAbsolute);
    return NAMES.flatMap((name) =>
        directories.map((directory) => path.join(directory, WINDOWS ? `${name}.exe` : name)),
    );
}

/** Playwright knows the path of its whole Chromium. The headless shell, which `get.mjs` downloads, has a folder beside it. */
function downloadedByPlaywright() {
    const chromium = playwright()?.chromium.executablePath();
    const home = /^(.*)[/\\]chromium-(\d+)[/\\]/.exec(chromium ?? "");
    if (!home) return [];
    const shell = path.join(home[1], `chromium_headless_shell-${home[2]}`);
    const inside = existsSync(shell) ? readdirSync(shell) : [];
    const name = WINDOWS ? "chrome-headless-shell.exe" : "chrome-headless-shell";
    return [chromium, ...inside.map((directory) => path.join(shell, directory, name))];
}

function playwright() {
    const manifest = path.join(NODE_MODULES, "playwright-core/package.json");
    return existsSync(manifest) ? createRequire(manifest)("playwright-core") : undefined;
}

/** A browser may lack a library, or be a placeholder that only explains how to install the real one. */
async function runs(browser) {
    try {
        accessSync(browser, constants.X_OK);
    } catch {
        return false;
    }
    if (WINDOWS) return true; // `--version` opens a window on Windows
    return new Promise((resolve) => {
        execFile(browser, ["--version"], { timeout: 15_000 }, (error, stdout) => {
            resolve(!error && /\d+\.\d+/.test(stdout));
        });
    });
}
