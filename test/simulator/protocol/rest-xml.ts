import type { AwsError } from "../aws-error";
import type { Answer } from "../call";
import type { Protocol } from "./index";
import { escaped, toXml } from "./xml";

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

/** REST with XML: the action is in the method and the path, errors and lists are XML. S3 speaks it. */
export const restXmlProtocol: Protocol = {
    contentType: "application/xml",
    answer: (action, answer) => answerBody(action, answer),
    refusal: (error, requestId) => refusalBody(error, requestId),
    headersOf: (requestId, refusal) => ({
        "x-amz-request-id": requestId,
        "x-amz-id-2": hostId(requestId),
        ...refusal?.headers,
    }),
    statusOf: (action) => (action === "PutBucketPolicy" || action === "DeleteBucketPolicy" ? 204 : 200),
};

/** A bucket's policy is answered as the text that it is. */
function answerBody(action: string, answer: Answer): string {
    if (action === "GetBucketPolicy") return typeof answer.Policy === "string" ? answer.Policy : "";
    if (action !== "ListBuckets") return "";
    const content = toXml(answer, "Bucket");
    return `${DECLARATION}<ListAllMyBucketsResult xmlns="${NAMESPACE}">${content}</ListAllMyBucketsResult>`;
}

function refusalBody({ code, message, members }: AwsError, requestId: string): string {
    return (
        `${DECLARATION}<Error><Code>${code}</Code><Message>${escaped(message)}</Message>${toXml(members)}` +
        `<RequestId>${requestId}</RequestId><HostId>${hostId(requestId)}</HostId></Error>`
    );
}

/** What S3 calls the extended request id. */
function hostId(requestId: string): string {
    return Buffer.from(`simulated host of ${requestId}`).toString("base64");
}
