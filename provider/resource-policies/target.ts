/** Names one bucket or queue. */
export interface PolicyTarget {
    accountId: string;
    accountName?: string;
    bucket?: string;
    queueUrl?: string;
    region?: string;
}
