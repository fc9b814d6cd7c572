/** One action of S3: how a request asks for it, and which permission it takes. */
export interface S3Operation {
    readonly method: string;
    readonly of: "account" | "bucket" | "object";
    /** The parameter of the path that tells it from the others. */
    readonly parameter?: string;
    /** Where it is not the action's own name. */
    readonly permission?: string;
}

/** The actions that the simulator knows; all but the first four by name only. */
export const S3_OPERATIONS: Readonly<Record<string, S3Operation>> = {
    ListBuckets: { method: "GET", of: "account", permission: "ListAllMyBuckets" },
    GetBucketPolicy: { method: "GET", of: "bucket", parameter: "policy" },
    PutBucketPolicy: { method: "PUT", of: "bucket", parameter: "policy" },
    DeleteBucketPolicy: { method: "DELETE", of: "bucket", parameter: "policy" },

    CreateBucket: { method: "PUT", of: "bucket" },
    HeadBucket: { method: "HEAD", of: "bucket", permission: "ListBucket" },
    DeleteBucket: { method: "DELETE", of: "bucket" },
    GetBucketLocation: { method: "GET", of: "bucket", parameter: "location" },
    GetBucketPolicyStatus: { method: "GET", of: "bucket", parameter: "policyStatus" },
    GetBucketAcl: { method: "GET", of: "bucket", parameter: "acl" },
    PutBucketAcl: { method: "PUT", of: "bucket", parameter: "acl" },
    GetBucketVersioning: { method: "GET", of: "bucket", parameter: "versioning" },
    PutBucketVersioning: { method: "PUT", of: "bucket", parameter: "versioning" },
    GetBucketTagging: { method: "GET", of: "bucket", parameter: "tagging" },
    PutBucketTagging: { method: "PUT", of: "bucket", parameter: "tagging" },
    GetBucketEncryption: {
        method: "GET",
        of: "bucket",
        parameter: "encryption",
        permission: "GetEncryptionConfiguration",
    },
    GetPublicAccessBlock: {
        method: "GET",
        of: "bucket",
        parameter: "publicAccessBlock",
        permission: "GetBucketPublicAccessBlock",
    },
    PutPublicAccessBlock: {
        method: "PUT",
        of: "bucket",
        parameter: "publicAccessBlock",
        permission: "PutBucketPublicAccessBlock",
    },
    DeletePublicAccessBlock: {
        method: "DELETE",
        of: "bucket",
        parameter: "publicAccessBlock",
        permission: "PutBucketPublicAccessBlock",
    },
    ListObjects: { method: "GET", of: "bucket", permission: "ListBucket" },
    ListObjectsV2: { method: "GET", of: "bucket", parameter: "list-type", permission: "ListBucket" },
    ListObjectVersions: {
        method: "GET",
        of: "bucket",
        parameter: "versions",
        permission: "ListBucketVersions",
    },
    DeleteObjects: { method: "POST", of: "bucket", parameter: "delete", permission: "DeleteObject" },

    GetObject: { method: "GET", of: "object" },
    HeadObject: { method: "HEAD", of: "object", permission: "GetObject" },
    PutObject: { method: "PUT", of: "object" },
    DeleteObject: { method: "DELETE", of: "object" },
};

/** The action that a request asks for; "" for one that is not known. */
export function s3OperationAsked(
    method: string,
    of: S3Operation["of"],
    parameters: ReadonlyMap<string, string>,
): string {
    const fitting = Object.entries(S3_OPERATIONS).filter(
        ([, operation]) => operation.method === method && operation.of === of,
    );
    const [named] =
        fitting.find(([, { parameter }]) => parameter !== undefined && parameters.has(parameter)) ?? [];
    const [plain] = fitting.find(([, { parameter }]) => parameter === undefined) ?? [];
    return named ?? plain ?? "";
}
