/**
 * A process learns whether a journal belongs to its own run by asking the processes that wrote the journal.
 *
 * Each writer listens on its own local socket. It asks the engine before each answer, and answers only while its connection
 * to the engine is open. Engines with the same address never exist at the same time. So if two processes are connected to an
 * engine at the same address at the same time, it is the same engine.
 *
 * An address identifies an engine only within one network, and containers may share a folder without sharing a network. So
 * on Linux the network's name belongs to the address (`networkName`). On other systems, a local socket does not leave its
 * container.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readlinkSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { timeouts } from "../process/timeouts";

/** Bytes. macOS has the shortest limit of all systems: 104, with the zero at the end. */
const LONGEST_PATH = 103;

const YES = "yes";

/**
 * Starts the server that answers other processes, and returns its path.
 *
 * @param folder must be writable only by this user
 * @param assertRunLives resolves if the run of this process is alive after the call, and rejects otherwise
 */
export async function startWitness(
    folder: string,
    assertRunLives: () => Promise<void>,
): Promise<{ server: Server; path: string }> {
    const path = socketPath(folder);
    const server = createServer((socket) => {
        socket.unref().on("error", () => {}); // the process that asked has ended
        assertRunLives().then(
            () => socket.end(YES),
            () => socket.destroy(),
        );
    });
    server.listen(path).unref();
    await once(server, "listening");
    return { server, path };
}

function socketPath(folder: string): string {
    const name = randomUUID().slice(0, 13);
    if (process.platform === "win32") return `\\\\.\\pipe\\root-credentials-${name}`;
    const path = join(folder, name);
    // In `/tmp` too, no other user can replace the socket.
    return Buffer.byteLength(path) > LONGEST_PATH ? `/tmp/root-credentials-${name}` : path;
}

/** A process did not answer, so it is unknown whether it belongs to the run. */
export class NoAnswer extends Error {
    override readonly name = "NoAnswer";
}

/**
 * Resolves if the run of the process that listens there is alive. Rejects with `NoAnswer` if the process does not answer in
 * time, and with another error if the process or its run has ended.
 */
export function confirm(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
        let answer = "";
        const socket = connect(path);
        socket.setEncoding("utf8").setTimeout(timeouts.witnessTimeout, () => {
            const seconds = timeouts.witnessTimeout / 1000;
            socket.destroy(
                new NoAnswer(`a process that may belong to this run did not answer for ${seconds} seconds`),
            );
        });
        socket.on("data", (part: string) => (answer += part));
        socket.on("error", (error: NodeJS.ErrnoException) =>
            reject(HAS_ENDED.has(error.code ?? "") ? error : new NoAnswer(error.message, { cause: error })),
        );
        socket.on("close", () => (answer === YES ? resolve() : reject(new Error("its run has ended"))));
    });
}

/** Codes of the system if the process has ended, or ends before it answers. */
const HAS_ENDED = new Set(["ECONNREFUSED", "ENOENT", "ECONNRESET", "EPIPE"]);

/** On Linux, a name that no other present network has; empty on other systems. */
export function networkName(): string {
    return process.platform === "linux" ? readlinkSync("/proc/self/ns/net") : "";
}
