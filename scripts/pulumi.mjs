// `npm run preview` and `npm run up`: Pulumi with the settings for many accounts (docs/scale.md). Variables that are set
// already stay. Pulumi gets the arguments after `--`.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { getPulumiCli } from "./pulumi-cli/get.mjs";
import { run, runAsProgram, SetupError } from "./pulumi-cli/processes.mjs";
import { settings } from "./pulumi-settings.mjs";

/** Signals within this time count as one. */
const SAME_SIGNAL_MILLISECONDS = 2_000;

const COMMANDS = ["preview", "up"];

await runAsProgram(async () => {
    const [command, ...args] = process.argv.slice(2);
    if (!COMMANDS.includes(command))
        throw new SetupError(`expected one of ${COMMANDS.join(", ")}, got "${command}"`);
    const pulumi = await getPulumiCli();
    const machine = {
        totalMemory: Math.min(os.totalmem(), process.constrainedMemory?.() || Infinity),
        backend: await backend(pulumi),
        unlocks: anyStackUnlocks(),
    };
    const env = {
        ...process.env,
        ...settings(process.env, machine),
        // The CLI finds its language host, which lies beside it, on the PATH.
        PATH: `${path.dirname(pulumi)}${path.delimiter}${process.env.PATH ?? ""}`,
    };
    process.exitCode = await finished(pulumi, [command, ...args], env);
});

/** The URL of the backend. Undefined if Pulumi is not logged in, which Pulumi itself reports. */
async function backend(pulumi) {
    const { output } = await run(pulumi, ["whoami", "--json", "--non-interactive"]);
    return /"url": *"([^"]+)"/.exec(output)?.[1];
}

/** Whether any stack has the setting `unlock`, because only Pulumi knows which stack it will use. */
function anyStackUnlocks() {
    const files = readdirSync(".").filter((name) => /^Pulumi\..+\.ya?ml$/.test(name));
    return files.some((file) => /^\s*[\w-]+:unlock:/m.test(readFileSync(file, "utf8")));
}

/**
 * Passes signals on to Pulumi once, because Pulumi stops at once on a second signal. At a terminal Pulumi gets Ctrl-C
 * itself. Otherwise a signal may reach the whole process group, and npm passes it on too. So Pulumi gets its own group,
 * and signals at the same moment count as one.
 */
function finished(command, args, env) {
    const { isTTY } = process.stdin;
    const child = spawn(command, args, {
        stdio: "inherit",
        env,
        detached: !isTTY && process.platform !== "win32",
    });
    let passedOn = -Infinity;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
        process.on(signal, () => {
            if ((isTTY && signal === "SIGINT") || Date.now() - passedOn < SAME_SIGNAL_MILLISECONDS) return;
            passedOn = Date.now();
            child.kill(signal);
        });
    }
    return new Promise((resolve, reject) => {
        child.on("error", reject).on("close", (code) => resolve(code ?? 1));
    });
}
