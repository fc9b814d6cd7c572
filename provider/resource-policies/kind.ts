/** The two kinds of policies: of buckets and of queues. A root session of the owning account may read and write both. */
import type { RootSession } from "../aws/root-session";
import type { WriteResult } from "../aws/write-log";
import type { AnalyzedResource } from "./lockout/analyze";
import type { PolicyTarget } from "./target";

export interface PolicyKind {
    /** As in IAM actions and ARNs. */
    service: "s3" | "sqs";
    /** As in the record of writes. */
    recordedAs: "bucketPolicy" | "queuePolicy";
    /** The argument that names the bucket or queue. */
    key: "bucket" | "queueUrl";
    task: "unlockBucketPolicy" | "unlockQueuePolicy";
    actions: { read: string; put: string; remove: string };
    /** Milliseconds to wait before each further read, until a read shows the written policy. */
    readBackPauses: readonly number[];
    label(target: PolicyTarget): string;
    /** The resource's id in the stack. */
    id(target: PolicyTarget): string;
    arn(target: PolicyTarget): string;
    /** The region from the declaration, the queue's URL or AWS's list of buckets. Throws `BucketNotListed`. */
    region(session: RootSession, target: PolicyTarget): Promise<string>;
    policyClient(session: RootSession, target: PolicyTarget, region: string): PolicyClient;
    /** AWS answers that the bucket or queue does not exist. */
    isGone(error: unknown): boolean;
    /** AWS answers that the bucket is in another region. */
    isInOtherRegion(error: unknown): boolean;
}

/** Reads and writes the policy of one bucket or queue in a root session of its account. */
export interface PolicyClient {
    /** Returns the text byte for byte, or undefined if there is no policy. Throws `IncompleteAnswer` if the text is no JSON. */
    read(): Promise<string | undefined>;
    /** @param mayLock the policy may lock out the caller. S3 requires a confirmation for that. */
    put(text: string, mayLock: boolean): Promise<WriteResult>;
    remove(): Promise<WriteResult>;
}

/** The facts that the analysis of a policy needs. */
export function analyzedResourceOf(
    kind: PolicyKind,
    declared: PolicyTarget,
    region: string,
    organizationId: string,
): AnalyzedResource {
    const { accountId } = declared;
    return { service: kind.service, accountId, organizationId, resourceArn: kind.arn(declared), region };
}
