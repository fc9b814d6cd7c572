/**
 * The Pulumi engine of this run. Pulumi gives its address to the program through the runtime, and to the provider's
 * process as the last argument.
 */
import { once } from "node:events";
import { connect, constants, type ClientHttp2Session, type IncomingHttpHeaders } from "node:http2";
import * as pulumi from "@pulumi/pulumi";
import { GetRootResourceResponse } from "@pulumi/pulumi/proto/engine_pb";

/** True in a process that Pulumi started to serve dynamic resources. */
export function isProviderProcess(): boolean {
    return /\bdynamic-provider\b/.test(process.argv[1] ?? "");
}

/** Milliseconds. It is long, because a busy machine answers late. */
const ANSWER_TIMEOUT = 60_000;

/** gRPC puts five bytes before a message: a flag and the length. An empty message has no bytes after them. */
const GRPC_PREFIX = 5;

/** Each process of a run has one such object. */
export class Engine {
    #connection: Promise<EngineConnection> | undefined;

    /** @param address host and port; empty if Pulumi does not tell them */
    constructor(readonly address: string) {}

    /** Opened at the first call, and kept while the engine lives. Rejects if the engine is not there. */
    connection(): Promise<EngineConnection> {
        return (this.#connection ??= EngineConnection.open(this.address));
    }
}

const engineOfProvider = new Engine(hostAndPort(process.argv.at(-1) ?? ""));
const enginesOfPrograms = new WeakMap<object, Engine>();

/**
 * The engine of the current run; undefined outside of a run. Several runs may share a process (Automation API). Pulumi
 * gives each of them its own client, even if two engines have the same address, one after the other.
 */
export function engineOfRun(): Engine | undefined {
    if (isProviderProcess()) return engineOfProvider;
    const client = pulumi.runtime.getEngine() as { getChannel(): { getTarget(): string } } | undefined;
    if (client === undefined) return undefined;
    const known = enginesOfPrograms.get(client) ?? new Engine(hostAndPort(client.getChannel().getTarget()));
    enginesOfPrograms.set(client, known);
    return known;
}

/**
 * One connection to the engine. It is never reopened. While it is open, the engine that accepted it lives, because no other
 * engine can have its address. It closes when the engine ends, also by a signal.
 */
export class EngineConnection {
    readonly #session: ClientHttp2Session;
    readonly #address: string;
    /** Settles when the engine has ended. */
    readonly ended: Promise<void>;

    private constructor(session: ClientHttp2Session, address: string) {
        this.#session = session;
        this.#address = address;
        this.ended = new Promise((resolve) => session.on("close", resolve));
        // An error closes the session as well.
        session.on("error", () => {});
    }

    static async open(address: string): Promise<EngineConnection> {
        if (address === "") throw new Error("Pulumi did not tell this process the engine's address");
        const session = connect(`http://${address}`);
        const connection = new EngineConnection(session, address);
        try {
            await once(session, "connect");
        } catch (error) {
            throw new Error(
                `Pulumi's engine at ${address} did not accept a connection: ${(error as Error).message}`,
                {
                    cause: error,
                },
            );
        }
        session.unref(); // an open connection must not keep this process alive
        return connection;
    }

    get isOpen(): boolean {
        return !this.#session.closed && !this.#session.destroyed;
    }

    /** Resolves if the engine that accepted this connection is alive after the call. Rejects if it has ended or is silent. */
    async assertAlive(): Promise<void> {
        await this.#getRootResource();
    }

    /**
     * The URN of the stack's root resource, or an empty text. Every program registers one before its own code starts;
     * `pulumi destroy` without `--run-program` registers none. Rejects if the engine does not answer.
     */
    async rootResource(): Promise<string> {
        const { status, message } = await this.#getRootResource();
        if (status !== "0") throw this.#noAnswer(`gRPC status ${status}`);
        return GetRootResourceResponse.deserializeBinary(message).getUrn();
    }

    #getRootResource(): Promise<{ status: string; message: Buffer }> {
        const { HTTP2_METHOD_POST, NGHTTP2_CANCEL } = constants;
        return new Promise((resolve, reject) => {
            if (!this.isOpen) return reject(this.#noAnswer("it has ended"));
            const call = this.#session.request({
                ":method": HTTP2_METHOD_POST,
                ":path": "/pulumirpc.Engine/GetRootResource",
                "content-type": "application/grpc",
                te: "trailers",
            });
            let status: unknown;
            const parts: Buffer[] = [];
            call.on("response", (headers: IncomingHttpHeaders) => (status = headers["grpc-status"]));
            call.on("trailers", (trailers: IncomingHttpHeaders) => (status ??= trailers["grpc-status"]));
            call.on("data", (part: Buffer) => parts.push(part));
            let because = "the connection was closed";
            call.setTimeout(ANSWER_TIMEOUT, () => {
                because = `it was silent for ${ANSWER_TIMEOUT / 1000} seconds`;
                call.close(NGHTTP2_CANCEL);
            });
            call.on("error", (error: Error) => reject(this.#noAnswer(error.message)));
            call.on("close", () => {
                if (typeof status !== "string") return reject(this.#noAnswer(because));
                resolve({ status, message: Buffer.concat(parts).subarray(GRPC_PREFIX) });
            });
            call.end(Buffer.alloc(GRPC_PREFIX));
        });
    }

    #noAnswer(because: string): Error {
        return new Error(`Pulumi's engine at ${this.#address} did not answer: ${because}`);
    }
}

function hostAndPort(address: string): string {
    return /(?:^|[/:])(127\.0\.0\.1:\d+)$/.exec(address)?.[1] ?? "";
}
