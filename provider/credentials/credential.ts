import type { IAMClient } from "@aws-sdk/client-iam";
import type { WriteResult } from "../aws/write-log";

/** The last use of a credential: `never`, a time (ISO 8601 UTC) with service and region, or `unknown` if AWS did not tell. */
export type LastUse = "never" | "unknown" | { at: string; service?: string; region?: string };

/** One credential, as AWS lists it. */
export interface Credential {
    id: string;
    created?: string;
    status?: string;
    lastUsed?: LastUse;
}

/** One kind of credential, and the AWS calls that list and remove it. */
export interface CredentialKind {
    /** The name of one credential in messages: `access key AKIA...`. */
    describe(id: string): string;
    /** The verb for a credential's beginning, as AWS uses it. */
    createdVerb: "created" | "uploaded" | "enabled";
    /** The entry of `iam:GetAccountSummary` that counts credentials of this kind. */
    summaryFlag: string;
    /** The listing call's name in an IAM policy. */
    listAction: string;
    /** The removing call's name in an IAM policy. */
    removeAction: string;
    /** Lists all credentials of this kind. Throws `IncompleteAnswer` if AWS answers without a list, because then they are unknown. */
    list(iam: IAMClient): Promise<Credential[]>;
    /** The last use. Undefined for kinds of which AWS records none. */
    lastUse?(iam: IAMClient, credential: Credential): Promise<LastUse>;
    /** Removes one credential. "Already gone" is a success. */
    remove(iam: IAMClient, id: string): Promise<WriteResult>;
}
