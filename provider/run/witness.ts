/**
 * How a process learns whether a journal belongs to its own run: it asks the processes that wrote the journal.
 *
 * Each of them listens on a local socket of its own and answers while its connection to the engine stands. It asks the
 * engine before each answer. Engines with the same address exist one after the other and never at once. So two processes
 * that are connected to an engine at the same address at the same time are connected to the same engine.
 *
 * An address identifies an engine only within one network. Containers may share a folder and not a network. So on Linux the
 * network's name belongs to the address (`networkName`). Elsewhere a local socket does not leave its container.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readlinkSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { timeouts } from "../process/timeouts";

/** The shortest limit among the systems, in bytes, with the zero at its end: 104 on macOS. */
const LONGEST_PATH = 103;

const YES = "yes";

/**
 * Answers from now on, at the path that the answering server has.
 *
 * @param folder one that only this user may write
 * @param assertRunLives resolves if the run of this process is alive after the call, and rejects otherwise
 */
export async function startWitness(
    folder: string,
    assertRunLives: () => Promise<void>,
): Promise<{ server: Server; path: string }> {
    const path = socketPath(folder);
    const server = createServer((socket) => {
        socket.unref().on("error", () => {}); // the process that asked is gone
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
    // In `/tmp` too, no other user can put another socket in its place.
    return Buffer.byteLength(path) > LONGEST_PATH ? `/tmp/root-credentials-${name}` : path;
}

/** A process may be there and gave no answer, so it may belong to the run or not. */
export class NoAnswer extends Error {
    override readonly name = "NoAnswer";
}

/**
 * Resolves if the run of the process that listens there is alive. Rejects with `NoAnswer` if the question was taken and not
 * answered in time; with another error if the process, or its run, has ended.
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

/** What the system answers if the process has ended, or ends before it has answered. */
const HAS_ENDED = new Set(["ECONNREFUSED", "ENOENT", "ECONNRESET", "EPIPE"]);

/** On Linux, what tells this process's network from all others that are there now; elsewhere empty. */
export function networkName(): string {
    return process.platform === "linux" ? readlinkSync("/proc/self/ns/net") : "";
}
