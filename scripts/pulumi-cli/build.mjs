import { readFileSync } from "node:fs";
import { chmod, copyFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./processes.mjs";
import { reportProgress, say } from "./progress.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

const GO_MOD = readFileSync(path.join(HERE, "go.mod"), "utf8");

/** The oldest Go that builds the CLI, from `go.mod`. */
export const GO_VERSION = /^go ([\d.]+)$/m.exec(GO_MOD)[1];

/**
 * Builds the CLI from its Go module into `staging`/bin, with our language host beside it. Returns the reason if that fails.
 * Go caches compiled packages, so the next build continues an interrupted one.
 */
export async function buildFromSource(staging, version) {
    const obstacle = await obstacleToBuild(version);
    if (obstacle) return obstacle;

    const bin = path.join(staging, "bin");
    const work = path.join(staging, "work");
    await mkdir(bin, { recursive: true });
    await mkdir(work);
    const go = (args, onLine) =>
        run("go", args, {
            cwd: HERE,
            onLine,
            // No cgo, because a C compiler without its headers would break the build. `staging` is deleted with GOTMPDIR.
            env: { CGO_ENABLED: "0", GOWORK: "off", GOTMPDIR: work },
        });

    let packages = 0;
    const fetched = await reportProgress("Fetching the Go modules of the Pulumi CLI", (tell) => {
        let modules = 0;
        return go(["list", "-mod=readonly", "-deps", CLI], (line) => {
            if (line.startsWith("go: ")) tell(`${++modules} fetched`);
            else packages++;
        });
    });
    if (!fetched.ok) return `Go could not fetch the modules of the CLI:\n${indent(fetched.output)}`;

    say(
        "Set-up builds the Pulumi CLI from source now. This happens once and takes about 6 minutes on two processors.",
    );
    const built = await reportProgress(`Building the Pulumi CLI ${version}`, (tell) => {
        let compiled = 0;
        return go(
            [
                "build",
                "-v", // prints each package that is not in the cache yet
                "-trimpath",
                "-mod=readonly",
                `-ldflags=-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`,
                "-o",
                path.join(bin, "pulumi"),
                CLI,
            ],
            (line) =>
                tell(line === CLI ? "linking" : `compiled ${++compiled} of at most ${packages} packages`),
        );
    });
    if (!built.ok) return `Go could not build the CLI:\n${indent(built.output)}`;

    await copyFile(path.join(HERE, "pulumi-language-nodejs"), path.join(bin, "pulumi-language-nodejs"));
    await chmod(path.join(bin, "pulumi-language-nodejs"), 0o755);
    return undefined;
}

async function obstacleToBuild(version) {
    if (process.platform === "win32") return "set-up does not build the CLI on Windows";
    if (!GO_MOD.includes(`github.com/pulumi/pulumi/pkg/v3 v${version}\n`)) {
        return `scripts/pulumi-cli/go.mod has another version than the npm package \`pulumi\` (${version})`;
    }
    // Inside a module, an old Go would fail with an error about the module's go.mod.
    const go = await run("go", ["env", "GOVERSION", "GOTOOLCHAIN"], { cwd: path.parse(HERE).root });
    if (go.missing)
        return `building the CLI needs Go ${GO_VERSION} or newer, and there is no \`go\` on the PATH`;
    if (!go.ok) return `\`go env\` failed:\n${indent(go.output)}`;

    const [goVersion, toolchain] = go.output.split("\n");
    const fetchesNewerGo = isAtLeast("1.21", goVersion) && toolchain !== "local";
    if (isAtLeast(GO_VERSION, goVersion) || fetchesNewerGo) return undefined;
    return `building the CLI needs Go ${GO_VERSION} or newer, and \`go\` on the PATH is ${goVersion}`;
}

/** Compares "1.25.11" with Go's own version, such as "go1.26.8" or "go1.27rc1". */
function isAtLeast(wanted, goVersion) {
    const numbers = (text) => text.match(/\d+/g).map(Number);
    const [want, have] = [numbers(wanted), numbers(goVersion)];
    const differing = want.findIndex((number, i) => number !== (have[i] ?? 0));
    return differing === -1 || (have[differing] ?? 0) > want[differing];
}

function indent(text) {
    return text.split("\n").slice(-15).join("\n").replace(/^/gm, "      ");
}
