/**
 * This project in a folder of its own, for running the Pulumi CLI: the CLI writes beside `Pulumi.yaml` and into its
 * home, and runs side by side must not meet. Used by the engine's tests and by the demo.
 */
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { devNull, homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

export const PROJECT_ROOT = resolve(__dirname, "../..");

/** Where npm puts commands, `pulumi` and Node 24 among them. */
export const BIN = join(PROJECT_ROOT, "node_modules/.bin");

/** Lays the project out in an empty folder. Commands are run in its folder `project`. */
export function layOutProject(folder: string): string {
    const project = join(folder, "project");
    for (const directory of ["project", "home", "state", "tmp"]) mkdirSync(join(folder, directory));
    for (const file of ["Pulumi.yaml", "package.json"]) cpSync(join(PROJECT_ROOT, file), join(project, file));
    for (const directory of ["node_modules", "dist", "scripts"])
        link(join(PROJECT_ROOT, directory), join(project, directory));
    const home = process.env.PULUMI_HOME || join(homedir(), ".pulumi");
    link(join(home, "versions"), join(folder, "home/versions"));
    return project;
}

/** What points the CLI at such a folder, and lets it leave everything there. */
export function projectEnvironment(folder: string) {
    return {
        PULUMI_BACKEND_URL: pathToFileURL(join(folder, "state")).href,
        // A home of its own: in the user's, the CLI would leave a file for every project folder it has seen.
        PULUMI_HOME: join(folder, "home"),
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // Pulumi's own language host would ask for the AWS plugin, which nothing here uses.
        PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL: "true",
        // Each command starts three processes that load the same modules.
        NODE_COMPILE_CACHE: join(PROJECT_ROOT, "node_modules/.cache/node-compile"),
        ...Object.fromEntries(["TMPDIR", "TMP", "TEMP"].map((name) => [name, join(folder, "tmp")])),
    };
}

/** This process's environment without anything that would reach a real account or another stack. */
export function bareEnvironment(): NodeJS.ProcessEnv {
    const kept = Object.entries(process.env).filter(
        ([name]) => !/^(AWS|PULUMI|ROOT_CREDENTIALS)_/i.test(name),
    );
    return {
        ...Object.fromEntries(kept),
        AWS_CONFIG_FILE: devNull,
        AWS_SHARED_CREDENTIALS_FILE: devNull,
        PATH: `${BIN}${delimiter}${process.env.PATH ?? ""}`,
    };
}

function link(target: string, path: string): void {
    symlinkSync(target, path, "junction"); // the kind that Windows lets everybody make; elsewhere it means nothing
}
