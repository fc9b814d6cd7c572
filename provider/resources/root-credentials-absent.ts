import * as pulumi from "@pulumi/pulumi";
import type { FailureReason } from "../aws/errors/diagnose";
import type { Acknowledgement, AuditMode, OnDelete } from "../credentials/settings";
import type { LastRemoval, RootCredentialEvidence } from "../credentials/state";
import { accountsOfRun } from "../run/accounts";
import { onceJoined } from "../run/join-run";
import { withoutEnded } from "./ended-settings";
import { ROOT_CREDENTIALS_PROVIDER } from "./provider-references";
import { followRegistration } from "./registration";
import type { RootCredentialsAbsentArgs } from "./root-credentials-args";

/**
 * Declares that one member account has no root credentials: no password (login profile), access key, signing certificate
 * or MFA device.
 *
 * A preview that refreshes (`options: { refresh: always }` in Pulumi.yaml) shows the account's credentials as a diff.
 * Creating or updating the resource removes them and lists them again. A credential is recorded as removed only if the
 * second listing no longer shows it. A kind that could not be inspected is recorded as `unknown`, and never as absent.
 *
 * If AWS refuses a call, the create, update or delete of this account fails. The error names the cause, AWS's answer and
 * the next step.
 *
 * AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management
 *
 * Pulumi: https://www.pulumi.com/docs/iac/concepts/resources/dynamic-providers/
 */
export class RootCredentialsAbsent extends pulumi.CustomResource {
    declare readonly accountId: pulumi.Output<string>;
    declare readonly accountName: pulumi.Output<string | undefined>;
    declare readonly organizationalUnit: pulumi.Output<string | undefined>;
    declare readonly onDelete: pulumi.Output<OnDelete>;
    /** As declared. */
    declare readonly refuseIfUsedWithinDays: pulumi.Output<number | undefined>;
    declare readonly audit: pulumi.Output<AuditMode | undefined>;
    /** The end of the exception that has opened the account. */
    declare readonly until: pulumi.Output<string | undefined>;
    /** The reason for the exception that has opened the account. */
    declare readonly reason: pulumi.Output<string | undefined>;
    /** As declared at the last create or update. Never compared. */
    declare readonly acknowledged: pulumi.Output<Acknowledgement | undefined>;
    /** `absent`, `present`, or `unknown` if it could not be inspected. */
    declare readonly loginProfile: pulumi.Output<"absent" | "present" | "unknown">;
    /** Access key ids, or `["unknown"]`. */
    declare readonly accessKeys: pulumi.Output<string[]>;
    /** Signing certificate ids, or `["unknown"]`. */
    declare readonly signingCertificates: pulumi.Output<string[]>;
    /** MFA device serial numbers, or `["unknown"]`. */
    declare readonly mfaDevices: pulumi.Output<string[]>;
    /** The cause why a kind is unknown or a credential could not be removed. Empty if there is none. */
    declare readonly auditError: pulumi.Output<string>;
    /** The details of `auditError`: the failed call, AWS's answer and the next step. Never compared. */
    declare readonly auditErrorDetail: pulumi.Output<string>;
    /** The next step against `auditError`, for reports. Never compared. */
    declare readonly __nextStep: pulumi.Output<string>;
    /** The reasons why kinds are unknown (`scp`, `throttled`, …), if no removal failed. Never compared. */
    declare readonly unreadableBecause: pulumi.Output<FailureReason[]>;
    /** Creation, status and last use of the credentials found, by kind and id. Never compared. */
    declare readonly evidence: pulumi.Output<RootCredentialEvidence>;
    /** The credentials that the last removal removed here, its time, and its caller. Never compared. */
    declare readonly lastRemoval: pulumi.Output<LastRemoval | undefined>;
    /** The organization that the account was found in (`o-...`). Callers of another one are refused. Never compared. */
    declare readonly organizationId: pulumi.Output<string>;
    /** The identity of the run that last inspected the account. Tells new results from old ones. Never compared. */
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
        const __provider = onceJoined(ROOT_CREDENTIALS_PROVIDER);
        super(
            type,
            name,
            { loginProfile: undefined, ...withoutEnded(args), ...outputsOnly, __provider },
            opts,
        );
        addDeclaration(args);
        followRegistration(this);
    }
}

/** Tells the provider at once that the program declares the account, because the engine may not ask it to check. */
function addDeclaration({
    accountId,
    onDelete = "allow-recovery",
    maxRemovals,
}: RootCredentialsAbsentArgs): void {
    const settings = {
        ...(typeof onDelete === "string" && { onDelete }),
        ...(typeof maxRemovals === "number" && { maxRemovals }),
    };
    if (typeof accountId === "string") accountsOfRun().addDeclared(accountId, settings);
    else pulumi.output(accountId).apply((id) => accountsOfRun().addDeclared(id, settings));
}
