// `npm run preview` and `npm run up`: Pulumi with the settings that suit many accounts (docs/scale.md). What is set already stays;
// what follows `--` goes to Pulumi.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { getPulumiCli } from "./pulumi-cli/get.mjs";
import { run, runAsProgram, SetupError } from "./pulumi-cli/processes.mjs";
import { settings } from "./pulumi-settings.mjs";

/** Signals that come within so many milliseconds are one. */
const TOGETHER = 2_000;

const COMMANDS = { preview: ["preview"], up: ["up"] };

await runAsProgram(async () => {
    const [name, ...args] = process.argv.slice(2);
    const command = COMMANDS[name];
    if (!command) throw new SetupError(`expected one of ${Object.keys(COMMANDS).join(", ")}, got "${name}"`);
    const pulumi = await getPulumiCli();
    const machine = {
        totalMemory: Math.min(os.totalmem(), process.constrainedMemory?.() || Infinity),
        backend: await backend(pulumi),
        unlocks: anyStackUnlocks(),
    };
    const env = {
        ...process.env,
        ...settings(process.env, machine),
        // What lies beside the CLI belongs to it: the language host.
        PATH: `${path.dirname(pulumi)}${path.delimiter}${process.env.PATH ?? ""}`,
    };
    process.exitCode = await finished(pulumi, [...command, ...args], env);
});

/** The URL of the backend that Pulumi is logged in to; undefined where it is to none, which it says better itself. */
async function backend(pulumi) {
    const { output } = await run(pulumi, ["whoami", "--json", "--non-interactive"]);
    return /"url": *"([^"]+)"/.exec(output)?.[1];
}

/** Whether the configuration of any stack here has the setting `unlock`; which stack is meant, Pulumi knows. */
function anyStackUnlocks() {
    const files = readdirSync(".").filter((name) => /^Pulumi\..+\.ya?ml$/.test(name));
    return files.some((file) => /^\s*[\w-]+:unlock:/m.test(readFileSync(file, "utf8")));
}

/**
 * To Pulumi, a second signal means "at once". At a terminal it gets Ctrl-C by itself. Elsewhere a signal may reach all processes of a
 * group, and npm passes it on too: so Pulumi gets a group of its own, and what comes together counts as one.
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
            if ((isTTY && signal === "SIGINT") || Date.now() - passedOn < TOGETHER) return;
            passedOn = Date.now();
            child.kill(signal);
        });
    }
    return new Promise((resolve, reject) => {
        child.on("error", reject).on("close", (code) => resolve(code ?? 1));
    });
}
