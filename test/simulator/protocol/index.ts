import type { Service } from "../action-names";
import type { AwsError } from "../aws-error";
import type { Answer } from "../call";
import { jsonProtocol } from "./json";
import { queryProtocol } from "./query";
import { restXmlProtocol } from "./rest-xml";
import { sqsProtocol } from "./sqs";

/** How a service writes what it answers. */
export interface Protocol {
    readonly contentType: string;
    answer(action: string, answer: Answer, requestId: string): string;
    refusal(error: AwsError, requestId: string): string;
    /** The headers of its own; the others have the request id as `x-amzn-requestid`. */
    headersOf?(requestId: string, refusal: AwsError | undefined): Record<string, string>;
    /** The status of a success, where it is not always 200. */
    statusOf?(action: string): number;
}

export const PROTOCOLS: Record<Service, Protocol> = {
    sts: queryProtocol("https://sts.amazonaws.com/doc/2011-06-15/"),
    iam: queryProtocol("https://iam.amazonaws.com/doc/2010-05-08/"),
    organizations: jsonProtocol,
    s3: restXmlProtocol,
    sqs: sqsProtocol,
};
