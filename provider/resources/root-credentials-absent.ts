import * as pulumi from "@pulumi/pulumi";
import { followRegistration } from "./registration";
import { PROVIDER_STUB } from "./provider-references";
import type { DesiredLoginProfile } from "../credentials/desired";
import type { FailureReason } from "../aws/errors/diagnose";
import type {
    Acknowledgement,
    AuditMode,
    LastRemoval,
    OnDelete,
    RootCredentialEvidence,
} from "../credentials/state";
import { isTimeWithZone } from "../credentials/validate";
import { accountsOfRun } from "../run/accounts";
import { onceJoined } from "../run/start";

export interface RootCredentialsAbsentArgs {
    /** The member account, 12 digits. The management account cannot be assumed into and is refused by AWS. */
    accountId: pulumi.Input<string>;
    /** The account's name, for people. A change is stored and never counts as drift. */
    accountName?: pulumi.Input<string>;
    /** Path of the account's organizational unit (`Workloads/Prod`), for people. A change never counts as drift. */
    organizationalUnit?: pulumi.Input<string>;
    /** Default `allow-recovery`. Pulumi deletes with the value of the last successful `up`, not with the current one. */
    onDelete?: pulumi.Input<OnDelete>;
    /**
     * The most accounts that may have their recovery allowed in one run because they left the program. More, and every
     * such delete is refused. Where more, and more than one, are gone from the organization at once, the others of them
     * stay in the stack. Default: a tenth of the accounts under management, at least 5 and at most 50. All
     * resources of a program are given the same value; the largest wins. `pulumi destroy` is deliberate and not bounded.
     */
    maxRemovals?: pulumi.Input<number>;
    /**
     * Keep an access key or password that was used within so many days, and fail for the account: from 1. Left out,
     * what is found is removed whenever it was last used. A credential of which AWS does not tell when it was used is
     * kept too. Signing certificates and MFA devices have no last use at AWS and are removed in any case.
     */
    refuseIfUsedWithinDays?: pulumi.Input<number>;
    /**
     * How the account is looked at. `summary`, the default, asks for the account's summary and lists only what it shows
     * (2 calls for a clean account); `full` lists every kind in any case and does not rely on the summary.
     */
    audit?: pulumi.Input<AuditMode>;
    /**
     * `present` opens the account for as long as an exception lasts (break-glass): password recovery is allowed, and a
     * password and MFA devices are not removed; access keys and signing certificates are. Needs `until` and `reason`.
     * Default `absent`.
     */
    loginProfile?: pulumi.Input<DesiredLoginProfile>;
    /**
     * When the exception ends: ISO 8601 with a time zone. From then on the program declares the account as `absent`,
     * and the next run removes what was set up in between. Judged by the clock of the machine that runs the program.
     */
    until?: pulumi.Input<string>;
    /** Why the account is open, for whoever reads the preview. */
    reason?: pulumi.Input<string>;
    /**
     * Until then, the account may stay unreadable without a change. The cause must lie in the account: an SCP, an RCP, or that it is the
     * caller's own. Every run still tries to inspect it, and a credential that can be seen is drift. `until` is a time in ISO 8601 with
     * a time zone, judged by the clock of the machine that runs the program.
     */
    acknowledged?: Acknowledgement;
}

/**
 * Declares that one member account holds no root credentials: no password (login profile), access key, signing
 * certificate or MFA device.
 *
 * A preview that refreshes (`options: { refresh: always }` in Pulumi.yaml) shows what the account holds as a diff
 * against nothing. Creating and updating removes it and looks again; only what the second listing no longer shows is
 * recorded as gone. What could not be looked at is recorded as `unknown`, never as absent.
 *
 * AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management
 */
export class RootCredentialsAbsent extends pulumi.CustomResource {
    declare readonly accountId: pulumi.Output<string>;
    declare readonly accountName: pulumi.Output<string | undefined>;
    declare readonly organizationalUnit: pulumi.Output<string | undefined>;
    declare readonly onDelete: pulumi.Output<OnDelete>;
    /** As declared; undefined where nothing is. */
    declare readonly refuseIfUsedWithinDays: pulumi.Output<number | undefined>;
    declare readonly audit: pulumi.Output<AuditMode | undefined>;
    /** Of the exception that is open, if there is one. */
    declare readonly until: pulumi.Output<string | undefined>;
    declare readonly reason: pulumi.Output<string | undefined>;
    /** As declared when it was last created or updated. Never compared. */
    declare readonly acknowledged: pulumi.Output<Acknowledgement | undefined>;
    /** `absent`, `present`, or `unknown` where AWS did not let us look. */
    declare readonly loginProfile: pulumi.Output<"absent" | "present" | "unknown">;
    /** Access key ids, or `["unknown"]`. */
    declare readonly accessKeys: pulumi.Output<string[]>;
    /** Signing certificate ids, or `["unknown"]`. */
    declare readonly signingCertificates: pulumi.Output<string[]>;
    /** MFA device serial numbers, or `["unknown"]`. */
    declare readonly mfaDevices: pulumi.Output<string[]>;
    /** Why something is unknown or could not be removed, cause first; empty when all is known. */
    declare readonly auditError: pulumi.Output<string>;
    /** The whole story behind `auditError`: what was tried, what AWS answered, what to do. Never compared. */
    declare readonly auditErrorDetail: pulumi.Output<string>;
    /** The next step against `auditError`, for reports. Never compared. */
    declare readonly __nextStep: pulumi.Output<string>;
    /** Why kinds are unknown (`scp`, `throttled`, …), if no removal failed. Never compared. */
    declare readonly unreadableBecause: pulumi.Output<FailureReason[]>;
    /** Creation and last use of what was found. Never compared. */
    declare readonly evidence: pulumi.Output<RootCredentialEvidence>;
    /** What the last `up` removed here, when, and as whom. Never compared. */
    declare readonly lastRemoval: pulumi.Output<LastRemoval | undefined>;
    /** The organization that the account was found in (`o-...`). A run signed in to another one is refused. Never compared. */
    declare readonly organizationId: pulumi.Output<string>;
    /** The identity of the run that last inspected it; tells a fresh result from a remembered one. Never compared. */
    declare readonly __observedInRun: pulumi.Output<string>;

    constructor(name: string, args: RootCredentialsAbsentArgs, opts?: pulumi.CustomResourceOptions) {
        const outputsOnly = {
            accessKeys: undefined,
            signingCertificates: undefined,
            mfaDevices: undefined,
            auditError: undefined,
            auditErrorDetail: undefined,
            __nextStep: undefined,
            unreadableBecause: undefined,
            evidence: undefined,
            lastRemoval: undefined,
            organizationId: undefined,
            __observedInRun: undefined,
        };
        const type = "pulumi-nodejs:dynamic/aws-root:RootCredentialsAbsent";
        const __provider = onceJoined(PROVIDER_STUB);
        super(type, name, { loginProfile: undefined, ...asOfNow(args), ...outputsOnly, __provider }, opts);
        declareInThisRun(args);
        followRegistration(this);
    }
}

/**
 * The declaration as it holds now: an exception or acknowledgement that has ended is none. The program decides this and not the provider,
 * so that a preview, and an update, each sees every account in one way. (`up` is both: it reads the clock twice.)
 */
function asOfNow(given: RootCredentialsAbsentArgs): RootCredentialsAbsentArgs {
    const args = withoutEndedAcknowledgement(given);
    const { loginProfile, until, reason, ...rest } = args;
    if (loginProfile === undefined) return args;
    if (typeof loginProfile === "string" && typeof until === "string") {
        return hasEnded(loginProfile, until) ? rest : args;
    }
    const ended = pulumi.all([loginProfile, until]).apply(([desired, end]) => hasEnded(desired, end ?? ""));
    const unlessEnded = <T>(value: pulumi.Input<T> | undefined) =>
        pulumi.all([ended, value]).apply(([over, given]) => (over ? undefined : given));
    return {
        ...rest,
        loginProfile: unlessEnded(loginProfile),
        until: unlessEnded(until),
        reason: unlessEnded(reason),
    } as RootCredentialsAbsentArgs;
}

/** False for what is no time at all: `check` says so. */
function hasEnded(loginProfile: DesiredLoginProfile, until: string): boolean {
    return loginProfile === "present" && isPast(until);
}

function withoutEndedAcknowledgement(args: RootCredentialsAbsentArgs): RootCredentialsAbsentArgs {
    const { acknowledged, ...rest } = args;
    return acknowledged && isPast(acknowledged.until) ? rest : args;
}

function isPast(time: string): boolean {
    return isTimeWithZone(time) && Date.parse(time) <= Date.now();
}

/** Tells the provider that the program still declares the account, before and whether or not the engine asks it to check. */
function declareInThisRun({
    accountId,
    onDelete = "allow-recovery",
    maxRemovals,
}: RootCredentialsAbsentArgs): void {
    const terms = {
        ...(typeof onDelete === "string" && { onDelete }),
        ...(typeof maxRemovals === "number" && { maxRemovals }),
    };
    if (typeof accountId === "string") accountsOfRun().addDeclared(accountId, terms);
    else pulumi.output(accountId).apply((id) => accountsOfRun().addDeclared(id, terms));
}
