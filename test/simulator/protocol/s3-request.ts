import type { IncomingHttpHeaders } from "node:http";
import type { Parameters } from "../call";
import { header } from "./headers";
import { s3OperationAsked } from "./s3-operations";

/** Where a request goes to; only S3 puts anything there. */
export interface RequestLine {
    readonly method: string;
    /** With its query, as in HTTP's first line: "/bucket?policy". */
    readonly path: string;
}

/** What a request to S3 asks for, with the bucket in its path. */
export function readS3Request(
    { method, path }: RequestLine,
    headers: IncomingHttpHeaders,
    body: string,
): { action: string; parameters: Parameters } {
    const { bucket, key, query } = partsOf(path);
    const of = bucket === "" ? "account" : key === "" ? "bucket" : "object";
    const action = s3OperationAsked(method, of, query);
    const expectedOwner = header(headers, "x-amz-expected-bucket-owner");
    const parameters = new Map([
        ...query,
        ...(bucket === "" ? [] : [["Bucket", bucket] as const]),
        ...(key === "" ? [] : [["Key", key] as const]),
        ...(expectedOwner === undefined ? [] : [["x-amz-expected-bucket-owner", expectedOwner] as const]),
        ...(action === "PutBucketPolicy" ? [["Policy", body] as const] : []),
    ]);
    return { action, parameters };
}

/** The SDK's own `x-id` repeats the action's name, and AWS does not look at it. */
function partsOf(path: string): { bucket: string; key: string; query: Map<string, string> } {
    const [location = "", ...query] = path.split("?");
    const [bucket = "", ...key] = location.split("/").slice(1).map(decodeURIComponent);
    const parameters = new Map(new URLSearchParams(query.join("?")));
    parameters.delete("x-id");
    return { bucket, key: key.join("/"), query: parameters };
}
