import type { Protocol } from "./index";
import { jsonProtocol } from "./json";

/** Errors that AWS's services share go by other names in JSON, and they are not SQS's own. */
const SHARED: Record<string, string> = {
    AccessDenied: "AccessDeniedException",
    ExpiredToken: "ExpiredTokenException",
    InvalidClientTokenId: "UnrecognizedClientException",
    MissingAuthenticationToken: "MissingAuthenticationTokenException",
    UnknownOperationException: "UnknownOperationException",
};

/** Errors of SQS's model that had another code in Query. */
const IN_QUERY: Record<string, string> = {
    QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
    UnsupportedOperation: "AWS.SimpleQueueService.UnsupportedOperation",
};

/** AWS JSON 1.0, by a service that spoke Query before: errors bring along the code that they had there. */
export const sqsProtocol: Protocol = {
    ...jsonProtocol,
    contentType: "application/x-amz-json-1.0",
    refusal: ({ code, message }) => JSON.stringify({ __type: typeOf(code), message }),
    headersOf: (requestId, refusal) => ({
        "x-amzn-requestid": requestId,
        ...(refusal && {
            "x-amzn-query-error": `${IN_QUERY[refusal.code] ?? refusal.code};${refusal.status < 500 ? "Sender" : "Receiver"}`,
        }),
    }),
};

function typeOf(code: string): string {
    const shared = SHARED[code];
    return shared === undefined ? `com.amazonaws.sqs#${code}` : `com.amazon.coral.service#${shared}`;
}
