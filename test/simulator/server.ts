import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
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

/** One HTTP server that answers for all three services. */
export function createSimulatorServer(parts: Parts): Server {
    let received = 0;
    return createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
        answerRequest(parts, requestIdOf(++received), request, response).catch(() => {
            response.destroy(); // the caller hung up before its request was complete
        });
    });
}

async function answerRequest(
    parts: Parts,
    requestId: string,
    request: IncomingMessage,
    response: ServerResponse,
): Promise<void> {
    const { organization, requests } = parts;
    const exchange = receive(parts, request.headers, await textOf(request), requestId);
    const milliseconds = organization.latency.of(exchange.asked?.action ?? "");
    if (milliseconds > 0) await sleep(milliseconds);
    complete(exchange);
    requests.add(logEntry(exchange, organization.clock.now()));
    send(exchange, response);
}

function send(exchange: Exchange, response: ServerResponse): void {
    const silence = silenceOf(exchange);
    // A hanging connection ends when the caller gives up, or with the simulator.
    if (silence === "hangs") return;
    if (silence === "breaks") {
        response.socket?.resetAndDestroy();
        return;
    }
    const body = bodyOf(exchange);
    response.writeHead(exchange.refusal?.status ?? 200, {
        "content-type": PROTOCOLS[exchange.asked?.service ?? "sts"].contentType,
        "content-length": Buffer.byteLength(body),
        "x-amzn-requestid": exchange.requestId,
    });
    response.end(body);
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
