/**
 * How a process learns whether a journal belongs to its own run: it asks the processes that wrote the journal.
 *
 * Each of them listens on a port of its own and answers while its connection to the engine stands. It asks the engine
 * before each answer. Engines with the same address exist one after the other and never at once, so two processes that are
 * connected to an engine at the same address at the same time are connected to the same engine.
 *
 * The answer is made with a secret from the journal, which only the user of the run may read. So no other program that happens to listen
 * on the port can give it, nor can a process in another network, whose ports are others.
 */
import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server } from "node:net";

/** Where a process of the run answers, and the secret with which it does. */
export interface Witness {
    port: number;
    secret: string;
}

/** Milliseconds. A process of the same run answers at once, unless the machine is very busy. */
const ANSWER_TIMEOUT = 30_000;

const HOST = "127.0.0.1";
/** In hexadecimal digits. */
const QUESTION_LENGTH = 64;

/**
 * Answers from now on.
 *
 * @param assertRunLives resolves if the run of this process is alive after the call, and rejects otherwise
 */
export async function startWitness(
    assertRunLives: () => Promise<void>,
): Promise<Witness & { server: Server }> {
    const secret = randomBytes(32).toString("hex");
    const server = createServer((socket) => {
        socket.unref().setEncoding("latin1").setTimeout(ANSWER_TIMEOUT, () => socket.destroy());
        socket.on("error", () => {}); // whoever asked is gone
        let question = "";
        socket.on("data", (part: string) => {
            question += part;
            if (question.length < QUESTION_LENGTH) return;
            socket.pause();
            assertRunLives().then(
                () => socket.end(answerTo(question, secret)),
                () => socket.destroy(),
            );
        });
    });
    server.listen(0, HOST).unref();
    await once(server, "listening");
    return { port: (server.address() as AddressInfo).port, secret, server };
}

/** A process took the question and gave no answer, so nobody knows whether it belongs to the run. */
export class NoAnswer extends Error {
    override readonly name = "NoAnswer";
}

/**
 * Resolves if the run that the witness belongs to is alive. Rejects with `NoAnswer` if the question was taken and not answered in time;
 * with another error if the process has ended, or if another program answers.
 */
export function confirm({ port, secret }: Witness): Promise<void> {
    const question = randomBytes(QUESTION_LENGTH / 2).toString("hex");
    const expected = answerTo(question, secret);
    return new Promise((resolve, reject) => {
        let answer = "";
        const socket = connect(port, HOST, () => socket.write(question));
        socket.setEncoding("latin1").setTimeout(ANSWER_TIMEOUT, () => {
            const seconds = ANSWER_TIMEOUT / 1000;
            socket.destroy(
                new NoAnswer(`a process that may belong to this run did not answer for ${seconds} seconds`),
            );
        });
        socket.on("data", (part: string) => {
            answer += part;
            if (answer.length > expected.length) socket.destroy();
        });
        socket.on("error", reject);
        socket.on("close", () => (answer === expected ? resolve() : reject(new Error("not of this run"))));
    });
}

function answerTo(question: string, secret: string): string {
    return createHmac("sha256", secret).update(question).digest("hex");
}
