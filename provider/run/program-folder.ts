import { existsSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { engineOfRun, isProviderProcess } from "./engine";

/**
 * The folder of Pulumi.yaml. If the project has `main`, program and provider run in a folder below it, and Pulumi tells the
 * folder only to the program. Undefined in an inline program of the Automation API, whose provider may run in another
 * folder.
 */
export function programFolder(): string | undefined {
    if (engineOfRun() === undefined || isProviderProcess()) return folderOfPulumiYaml(process.cwd());
    const folder = pulumi.getRootDirectory();
    return isAbsolute(folder) ? folder : undefined;
}

function folderOfPulumiYaml(start: string): string {
    for (let folder = start; ; folder = dirname(folder)) {
        if (["yaml", "yml", "json"].some((ending) => existsSync(join(folder, `Pulumi.${ending}`))))
            return folder;
        if (dirname(folder) === folder) return start;
    }
}
