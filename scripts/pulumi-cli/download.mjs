import { createRequire } from "node:module";
import { mkdir, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { run } from "./processes.mjs";
import { reportProgress } from "./progress.mjs";

/** Without a byte for this long, set-up assumes that the machine has no internet. */
const SILENCE_MS = 15_000;

/** Downloads the official CLI into `staging`/bin. Returns the reason if that fails. */
export async function downloadOfficial(staging, version) {
    const temporary = path.join(staging, "download");
    await mkdir(temporary);
    const silence = new AbortController();
    let known = 0;
    let lastGrowth = Date.now();

    const { ok, output } = await reportProgress(`Downloading the Pulumi CLI ${version}`, async (tell) => {
        const watch = setInterval(async () => {
            const bytes = await sizeOf(staging);
            if (bytes > known) lastGrowth = Date.now();
            known = Math.max(known, bytes);
            if (known) tell(`${Math.round(known / 1e6)} MB`);
            if (Date.now() - lastGrowth > SILENCE_MS) silence.abort();
        }, 500);
        try {
            return await run(process.execPath, ["--eval", INSTALL, installerOf("pulumi"), version, staging], {
                // An interrupted installer leaves its unpacked archive in TMPDIR or in the working directory.
                cwd: temporary,
                env: { TMPDIR: temporary, TEMP: temporary, TMP: temporary, NODE_USE_ENV_PROXY: "1" },
                giveUp: silence.signal,
            });
        } finally {
            clearInterval(watch);
        }
    });
    if (ok) return undefined;
    if (silence.signal.aborted) return `the official download sent nothing for ${SILENCE_MS / 1000} seconds`;
    return `the official download failed (${output.split("\n").pop()})`;
}

/** Installs the CLI as the first `npx pulumi` does. Prints the code of a network error instead of its stack. */
const INSTALL = `
    const [installer, version, root] = process.argv.slice(1);
    require(installer).installCLI(version, root).catch((error) => {
        console.error((error.cause && error.cause.code) || error.message);
        process.exit(1);
    });
`;

function installerOf(npmPackage) {
    return createRequire(import.meta.url).resolve(`${npmPackage}/lib/download`);
}

async function sizeOf(directory) {
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
    const sizes = entries.map((entry) => {
        const file = path.join(directory, entry.name);
        return entry.isDirectory()
            ? sizeOf(file)
            : stat(file).then(
                  ({ size }) => size,
                  () => 0,
              );
    });
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
