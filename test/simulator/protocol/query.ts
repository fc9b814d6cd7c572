import type { AwsError } from "../aws-error";
import type { Answer, Parameters } from "../call";
import type { Protocol } from "./index";
import { escaped, toXml } from "./xml";

/** AWS Query: a form goes in, XML comes out. STS and IAM speak it. */
export function queryProtocol(namespace: string): Protocol {
    return {
        contentType: "text/xml",
        answer: (action, answer, requestId) => answerBody(namespace, action, answer, requestId),
        refusal: (error, requestId) => refusalBody(namespace, error, requestId),
    };
}

export function formParameters(body: string): Parameters {
    return new Map(new URLSearchParams(body));
}

function answerBody(namespace: string, action: string, answer: Answer, requestId: string): string {
    const content = toXml(answer);
    const result = content === "" ? "" : `<${action}Result>${content}</${action}Result>`;
    return (
        `<${action}Response xmlns="${namespace}">${result}` +
        `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`
    );
}

function refusalBody(namespace: string, { status, code, message }: AwsError, requestId: string): string {
    const fault = status < 500 ? "Sender" : "Receiver";
    return (
        `<ErrorResponse xmlns="${namespace}"><Error><Type>${fault}</Type><Code>${code}</Code>` +
        `<Message>${escaped(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`
    );
}
