/** What a bucket and a queue have in common: a policy that a root session of the owning account may read and write. */
import type { WriteResult } from "../aws/write-log";
import type { RootSession } from "../aws/root-session";
import type { PolicyTarget } from "./target";

export interface LockableKind {
    /** In IAM's actions and ARNs. */
    service: "s3" | "sqs";
    /** In the record of writes. */
    recordedAs: "bucketPolicy" | "queuePolicy";
    /** Which of the arguments names it. */
    key: "bucket" | "queueUrl";
    task: "unlockBucketPolicy" | "unlockQueuePolicy";
    actions: { read: string; put: string; remove: string };
    /** Pauses while a read does not show what was written, in milliseconds. */
    pausesUntilSeen: readonly number[];
    called(target: PolicyTarget): string;
    /** Its id in the stack. */
    id(target: PolicyTarget): string;
    arn(target: PolicyTarget): string;
    /** Where it is: as declared, as its name tells, or as AWS lists it. Throws `NotListed`. */
    region(session: RootSession, target: PolicyTarget): Promise<string>;
    policyIn(session: RootSession, target: PolicyTarget, region: string): HeldPolicy;
    /** AWS says that it does not exist. */
    isGone(error: unknown): boolean;
    /** AWS says that it is in another region. */
    isElsewhere(error: unknown): boolean;
}

/** The policy of one bucket or queue, as a root session of its account reaches it. */
export interface HeldPolicy {
    /** Byte for byte; undefined where there is none. Throws `IncompleteAnswer` for anything that is no JSON. */
    read(): Promise<string | undefined>;
    /** @param mayLock whether it may shut out whoever writes it, which S3 asks to be confirmed */
    put(text: string, mayLock: boolean): Promise<WriteResult>;
    remove(): Promise<WriteResult>;
}
