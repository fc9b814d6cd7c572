/** A case: an organization, and what befalls it while Pulumi works on it. Made up by fast-check. */
import * as fc from "fast-check";
import type { ScpSeed } from "../simulator";

/** One account. In scope means that the program declares it; only what is in scope may ever be touched. */
export interface AccountPlan {
    inScope: boolean;
    /** AWS does not document the last one. */
    state: "ACTIVE" | "SUSPENDED" | "RESTRICTED";
    password: boolean;
    accessKeys: ("Active" | "Inactive")[];
    certificates: number;
    mfaDevices: number;
    onDelete: "allow-recovery" | "retain";
    scp: keyof typeof SCPS | undefined;
    fullAudit: boolean;
    /** Whether the program opens the account for a while; one that ends does so when nothing goes wrong any more. */
    exception: "lasts" | "ends" | undefined;
    /** Whether the program acknowledges that the account cannot be inspected. An exception goes before that. */
    acknowledged: boolean;
}

/** What somebody else does meanwhile. */
export type Deed = "password" | "accessKey" | "certificate" | "mfaDevice" | "leaves" | "suspended" | "scp";

/** After so many calls that concern the account in a step, somebody does something there. */
export interface Meanwhile {
    account: number;
    after: number;
    deed: Deed;
}

export const CALLS = [
    "*",
    "AssumeRoot",
    "GetCallerIdentity",
    "ListOrganizationsFeatures",
    "DescribeAccount",
    "GetAccountSummary",
    "ListAccessKeys",
    "ListSigningCertificates",
    "GetLoginProfile",
    "ListMFADevices",
    "GetUser",
    "GetAccessKeyLastUsed",
    "DeleteAccessKey",
    "DeleteSigningCertificate",
    "DeleteLoginProfile",
    "DeactivateMFADevice",
    "CreateLoginProfile",
    "DescribeOrganization",
    "ListAccounts",
] as const;

export const FAULTS = [
    "throttled",
    "serverError",
    "unavailable",
    "accessDenied",
    "expiredToken",
    "busy",
    "emptyBody",
    "missingResult",
    "truncatedBody",
    "htmlBody",
    "connectionReset",
    "answerLost",
    "hang",
    "wrongAccount",
    "unfinishedList",
    "paddedList",
    "doubledMember",
    "renamedMembers",
    "emptyFlags",
    "doubledFlags",
    "withoutQuotas",
    "falseAbsence",
    "falselyGone",
] as const;

/** Of the calls of one action that concern an account (or any), some go well first, and the next few fail. */
export interface Trouble {
    /** An index into the accounts; undefined for the calls of all, the organization's own among them. */
    account: number | undefined;
    call: (typeof CALLS)[number];
    after: number;
    /** More than any run makes stands for "always". */
    times: number;
    fault: (typeof FAULTS)[number];
}

/** The run is killed at its n-th request, before or after that is carried out. What it would have said is lost. */
export interface End {
    at: number;
    carriedOut: boolean;
    /** Whether the engine had stored what was finished by then. */
    checkpoints: boolean;
}

export interface Step {
    command: "preview" | "up" | "destroy";
    /** Accounts that the program declares no longer, from this step on. */
    drops: number[];
    /** Accounts whose resource has another name from this step on, which is a create and a delete of the same account. */
    renames: number[];
    troubles: Trouble[];
    meanwhile: Meanwhile[];
    end: End | undefined;
    /** The caller is signed in to another organization than the one that the stack knows, if it knows one. */
    elsewhere: boolean;
    /** IAM leaves out the id of the caller's organization. */
    omitsOrganizationId: boolean;
}

export interface Case {
    accounts: AccountPlan[];
    /** How IAM behaves: reads that lag, entries on a page, a summary that leaves something out. */
    readLag: number;
    pageSize: number;
    omitted: string[];
    steps: Step[];
}

export const ALWAYS = 1_000;

export const SCPS = {
    everything: { name: "deny-everything", actions: ["*"] },
    summary: { name: "deny-summary", actions: ["iam:GetAccountSummary"] },
    deletes: { name: "deny-deletes", actions: ["iam:Delete*"], appliesTo: "root" },
    devices: { name: "deny-devices", actions: ["iam:*MFA*"] },
    recovery: { name: "deny-recovery", actions: ["iam:CreateLoginProfile"] },
    exempting: { name: "deny-root-but-sessions", actions: ["*"], appliesTo: "root", exemptAssumedRoot: true },
} satisfies Record<string, ScpSeed>;

/** What a property is about: which of the troubles it plays, and how often. */
export interface Climate {
    accounts: number;
    steps: number;
    troubles: number;
    meanwhile: number;
    ends: boolean;
    /** Faults that it knows nothing of. */
    without?: readonly (typeof FAULTS)[number][];
}

export function cases(climate: Climate): fc.Arbitrary<Case> {
    return fc.record({
        accounts: fc.array(accountPlan, { minLength: 1, maxLength: climate.accounts }),
        readLag: rarely(0, fc.integer({ min: 1, max: 3 })),
        pageSize: rarely(100, fc.integer({ min: 1, max: 2 })),
        omitted: rarely([], fc.subarray(SUMMARY_FLAGS)),
        steps: fc.array(step(climate), { minLength: 1, maxLength: climate.steps }),
    });
}

const SUMMARY_FLAGS = [
    "AccountPasswordPresent",
    "AccountMFAEnabled",
    "AccountAccessKeysPresent",
    "AccountSigningCertificatesPresent",
];

const accountPlan: fc.Arbitrary<AccountPlan> = fc.record({
    inScope: mostly(true, fc.constant(false)),
    state: rarely("ACTIVE", fc.constantFrom("SUSPENDED", "RESTRICTED")),
    password: fc.boolean(),
    accessKeys: fc.array(fc.constantFrom("Active", "Inactive"), { maxLength: 2 }),
    certificates: fc.integer({ min: 0, max: 2 }),
    mfaDevices: fc.integer({ min: 0, max: 2 }),
    onDelete: mostly("allow-recovery", fc.constant("retain")),
    scp: rarely(undefined, fc.constantFrom(...(Object.keys(SCPS) as (keyof typeof SCPS)[]))),
    fullAudit: rarely(false, fc.constant(true)),
    exception: rarely(undefined, fc.constantFrom("lasts", "ends")),
    acknowledged: mostly(false, fc.constant(true)),
});

/** Troubles that go together. Left to chance alone, most would miss the calls that are made. */
const SORTS: {
    weight: number;
    calls: readonly (typeof CALLS)[number][];
    faults: readonly (typeof FAULTS)[number][];
    /** From some call on until the end of the run. */
    lasts?: boolean;
}[] = [
    { weight: 4, calls: CALLS, faults: FAULTS },
    {
        weight: 4,
        calls: [
            "GetAccountSummary",
            "ListAccessKeys",
            "ListSigningCertificates",
            "GetLoginProfile",
            "ListMFADevices",
        ],
        faults: ["emptyBody", "missingResult", "truncatedBody", "htmlBody", "accessDenied", "throttled"],
    },
    {
        weight: 2,
        calls: ["ListAccessKeys", "ListSigningCertificates", "ListMFADevices"],
        faults: ["unfinishedList", "paddedList", "doubledMember", "renamedMembers"],
    },
    { weight: 2, calls: ["GetAccountSummary"], faults: ["emptyFlags", "doubledFlags", "withoutQuotas"] },
    { weight: 2, calls: ["GetLoginProfile"], faults: ["falseAbsence"] },
    { weight: 2, calls: ["*"], faults: ["falselyGone"], lasts: true },
    {
        weight: 3,
        calls: ["DeleteAccessKey", "DeleteSigningCertificate", "DeleteLoginProfile", "DeactivateMFADevice"],
        faults: [
            "answerLost",
            "accessDenied",
            "htmlBody",
            "emptyBody",
            "serverError",
            "busy",
            "connectionReset",
        ],
    },
    { weight: 2, calls: ["AssumeRoot"], faults: ["wrongAccount"] },
    { weight: 1, calls: ["AssumeRoot"], faults: ["accessDenied", "missingResult", "answerLost"] },
    { weight: 1, calls: ["*"], faults: ["accessDenied"], lasts: true },
    {
        weight: 2,
        calls: ["*"],
        faults: ["accessDenied", "expiredToken", "throttled", "unavailable", "connectionReset", "emptyBody"],
        lasts: true,
    },
];

function step({ accounts, troubles, meanwhile, ends, without }: Climate): fc.Arbitrary<Step> {
    const account = fc.nat({ max: accounts - 1 });
    const trouble = fc.oneof(
        ...SORTS.map(({ weight, calls, faults, lasts }) => ({
            weight,
            arbitrary: fc.record<Trouble>({
                account: mostly<number | undefined>(0, fc.option(account, { nil: undefined })),
                call: fc.constantFrom(...calls),
                after: mostly(0, fc.nat({ max: lasts ? 8 : 4 })),
                times: lasts
                    ? fc.constant(ALWAYS)
                    : fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(ALWAYS)),
                fault: fc.constantFrom(...faults.filter((fault) => !without?.includes(fault))),
            }),
        })),
    );
    const deed = fc.constantFrom<Deed>(
        "password",
        "accessKey",
        "certificate",
        "mfaDevice",
        "leaves",
        "suspended",
        "scp",
    );
    const end: fc.Arbitrary<End> = fc.record({
        at: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 40 })),
        carriedOut: fc.boolean(),
        checkpoints: fc.boolean(),
    });
    return fc.record({
        command: fc.constantFrom("up", "up", "up", "preview", "destroy"),
        drops: mostly([], fc.uniqueArray(account, { minLength: 1, maxLength: 2 })),
        renames: mostly([], fc.uniqueArray(account, { minLength: 1, maxLength: 2 })),
        troubles: fc.array(trouble, { maxLength: troubles }),
        meanwhile: fc.array(fc.record({ account: mostly(0, account), after: fc.nat({ max: 25 }), deed }), {
            maxLength: meanwhile,
        }),
        end: ends ? fc.option(end, { nil: undefined, freq: 2 }) : fc.constant(undefined),
        elsewhere: rarely(false, fc.constant(true)),
        omitsOrganizationId: fc.boolean(),
    });
}

/** The first in three of four cases; shrinks to it. */
function mostly<T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> {
    return fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });
}

/** The first in seven of eight cases; shrinks to it. */
function rarely<T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> {
    return fc.oneof({ weight: 7, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });
}
