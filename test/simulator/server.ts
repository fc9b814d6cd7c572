import {
    type IncomingHttpHeaders,
    type IncomingMessage,
    type Server,
    type ServerResponse,
    createServer,
} from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Exchange, complete, logEntry, receive, silenceOf } from "./exchange";
import { PROTOCOLS } from "./protocol";
import type { RequestLog } from "./request-log";
import type { Organization } from "./state/organization";
import type { Throttle } from "./throttling";

interface Parts {
    readonly organization: Organization;
    readonly throttle: Throttle;
    readonly requests: RequestLog;
}

/** What goes back to the caller; or the connection breaks, or stays open in silence. */
export type Reply =
    | { readonly status: number; readonly headers: Record<string, string>; readonly body: string }
    | "breaks"
    | "hangs";

/** Answers one request, wherever it came from. */
export type Answering = (headers: IncomingHttpHeaders, body: string) => Promise<Reply>;

/** Answers for all three services. */
export function answeringRequests(parts: Parts): Answering {
    const { organization, requests } = parts;
    let received = 0;
    return async (headers, body) => {
        const exchange = receive(parts, headers, body, requestIdOf(++received));
        const milliseconds = organization.latency.of(exchange.asked?.action ?? "");
        if (milliseconds > 0) await sleep(milliseconds);
        complete(exchange);
        const entry = logEntry(exchange, organization.clock.now());
        requests.add(entry);
        organization.onlooker?.leaves?.(entry, exchange);
        return replyOf(exchange);
    };
}

/** The same behind a port. */
export function createSimulatorServer(answer: Answering): Server {
    return createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
        textOf(request)
            .then((body) => answer(request.headers, body))
            .then((reply) => send(reply, response))
            .catch(() => response.destroy()); // the caller hung up before its request was complete
    });
}

function send(reply: Reply, response: ServerResponse): void {
    // A hanging connection ends when the caller gives up, or with the simulator.
    if (reply === "hangs") return;
    if (reply === "breaks") {
        response.socket?.resetAndDestroy();
        return;
    }
    response.writeHead(reply.status, reply.headers);
    response.end(reply.body);
}

function replyOf(exchange: Exchange): Reply {
    const silence = silenceOf(exchange);
    if (silence) return silence;
    const body = bodyOf(exchange);
    return {
        status: exchange.refusal?.status ?? 200,
        headers: {
            "content-type": PROTOCOLS[exchange.asked?.service ?? "sts"].contentType,
            "content-length": String(Buffer.byteLength(body)),
            "x-amzn-requestid": exchange.requestId,
        },
        body,
    };
}

function bodyOf({ asked, admitted, answer, refusal, requestId }: Exchange): string {
    const protocol = PROTOCOLS[asked?.service ?? "sts"];
    if (refusal) return protocol.refusal(refusal, requestId);
    const proper = answer ? protocol.answer(asked?.action ?? "", answer, requestId) : "";
    return admitted?.fault?.kind === "garbled" ? admitted.fault.garble(proper) : proper;
}

function requestIdOf(count: number): string {
    return `00000000-0000-4000-8000-${String(count).padStart(12, "0")}`;
}

function textOf(request: IncomingMessage): Promise<string> {
    return new Promise((resolve, reject) => {
        let text = "";
        request.setEncoding("utf8");
        request.on("data", (chunk: string) => (text += chunk));
        request.on("end", () => resolve(text));
        request.on("error", reject);
    });
}
