/** The parts of a queue's URL. Some forms of the URL lack the region. */
export interface QueueAddress {
    accountId: string;
    name: string;
    region?: string;
}

/** Undefined if the text is no URL of a queue. */
export function queueAt(url: string): QueueAddress | undefined {
    const [, host = "", accountId, name] =
        /^https?:\/\/([^/]+)\/(\d{12})\/([\w-]{1,80}(?:\.fifo)?)$/.exec(url) ?? [];
    if (accountId === undefined || name === undefined) return undefined;
    // The older form begins with the region, and has no region for us-east-1.
    const region = /^(?:sqs\.([\w-]+)|([\w-]+)\.queue)\.amazonaws\.com$/.exec(host)?.slice(1).find(Boolean);
    return { accountId, name, ...(region !== undefined && { region }) };
}
