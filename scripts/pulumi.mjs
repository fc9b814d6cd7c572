// `npm run preview` and `npm run up`: Pulumi with the settings that suit many accounts (docs/scale.md). What is set already stays;
// what follows `--` goes to Pulumi.
import { spawn } from "node:child_process";
import os from "node:os";
import path from "node:path";
import { getPulumiCli } from "./pulumi-cli/get.mjs";
import { run, runAsProgram, SetupError } from "./pulumi-cli/processes.mjs";
import { settings } from "./pulumi-settings.mjs";

const COMMANDS = { preview: ["preview", "--diff"], up: ["up"] };

await runAsProgram(async () => {
    const [name, ...args] = process.argv.slice(2);
    const command = COMMANDS[name];
    if (!command) throw new SetupError(`expected one of ${Object.keys(COMMANDS).join(", ")}, got "${name}"`);
    const pulumi = await getPulumiCli();
    const machine = { totalMemory: os.totalmem(), backend: await backend(pulumi) };
    const env = {
        ...process.env,
        ...settings(process.env, machine),
        // What lies beside the CLI belongs to it: the language host.
        PATH: `${path.dirname(pulumi)}${path.delimiter}${process.env.PATH ?? ""}`,
    };
    process.exitCode = await finished(spawn(pulumi, [...command, ...args], { stdio: "inherit", env }));
});

/** The URL of the backend that Pulumi is logged in to; undefined where it is to none, which it says better itself. */
async function backend(pulumi) {
    const { ok, output } = await run(pulumi, ["whoami", "--json", "--non-interactive"]);
    return ok ? JSON.parse(output).url : undefined;
}

function finished(child) {
    // At a terminal, Ctrl-C reaches Pulumi by itself, and a second one would mean "at once".
    process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
    process.on("SIGTERM", () => child.kill("SIGTERM"));
    return new Promise((resolve, reject) => {
        child.on("error", reject).on("close", (code) => resolve(code ?? 1));
    });
}
