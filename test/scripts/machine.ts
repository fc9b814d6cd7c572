import { spawn, type ChildProcess } from "node:child_process";
import {
    chmodSync,
    copyFileSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";

export const ROOT = path.resolve(__dirname, "../../..");
export const OUR_LANGUAGE_HOST = path.join(ROOT, "scripts/pulumi-cli/pulumi-language-nodejs");

export const CLI_VERSION = (
    JSON.parse(readFileSync(path.join(ROOT, "node_modules/pulumi/package.json"), "utf8")) as {
        version: string;
    }
).version;
const WARM_BIN = path.join(
    process.env.PULUMI_HOME || path.join(homedir(), ".pulumi"),
    "versions",
    CLI_VERSION,
    "bin",
);

export const WARM_CLI = path.join(WARM_BIN, "pulumi");

/** A script's output and exit code. */
export interface Ending {
    code: number | null;
    stdout: string;
    stderr: string;
}

/**
 * An isolated environment for one test: an empty PULUMI_HOME, no internet, and a PATH that has only the commands of the
 * test.
 */
export class Machine {
    readonly directory = mkdtempSync(path.join(tmpdir(), "machine-"));
    readonly bin = path.join(this.directory, "home/versions", CLI_VERSION, "bin");
    readonly path = path.join(this.directory, "path");
    #internet: string | undefined;
    readonly #children = new Set<ChildProcess>();

    constructor() {
        mkdirSync(this.bin, { recursive: true });
        mkdirSync(this.path);
    }

    /** Copies the tests' own CLI into this machine's PULUMI_HOME, beside our language host. */
    installCli(): void {
        // A copy, because a test that breaks it must not break the CLI of all tests.
        copyFileSync(WARM_CLI, path.join(this.bin, "pulumi"));
        copyFileSync(path.join(WARM_BIN, DYNAMIC_PROVIDER), path.join(this.bin, DYNAMIC_PROVIDER));
        copyFileSync(OUR_LANGUAGE_HOST, path.join(this.bin, "pulumi-language-nodejs"));
    }

    /** Adds a shell script to the PATH. */
    installCommand(name: string, script: string): void {
        writeFileSync(path.join(this.path, name), `#!/bin/sh\nPATH="$PATH:/usr/bin:/bin"\n${script}\n`);
        chmodSync(path.join(this.path, name), 0o755);
    }

    /** A `go` of the given version. Its `go build` runs `build` with the destination in `$out`. */
    installGo({ version = "go1.99.0", toolchain = "local", build = BUILD_AT_ONCE } = {}): void {
        this.installCommand(
            "go",
            `case "$1" in
            env) echo ${version}; echo ${toolchain} ;;
            list) echo runtime; echo main ;;
            build)
                echo build >> "${this.directory}/go.log"
                while [ "$1" != -o ]; do shift; done
                out="$2"
                ${build} ;;
            esac`,
        );
    }

    /** Adds an internet whose only page is an official install script that fills `$root`. */
    connectToInternet(fill: string): void {
        const script = `#!/bin/sh\nPATH=/usr/bin:/bin\nroot="$3"\nmkdir -p "$root/bin"\n${fill}\n`;
        this.#internet = path.join(this.directory, "internet.cjs");
        writeFileSync(
            this.#internet,
            `globalThis.fetch = async () => new Response(${JSON.stringify(script)});`,
        );
    }

    start(command: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Running {
        const child = spawn(command, args, {
            cwd: options.cwd ?? this.directory,
            stdio: ["ignore", "pipe", "pipe"],
            env: {
                HOME: this.directory,
                PATH: this.path, // without the real PATH, which may have Go and npm
                PULUMI_HOME: path.join(this.directory, "home"),
                HTTPS_PROXY: "http://127.0.0.1:1", // no server listens there, so a download fails at once
                ...(this.#internet && { NODE_OPTIONS: `--require ${this.#internet}` }),
                ...options.env,
            },
        });
        this.#children.add(child);
        const ending = new Promise<Ending>((resolve, reject) => {
            let stdout = "";
            let stderr = "";
            child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
            child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
            child.on("error", reject);
            child.on("close", (code) => {
                this.#children.delete(child);
                resolve({ code, stdout, stderr });
            });
        });
        return { child, ending };
    }

    getPulumiCli(...args: string[]): Promise<Ending> {
        return this.start(process.execPath, [GET, ...args]).ending;
    }

    startGettingPulumiCli(...args: string[]): Running {
        return this.start(process.execPath, [GET, ...args]);
    }

    /** Ends the processes of this machine and removes its files. */
    scrap(): void {
        for (const child of this.#children) child.kill("SIGKILL");
        rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
    }
}

export interface Running {
    child: ChildProcess;
    ending: Promise<Ending>;
}

const GET = path.join(ROOT, "scripts/pulumi-cli/get.mjs");
const DYNAMIC_PROVIDER = "pulumi-resource-pulumi-nodejs";
const BUILD_AT_ONCE = `ln -s "${WARM_CLI}" "$out"`;

/** Waits until `holds` returns true. Otherwise fails with an error that names `what`. */
export async function eventually(what: string, holds: () => boolean, withinMs = 15_000): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!holds()) {
        if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

export function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
    } catch {
        return false;
    }
    const stat = `/proc/${pid}/stat`;
    return !existsSync(stat) || !/^\d+ \(.*\) Z/.test(readFileSync(stat, "utf8")); // Z: a zombie, which has ended
}
