import type { IncomingHttpHeaders } from "node:http";
import { type Admitted, admit, carryOut } from "./answering";
import { AwsError } from "./aws-error";
import type { Answer } from "./call";
import { PROTOCOLS } from "./protocol";
import { type AwsRequest, readRequest } from "./protocol/request";
import type { RequestLine } from "./protocol/s3-request";
import type { LoggedRequest } from "./request-log";
import type { Organization } from "./state/organization";
import type { Throttle } from "./throttling";

/** One request on its way to an answer: everything known about it so far. */
export interface Exchange {
    readonly requestId: string;
    asked?: AwsRequest;
    admitted?: Admitted;
    answer?: Answer;
    refusal?: AwsError;
    /** The body is not AWS's. Some faults leave an empty list as it is. */
    isGarbled?: boolean;
}

/** What happens on arrival: the request is understood, its signer known, and its rate charged. */
export function receive(
    { organization, throttle }: { organization: Organization; throttle: Throttle },
    headers: IncomingHttpHeaders,
    body: string,
    line: RequestLine,
    requestId: string,
): Exchange {
    const exchange: Exchange = { requestId };
    refusing(exchange, () => {
        exchange.asked = readRequest(headers, body, line);
        exchange.admitted = admit(organization, throttle, exchange.asked);
    });
    return exchange;
}

/** What happens when the time for it has come: the action is carried out, or refused. */
export function complete(exchange: Exchange): void {
    const { admitted } = exchange;
    if (!admitted || exchange.refusal) return;
    refusing(exchange, () => {
        const answer = carryOut(admitted);
        if (answer) exchange.answer = answer;
    });
}

/** Whether the caller is to get no answer at all. */
export function silenceOf({ admitted }: Exchange): "breaks" | "hangs" | undefined {
    return admitted?.fault?.kind === "silence" ? admitted.fault.connection : undefined;
}

/** The HTTP status of its answer. What is garbled comes as a success with a body. */
export function statusOf({ asked, admitted, refusal }: Exchange): number {
    if (refusal) return refusal.status;
    if (!asked || admitted?.fault?.kind === "garbled") return 200;
    return PROTOCOLS[asked.service].statusOf?.(asked.action) ?? 200;
}

export function logEntry(exchange: Exchange, time: Date): LoggedRequest {
    const { asked, admitted, answer, refusal, requestId } = exchange;
    return {
        time,
        requestId,
        service: asked?.service ?? "sts",
        action: asked?.action ?? "",
        region: asked?.signature?.region,
        accessKeyId: asked?.signature?.accessKeyId,
        callerAccountId: admitted?.call.principal.accountId,
        callerArn: admitted?.call.principal.arn,
        target: asked && targetOf(asked),
        taskPolicyArn: asked?.parameters.get("TaskPolicyArn.arn"),
        issuedAccessKeyId: answer && issuedKey(answer),
        status: silenceOf(exchange) ? undefined : statusOf(exchange),
        errorCode: refusal?.code,
    };
}

function refusing(exchange: Exchange, step: () => void): void {
    try {
        step();
    } catch (error) {
        exchange.refusal =
            error instanceof AwsError ? error : new AwsError("InternalFailure", String(error), 500);
    }
}

/** The parameters that name what a call is about; the first that it has. */
const TARGETS = [
    "TargetPrincipal",
    "AccessKeyId",
    "CertificateId",
    "SerialNumber",
    "AccountId",
    "ParentId",
    "ChildId",
    "ResourceId",
    "TargetId",
    "PolicyId",
    "Bucket",
    "QueueUrl",
    "QueueName",
];

/** Of a queue's URL, the queue's name. */
function targetOf({ parameters }: AwsRequest): string | undefined {
    const name = TARGETS.find((candidate) => parameters.has(candidate));
    const target = name && parameters.get(name);
    return name === "QueueUrl" ? target?.slice(target.lastIndexOf("/") + 1) : target;
}

function issuedKey({ Credentials: credentials }: Answer): string | undefined {
    if (typeof credentials !== "object" || !("AccessKeyId" in credentials)) return undefined;
    return typeof credentials.AccessKeyId === "string" ? credentials.AccessKeyId : undefined;
}
