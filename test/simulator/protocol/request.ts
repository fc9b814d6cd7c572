import type { IncomingHttpHeaders } from "node:http";
import type { Service } from "../action-names";
import type { Parameters } from "../call";
import { jsonParameters } from "./json";
import { formParameters } from "./query";

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

const ORGANIZATIONS_TARGET = "AWSOrganizationsV20161128.";
const QUERY_VERSIONS: Record<string, Service> = { "2011-06-15": "sts", "2010-05-08": "iam" };

/** One port serves three services: Organizations names itself in a header, the others by version or by scope. */
export function readRequest(headers: IncomingHttpHeaders, body: string): AwsRequest {
    const signature = readSignature(headers);
    const target = header(headers, "x-amz-target");
    if (target !== undefined) {
        const [, action = ""] = target.startsWith(ORGANIZATIONS_TARGET) ? target.split(".") : [];
        const parameters = action === "" ? new Map<string, string>() : jsonParameters(body);
        return { service: "organizations", action, version: "", parameters, signature };
    }
    const parameters = formParameters(body);
    const version = parameters.get("Version") ?? "";
    const service = QUERY_VERSIONS[version] ?? (signature?.service === "iam" ? "iam" : "sts");
    return { service, action: parameters.get("Action") ?? "", version, parameters, signature };
}

const SCOPE = /Credential=([^/,\s]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request/;

function readSignature(headers: IncomingHttpHeaders): Signature | undefined {
    const [, accessKeyId, region, service] = SCOPE.exec(headers.authorization ?? "") ?? [];
    if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
    return { accessKeyId, region, service, sessionToken: header(headers, "x-amz-security-token") };
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
}
