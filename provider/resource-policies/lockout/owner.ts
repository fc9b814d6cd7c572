/** The bucket or queue whose policy is analyzed. */
export interface AnalyzedResource {
    service: "s3" | "sqs";
    accountId: string;
    /** Such as o-a1b2c3d4e5. Empty if unknown. */
    organizationId: string;
    resourceArn: string;
    region: string;
}

/** The actions that decide whether the account can repair its own policy. */
export interface PolicyActions {
    /** `bucket` or `queue`. */
    noun: string;
    read: string;
    /** Any one of these is enough to lift a lock. */
    write: string[];
}

export const POLICY_ACTIONS: Record<AnalyzedResource["service"], PolicyActions> = {
    s3: {
        noun: "bucket",
        read: "s3:GetBucketPolicy",
        write: ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"],
    },
    sqs: { noun: "queue", read: "sqs:GetQueueAttributes", write: ["sqs:SetQueueAttributes"] },
};

export function policyActionsOf({ service }: AnalyzedResource): string[] {
    return [POLICY_ACTIONS[service].read, ...POLICY_ACTIONS[service].write];
}

/** `aws`, `aws-cn`, `aws-us-gov`. */
export function partitionOf({ resourceArn }: AnalyzedResource): string {
    return resourceArn.split(":")[1] ?? "";
}
