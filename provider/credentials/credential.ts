import type { IAMClient } from "@aws-sdk/client-iam";
import type { WriteResult } from "../aws/write-log";

/** When a credential was last used: `never`, a moment (ISO 8601 UTC) and place, or `unknown` if AWS did not say. */
export type LastUse = "never" | "unknown" | { at: string; service?: string; region?: string };

/** One credential, as AWS lists it. */
export interface Credential {
    id: string;
    created?: string;
    status?: string;
    lastUsed?: LastUse;
}

/** How to see and remove one kind of credential. */
export interface CredentialKind {
    /** What people call one of them, with its id. */
    describe(id: string): string;
    /** How AWS says that one came to be. */
    born: "created" | "uploaded" | "enabled";
    /** The entry of `iam:GetAccountSummary` that tells whether there are any. */
    summaryFlag: string;
    /** The listing call, as it is named in an IAM policy. */
    listAction: string;
    /** The removing call, as it is named in an IAM policy. */
    removeAction: string;
    /** Lists them all. Throws `IncompleteAnswer` where AWS answered without a list: that is unknown, not none. */
    list(iam: IAMClient): Promise<Credential[]>;
    /** When it was last used, where AWS records that. */
    lastUse?(iam: IAMClient, credential: Credential): Promise<LastUse>;
    /** Removes one; "already gone" is success. */
    remove(iam: IAMClient, id: string): Promise<WriteResult>;
}
