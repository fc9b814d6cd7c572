/** The bucket or queue whose policy is judged, and the calls that decide whether its account can help itself. */
export interface PolicyOwner {
    service: "s3" | "sqs";
    accountId: string;
    /** Such as o-a1b2c3d4e5; empty where it is not known. */
    organizationId: string;
    resourceArn: string;
    region: string;
}

export interface PolicyCalls {
    /** What people call the resource. */
    noun: string;
    read: string;
    /** Any one of these is enough to lift a lock. */
    write: string[];
}

export const POLICY_CALLS: Record<PolicyOwner["service"], PolicyCalls> = {
    s3: {
        noun: "bucket",
        read: "s3:GetBucketPolicy",
        write: ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"],
    },
    sqs: { noun: "queue", read: "sqs:GetQueueAttributes", write: ["sqs:SetQueueAttributes"] },
};

export function callsOn({ service }: PolicyOwner): string[] {
    return [POLICY_CALLS[service].read, ...POLICY_CALLS[service].write];
}

/** `aws`, `aws-cn`, `aws-us-gov`. */
export function partitionOf({ resourceArn }: PolicyOwner): string {
    return resourceArn.split(":")[1] ?? "";
}
