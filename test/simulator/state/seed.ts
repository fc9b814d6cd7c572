import type { PolicyDocument } from "../policies/document";

/** How an organization starts. The same shape serves tests, the demo and the script. */
export interface OrganizationSeed {
    accounts: AccountSeed[];
    management?: { id?: string; name?: string };
    /** Accounts registered for `iam.amazonaws.com`; each must be among `accounts`. */
    delegatedAdministrators?: string[];
    /** Both are on unless said otherwise. */
    features?: { RootCredentialsManagement?: boolean; RootSessions?: boolean };
    /** Trusted access for `iam.amazonaws.com`; on unless said otherwise. */
    trustedAccess?: boolean;
    featureSet?: "ALL" | "CONSOLIDATED_BILLING";
    /** `o-simulated1` if left out. */
    organizationId?: string;
}

export interface AccountSeed {
    id: string;
    name: string;
    email?: string;
    /** The organizational unit as a path of names, such as "Workloads/Prod"; under the root if left out. */
    unit?: string;
    state?: AccountState;
    joinedMethod?: "CREATED" | "INVITED";
    joined?: string;
    tags?: Record<string, string>;
    root?: RootSeed;
    scps?: ScpSeed[];
    rcps?: RcpSeed[];
    buckets?: BucketSeed[];
    queues?: QueueSeed[];
}

export interface BucketSeed {
    name: string;
    /** "us-east-1" if left out. */
    region?: string;
    /** A text is kept byte for byte. */
    policy?: string | object;
}

export interface QueueSeed {
    name: string;
    /** "us-east-1" if left out. */
    region?: string;
    /** A text is kept byte for byte. */
    policy?: string | object;
}

/** `RESTRICTED` is made up, as a fault: AWS documents the other five, and may add to them. */
export type AccountState =
    "PENDING_ACTIVATION" | "ACTIVE" | "SUSPENDED" | "PENDING_CLOSURE" | "CLOSED" | "RESTRICTED";

export interface RootSeed {
    password?: PasswordSeed;
    accessKeys?: AccessKeySeed[];
    signingCertificates?: CertificateSeed[];
    mfaDevices?: MfaSeed[];
}

export interface PasswordSeed {
    created?: string;
    lastUsed?: string;
}

export interface AccessKeySeed {
    id?: string;
    status?: "Active" | "Inactive" | "Expired";
    created?: string;
    lastUsed?: string;
    /** What the key was last used for; "iam" and "us-east-1" if left out. */
    lastUsedService?: string;
    lastUsedRegion?: string;
}

export interface CertificateSeed {
    id?: string;
    status?: "Active" | "Inactive";
    created?: string;
}

export interface MfaSeed {
    kind?: "virtual" | "hardware" | "passkey";
    /** Made up to fit `kind` if left out. */
    serial?: string;
    enabled?: string;
}

/** A service control policy: in short, or as a whole document. */
export type ScpSeed = ScpDenial | AttachedDocument;

export interface AttachedDocument {
    name: string;
    policyId?: string;
    document: PolicyDocument;
}

/** What most service control policies do: they deny. */
export interface ScpDenial {
    name: string;
    policyId?: string;
    /** `*` matches any run of characters: "*", "iam:*", "iam:Delete*", "iam:CreateLoginProfile". */
    actions: string[];
    /** "root" denies the root user only (`aws:PrincipalArn` like `:root`); "everyone" is the default. */
    appliesTo?: "root" | "everyone";
    /** The condition `Null { aws:AssumedRoot: "true" }`, which lets root sessions through. */
    exemptAssumedRoot?: boolean;
}

/** A resource control policy that only denies, to everyone, on what belongs to the account. */
export interface RcpSeed {
    name: string;
    policyId?: string;
    actions: string[];
}

/** A statement that denies the users and roles of one account what their permissions allow. */
export interface CallerDenial {
    /** Which of their policies it stands in, in AWS's words. */
    by: "identity-based policy" | "permissions boundary" | "session policy" | "VPC endpoint policy";
    actions: string[];
    /** With `*`; every resource if left out. */
    resources?: string[];
    /** The policy's ARN, where AWS names it. */
    arn?: string;
}
