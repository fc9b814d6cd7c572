import {
    type IncomingHttpHeaders,
    type IncomingMessage,
    type Server,
    type ServerResponse,
    createServer,
} from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Exchange, complete, logEntry, receive, silenceOf, statusOf } from "./exchange";
import { PROTOCOLS, type Protocol } from "./protocol";
import type { RequestLine } from "./protocol/s3-request";
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
    | {
          readonly status: number;
          readonly headers: Record<string, string>;
          readonly body: string;
          /** Milliseconds before each byte of the body. */
          readonly pause?: number;
      }
    | "breaks"
    | "hangs";

/** Answers one request, wherever it came from. Only S3 asks with a method and a path; the others `POST /`. */
export type Answering = (headers: IncomingHttpHeaders, body: string, line?: RequestLine) => Promise<Reply>;

const POST: RequestLine = { method: "POST", path: "/" };

/** Answers for all five services. */
export function answeringRequests(parts: Parts): Answering {
    const { organization, requests } = parts;
    let received = 0;
    return async (headers, body, line = POST) => {
        const exchange = receive(parts, headers, body, line, requestIdOf(++received));
        const milliseconds = organization.latency.of(exchange.asked?.action ?? "");
        if (milliseconds > 0) await sleep(milliseconds);
        complete(exchange);
        const entry = logEntry(exchange, organization.clock.now());
        requests.add(entry);
        const reply = replyOf(exchange, line);
        organization.onlooker?.leaves?.(entry, exchange);
        return reply;
    };
}

/** The same behind a port. */
export function createSimulatorServer(answer: Answering): Server {
    return createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
        textOf(request)
            .then((body) => answer(request.headers, body, lineOf(request)))
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
    if (reply.pause === undefined) response.end(reply.body);
    else trickle(reply.body, reply.pause, response);
}

/** Until the caller hangs up. */
function trickle(body: string, pause: number, response: ServerResponse): void {
    const bytes = Buffer.from(body);
    let sent = 0;
    response.flushHeaders();
    const timer = setInterval(() => {
        response.write(bytes.subarray(sent, ++sent));
        if (sent === bytes.length) response.end();
    }, pause);
    response.on("close", () => clearInterval(timer));
}

function replyOf(exchange: Exchange, { method }: RequestLine): Reply {
    const silence = silenceOf(exchange);
    if (silence) return silence;
    const protocol = protocolOf(exchange);
    const status = statusOf(exchange);
    const body = method === "HEAD" ? "" : bodyOf(exchange);
    const { requestId, refusal, admitted } = exchange;
    return {
        ...(admitted?.fault?.kind === "trickle" && { pause: admitted.fault.milliseconds }),
        status,
        headers: {
            "content-type": protocol.contentType,
            ...(status !== 204 && { "content-length": String(Buffer.byteLength(body)) }),
            ...(protocol.headersOf?.(requestId, refusal) ?? { "x-amzn-requestid": requestId }),
        },
        body,
    };
}

function bodyOf(exchange: Exchange): string {
    const { asked, admitted, answer, refusal, requestId } = exchange;
    const protocol = protocolOf(exchange);
    if (refusal) return protocol.refusal(refusal, requestId);
    const proper = answer ? protocol.answer(asked?.action ?? "", answer, requestId) : "";
    if (admitted?.fault?.kind !== "garbled") return proper;
    const body = admitted.fault.garble(proper, admitted.call);
    exchange.isGarbled = body !== proper;
    return body;
}

function protocolOf({ asked }: Exchange): Protocol {
    return PROTOCOLS[asked?.service ?? "sts"];
}

function lineOf({ method = "GET", url = "/" }: IncomingMessage): RequestLine {
    return { method, path: url };
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
