/**
 * Reads and writes bucket policies.
 *
 * AWS's task policy allows only ListBuckets, GetBucketPolicy, PutBucketPolicy and DeleteBucketPolicy. So the region comes from the
 * list of buckets. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html
 *
 * S3's error codes and their statuses: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
import {
    DeleteBucketPolicyCommand,
    GetBucketPolicyCommand,
    paginateListBuckets,
    PutBucketPolicyCommand,
    S3Client,
} from "@aws-sdk/client-s3";
import { sharedConfig } from "../aws/clients";
import { isAbsence, required, wholeListing } from "../aws/responses";
import { codeOf } from "../process/error-text";
import { OTHER_REGION } from "../aws/errors/rules/buckets-and-queues";
import { writeResult } from "../aws/write-log";
import type { RootSession } from "../aws/root-session";
import type { PolicyTarget } from "./target";
import type { PolicyKind } from "./kind";
import { BucketNotListed } from "../aws/errors/error-classes";
import { policyText } from "./policy-text";

export const BUCKET: PolicyKind = {
    service: "s3",
    recordedAs: "bucketPolicy",
    key: "bucket",
    task: "unlockBucketPolicy",
    actions: { read: "s3:GetBucketPolicy", put: "s3:PutBucketPolicy", remove: "s3:DeleteBucketPolicy" },
    readBackPauses: [500, 1_000, 2_000, 4_000],
    label: (target) => `bucket ${name(target)}`,
    id: (target) => `${target.accountId}/${name(target)}`,
    arn: (target) => `arn:aws:s3:::${name(target)}`,
    region: async (session, target) => target.region ?? (await listedRegion(session, target)),
    policyClient(session, target, region) {
        const s3 = clientOf(session, region);
        // AWS refuses the call if the bucket belongs to another account, even if that bucket's policy allows it.
        const bucket = { Bucket: name(target), ExpectedBucketOwner: target.accountId };
        return {
            async read() {
                try {
                    const { Policy } = await s3.send(new GetBucketPolicyCommand(bucket));
                    return policyText(required(Policy, "Policy"));
                } catch (error) {
                    if (isAbsence(error, 404, "NoSuchBucketPolicy")) return undefined;
                    throw error;
                }
            },
            async put(text, mayLock) {
                const confirmed = mayLock ? { ConfirmRemoveSelfBucketAccess: true } : {};
                const command = new PutBucketPolicyCommand({ ...bucket, ...confirmed, Policy: text });
                return writeResult(await s3.send(command), "done");
            },
            async remove() {
                return writeResult(await s3.send(new DeleteBucketPolicyCommand(bucket)), "done");
            },
        };
    },
    isGone: (error) => isAbsence(error, 404, "NoSuchBucket"),
    isInOtherRegion: (error) => OTHER_REGION.test(codeOf(error)),
};

function name({ bucket = "" }: PolicyTarget): string {
    return bucket;
}

function clientOf(session: RootSession, region?: string): S3Client {
    return session.clientOf(
        (credentials) =>
            new S3Client({ ...sharedConfig({ maxAttempts: 5 }), ...(region && { region }), credentials }),
    );
}

/** S3 includes the regions of buckets only if the request has a parameter. */
async function listedRegion(session: RootSession, target: PolicyTarget): Promise<string> {
    const pages = paginateListBuckets(
        { client: clientOf(session), pageSize: 1_000 },
        { Prefix: name(target) },
    );
    for await (const { members } of wholeListing(pages, "Buckets", "Name")) {
        const [, listed] = members.find(([found]) => found === name(target)) ?? [];
        if (listed) return required(listed.BucketRegion, "BucketRegion");
    }
    throw new BucketNotListed(
        `s3:ListBuckets lists no bucket ${name(target)} in account ${target.accountId}`,
    );
}
