// Finds a Chromium to look at pages with. Set-up asks it, and so do the tests that need one: both take the same.
import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const NODE_MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));
const WINDOWS = process.platform === "win32";

/** The path of the first Chromium of this machine that runs. */
export async function findBrowser() {
    const wanted = process.env.CHROMIUM_PATH;
    if (wanted) {
        if (await runs(wanted)) return wanted;
        throw new Error(
            `CHROMIUM_PATH is ${wanted}, which is no browser that runs. Correct it, or unset it and another is taken.`,
        );
    }
    for (const browser of browsers()) {
        if (await runs(browser)) return browser;
    }
}

/** Lazily: the last of them takes longer to ask for than the others. */
function* browsers() {
    yield* onPath();
    yield* USUAL_PLACES[process.platform] ?? [];
    yield* downloadedByPlaywright();
}

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];

function onPath() {
    const directories = (process.env.PATH ?? "").split(path.delimiter).filter(path.isAbsolute);
    return NAMES.flatMap((name) =>
        directories.map((directory) => path.join(directory, WINDOWS ? `${name}.exe` : name)),
    );
}

/** Where installers put what they do not put on the PATH. */
const USUAL_PLACES = {
    darwin: ["/Applications", path.join(os.homedir(), "Applications")].flatMap((directory) =>
        ["Google Chrome", "Chromium", "Microsoft Edge"].map((name) =>
            path.join(directory, `${name}.app/Contents/MacOS/${name}`),
        ),
    ),
    win32: ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"]
        .flatMap((variable) => process.env[variable] ?? [])
        .flatMap((directory) =>
            ["Google/Chrome", "Chromium", "Microsoft/Edge"].map((product) =>
                path.join(
                    directory,
                    product,
                    "Application",
                    product === "Microsoft/Edge" ? "msedge.exe" : "chrome.exe",
                ),
            ),
        ),
};

/** Playwright says where its whole Chromium would be; the headless shell, which is all that is downloaded here, lies beside it. */
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

/** A browser may be there and not run: for want of a library, or as a stand-in that only says how to get the real one. */
async function runs(browser) {
    try {
        accessSync(browser, constants.X_OK);
    } catch {
        return false;
    }
    if (WINDOWS) return true; // there `--version` opens a window
    return new Promise((resolve) => {
        execFile(browser, ["--version"], { timeout: 15_000 }, (error, stdout) => {
            resolve(!error && /\d+\.\d+/.test(stdout));
        });
    });
}
