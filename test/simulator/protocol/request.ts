import type { IncomingHttpHeaders } from "node:http";
import type { Service } from "../action-names";
import type { Parameters } from "../call";
import { header } from "./headers";
import { jsonParameters } from "./json";
import { formParameters } from "./query";
import { readS3Request, type RequestLine } from "./s3-request";

/** A request as far as its protocol tells: what is asked, of which service, and under whose key. */
export interface AwsRequest {
    readonly service: Service;
    readonly action: string;
    /** The API version a Query request names. */
    readonly version: string;
    readonly parameters: Parameters;
    readonly signature: Signature | undefined;
}

/** What SigV4 says openly. The simulator reads it and does not verify the signature itself. */
export interface Signature {
    readonly accessKeyId: string;
    readonly region: string;
    readonly service: string;
    readonly sessionToken: string | undefined;
}

const JSON_TARGETS: Record<string, Service> = {
    AWSOrganizationsV20161128: "organizations",
    AmazonSQS: "sqs",
};
const QUERY_VERSIONS: Record<string, Service> = { "2011-06-15": "sts", "2010-05-08": "iam" };

/** One port serves five services: S3 is known by its scope, JSON names its service in a header, the others by version or by scope. */
export function readRequest(headers: IncomingHttpHeaders, body: string, line: RequestLine): AwsRequest {
    const signature = readSignature(headers);
    if (signature?.service === "s3") {
        return { service: "s3", ...readS3Request(line, headers, body), version: "", signature };
    }
    const target = header(headers, "x-amz-target");
    if (target !== undefined) return { ...readJsonRequest(target, body), signature };
    const parameters = formParameters(body);
    const version = parameters.get("Version") ?? "";
    const service = QUERY_VERSIONS[version] ?? (signature?.service === "iam" ? "iam" : "sts");
    return { service, action: parameters.get("Action") ?? "", version, parameters, signature };
}

/** A target of a service that is not here is an operation that nobody knows. */
function readJsonRequest(target: string, body: string): Omit<AwsRequest, "signature"> {
    const [prefix = "", named = ""] = target.split(".");
    const service = JSON_TARGETS[prefix];
    const action = service === undefined ? "" : named;
    const parameters = action === "" ? new Map<string, string>() : jsonParameters(body);
    return { service: service ?? "organizations", action, version: "", parameters };
}

const SCOPE = /Credential=([^/,\s]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request/;

function readSignature(headers: IncomingHttpHeaders): Signature | undefined {
    const [, accessKeyId, region, service] = SCOPE.exec(headers.authorization ?? "") ?? [];
    if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
    return { accessKeyId, region, service, sessionToken: header(headers, "x-amz-security-token") };
}
