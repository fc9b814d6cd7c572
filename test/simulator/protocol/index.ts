import type { Service } from "../action-names";
import type { AwsError } from "../aws-error";
import type { Answer } from "../call";
import { jsonProtocol } from "./json";
import { queryProtocol } from "./query";

/** How a service writes what it answers. */
export interface Protocol {
    readonly contentType: string;
    answer(action: string, answer: Answer, requestId: string): string;
    refusal(error: AwsError, requestId: string): string;
}

export const PROTOCOLS: Record<Service, Protocol> = {
    sts: queryProtocol("https://sts.amazonaws.com/doc/2011-06-15/"),
    iam: queryProtocol("https://iam.amazonaws.com/doc/2010-05-08/"),
    organizations: jsonProtocol,
};
