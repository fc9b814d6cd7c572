import type { ActionName } from "../action-names";
import { AwsError } from "../aws-error";
import type { Action, Answer, Call } from "../call";
import { permissionFor } from "../permission-names";
import { accessDenied, authorize } from "../policies/authorization";
import { S3_OPERATIONS } from "../protocol/s3-operations";
import { methodNotAllowed } from "../refusals";
import type { Bucket } from "../state/buckets";
import { listBuckets } from "./s3-list-buckets";

const CARRIED_OUT: Readonly<Record<string, Action>> = {
    ListBuckets: (call) => {
        authorize(call, permissionFor("s3", call.action), "*");
        return listBuckets(call);
    },
    GetBucketPolicy: ofTheOwner(getBucketPolicy),
    PutBucketPolicy: ofTheOwner(putBucketPolicy),
    DeleteBucketPolicy: ofTheOwner(deleteBucketPolicy),
} satisfies Record<ActionName<"s3">, Action>;

/** Every S3 action, each behind the policies that bind the one who signs and that guard the bucket. */
export const S3_ACTIONS: Readonly<Record<string, Action>> = Object.fromEntries(
    Object.keys(S3_OPERATIONS).map((name) => [name, CARRIED_OUT[name] ?? knownByName]),
);

/** Whom policies let through is told that nothing is done. */
function knownByName(call: Call): never {
    const { action, parameters, organization } = call;
    const key = parameters.get("Key");
    const path = `${parameters.get("Bucket") ?? ""}${key === undefined ? "" : `/${key}`}`;
    authorize(call, permissionFor("s3", action), `arn:${organization.partition}:s3:::${path}`);
    throw new AwsError("NotImplemented", `The simulator does not carry out s3:${action}`, 501);
}

/** Nobody but the owner's account may have it done, even where the bucket's policy lets others in. */
function ofTheOwner(act: (bucket: Bucket, call: Call) => Answer): Action {
    return (call) => {
        const bucket = bucketAsked(call);
        authorize(call, permissionFor("s3", call.action), bucket.arn);
        if (call.principal.accountId !== bucket.accountId) throw methodNotAllowed();
        return act(bucket, call);
    };
}

function getBucketPolicy({ name, policy }: Bucket): Answer {
    if (policy) return { Policy: policy.text };
    throw new AwsError("NoSuchBucketPolicy", "The bucket policy does not exist", 404, { BucketName: name });
}

function putBucketPolicy({ name }: Bucket, { organization, parameters }: Call): Answer {
    try {
        organization.buckets.setPolicy(name, parameters.get("Policy") ?? "");
    } catch (error) {
        throw new AwsError("MalformedPolicy", error instanceof Error ? error.message : String(error));
    }
    return {};
}

/** No error where there is none. */
function deleteBucketPolicy({ name }: Bucket, { organization }: Call): Answer {
    organization.buckets.setPolicy(name, undefined);
    return {};
}

function bucketAsked({ organization, parameters, region }: Call): Bucket {
    const name = parameters.get("Bucket") ?? "";
    const bucket = organization.buckets.find(name);
    if (!bucket) {
        throw new AwsError("NoSuchBucket", "The specified bucket does not exist", 404, { BucketName: name });
    }
    if (bucket.region !== region) throw elsewhere(bucket);
    const expectedOwner = parameters.get("x-amz-expected-bucket-owner");
    if (expectedOwner !== undefined && expectedOwner !== bucket.accountId)
        throw accessDenied("Access Denied");
    return bucket;
}

function elsewhere({ name, region }: Bucket): AwsError {
    return new AwsError(
        "PermanentRedirect",
        "The bucket you are attempting to access must be addressed using the specified endpoint. " +
            "Please send all future requests to this endpoint.",
        301,
        { Endpoint: `s3.${region}.amazonaws.com`, Bucket: name },
        { "x-amz-bucket-region": region },
    );
}
