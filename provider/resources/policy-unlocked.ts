/** `BucketPolicyUnlocked` and `QueuePolicyUnlocked`, with the backup of the policy that each of them changes. */
import * as pulumi from "@pulumi/pulumi";
import { followRegistration } from "./registration";
import { BUCKET_POLICY_PROVIDER, POLICY_BACKUP_PROVIDER, QUEUE_POLICY_PROVIDER } from "./provider-references";
import type { LastPolicyChange, OnPolicyDelete, UnlockMode } from "../resource-policies/declaration";
import { queueAt } from "../resource-policies/queue-url";
import { policiesOfRun } from "../run/policies";
import { onceJoined, joinRun } from "../run/join-run";

export interface PolicyUnlockedArgs {
    /** The member account that owns the bucket or queue, 12 digits. */
    accountId: pulumi.Input<string>;
    /** The account's name, for messages and reports. A change is stored and is no drift. */
    accountName?: pulumi.Input<string>;
    /**
     * `remove-lock`, the default, removes the statements that deny access to the account's own administrators, and keeps the
     * others unchanged. If the effect of a statement cannot be determined, the policy is not changed. `delete` deletes the
     * whole policy.
     */
    mode?: pulumi.Input<UnlockMode>;
    /** Replaces the current policy by this one, given as JSON text or as an object. Cannot be used together with `mode`. */
    policy?: pulumi.Input<string | object>;
    /** Sids of statements that are kept in any case, because the operator has reviewed them. */
    keep?: pulumi.Input<pulumi.Input<string>[]>;
    /** Sids of statements that are removed in any case, because the operator has reviewed them. */
    remove?: pulumi.Input<pulumi.Input<string>[]>;
    /**
     * The effect on the policy when the resource is deleted. The default `retain` changes nothing. `restore-policy` puts the
     * replaced policy back, including the lock, unless somebody else has changed the policy since. Pulumi deletes with the
     * value of the last successful `up`.
     */
    onDelete?: pulumi.Input<OnPolicyDelete>;
    /** The reason for the change, for readers of the preview. */
    reason?: pulumi.Input<string>;
}

export interface BucketPolicyUnlockedArgs extends PolicyUnlockedArgs {
    /** The bucket's name. */
    bucket: pulumi.Input<string>;
    /** The bucket's region. Default: the provider asks AWS. */
    region?: pulumi.Input<string>;
}

export interface QueuePolicyUnlockedArgs extends PolicyUnlockedArgs {
    /** The queue's URL, such as `https://sqs.eu-west-1.amazonaws.com/111122223333/orders`. */
    queueUrl: pulumi.Input<string>;
    /** The queue's region. Required if the URL does not contain it. */
    region?: pulumi.Input<string>;
}

abstract class PolicyUnlocked extends pulumi.CustomResource {
    declare readonly accountId: pulumi.Output<string>;
    declare readonly onDelete: pulumi.Output<OnPolicyDelete>;
    /** The statements that lock out the account's administrators, in words; `["unknown"]` if AWS refused the inspection. */
    declare readonly lockedBy: pulumi.Output<string[]>;
    /** The cause why the policy is unknown or cannot be analyzed. Empty if there is none. */
    declare readonly auditError: pulumi.Output<string>;
    /** The details of `auditError`: the failed call, AWS's answer and the next step. Never compared. */
    declare readonly auditErrorDetail: pulumi.Output<string>;
    /** The exact text of the policy at the last inspection. Empty if there is none. Never compared. */
    declare readonly currentPolicy: pulumi.Output<string>;
    /** The region of the bucket or queue. Never compared. */
    declare readonly locatedIn: pulumi.Output<string>;
    /** The exact text that `restore-policy` puts back: the last replaced text of others. Undefined before the first change. Never compared. */
    declare readonly savedPolicy: pulumi.Output<string | undefined>;
    /** The time, kind and caller of the last change. Never compared. */
    declare readonly lastChange: pulumi.Output<LastPolicyChange | undefined>;
    /** The organization that the account was found in (`o-...`). Never compared. */
    declare readonly organizationId: pulumi.Output<string>;
    /** The identity of the run that last inspected the policy. Tells new results from old ones. Never compared. */
    declare readonly __observedInRun: pulumi.Output<string>;
}

const OUTPUTS_ONLY = {
    lockedBy: undefined,
    auditError: undefined,
    auditErrorDetail: undefined,
    currentPolicy: undefined,
    locatedIn: undefined,
    savedPolicy: undefined,
    lastChange: undefined,
    organizationId: undefined,
    __observedInRun: undefined,
};

/**
 * Declares that a bucket's policy does not lock out the administrators of the owning account.
 *
 * The preview shows the locking statements as a diff of `lockedBy`. A `PolicyBackup` stores the old policy in the stack
 * before the new one is written. The resource needs the organization's feature RootSessions.
 *
 * AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html
 */
export class BucketPolicyUnlocked extends PolicyUnlocked {
    declare readonly bucket: pulumi.Output<string>;

    constructor(name: string, args: BucketPolicyUnlockedArgs, opts: pulumi.CustomResourceOptions = {}) {
        const type = "pulumi-nodejs:dynamic/aws-root:BucketPolicyUnlocked";
        const before = backUp(name, args, opts);
        super(
            type,
            name,
            { ...OUTPUTS_ONLY, ...args, before, __provider: onceJoined(BUCKET_POLICY_PROVIDER) },
            opts,
        );
        addDeclaration(args.accountId, args.bucket, (accountId, bucket) => `${accountId}/${bucket}`);
        followRegistration(this);
    }
}

/**
 * Declares that a queue's policy does not lock out the administrators of the owning account, as `BucketPolicyUnlocked` does
 * for a bucket.
 *
 * AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html
 */
export class QueuePolicyUnlocked extends PolicyUnlocked {
    declare readonly queueUrl: pulumi.Output<string>;

    constructor(name: string, args: QueuePolicyUnlockedArgs, opts: pulumi.CustomResourceOptions = {}) {
        const type = "pulumi-nodejs:dynamic/aws-root:QueuePolicyUnlocked";
        const before = backUp(name, args, opts);
        super(
            type,
            name,
            { ...OUTPUTS_ONLY, ...args, before, __provider: onceJoined(QUEUE_POLICY_PROVIDER) },
            opts,
        );
        followRegistration(this);
        const { region } = args;
        if (region === undefined || typeof region === "string")
            addDeclaration(args.accountId, args.queueUrl, (...of) => queueId(...of, region));
        else
            pulumi
                .output(region)
                .apply((known) =>
                    addDeclaration(args.accountId, args.queueUrl, (...of) => queueId(...of, known)),
                );
    }
}

/** A copy, in the stack's state, of a policy before its change. `BucketPolicyUnlocked` and `QueuePolicyUnlocked` declare it. */
export class PolicyBackup extends pulumi.CustomResource {
    /** The policy's exact text. Empty if there was no policy. */
    declare readonly savedPolicy: pulumi.Output<string>;
    /** ISO 8601 in UTC. */
    declare readonly savedAt: pulumi.Output<string>;
    /** Texts that were saved earlier, the oldest first. */
    declare readonly earlier: pulumi.Output<string[]>;

    constructor(name: string, args: Record<string, unknown>, opts: pulumi.CustomResourceOptions) {
        const type = "pulumi-nodejs:dynamic/aws-root:PolicyBackup";
        const outputsOnly = { savedPolicy: undefined, savedAt: undefined, earlier: undefined };
        super(type, name, { ...args, ...outputsOnly, __provider: onceJoined(POLICY_BACKUP_PROVIDER) }, opts);
    }
}

function backUp(
    name: string,
    args: PolicyUnlockedArgs,
    { parent, dependsOn }: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
    const opts = { ...(parent && { parent }), ...(dependsOn && { dependsOn }) };
    return new PolicyBackup(`${name}-before`, { ...args }, opts).savedPolicy;
}

/** Tells the provider that a policy is still declared, although this run creates no resource for it. So it is not restored. */
export function stillDeclaresPolicy({
    accountId,
    bucket,
    queueUrl = "",
    region,
}: Record<"accountId", string> & Partial<Record<"bucket" | "queueUrl" | "region", string>>): void {
    joinRun();
    policiesOfRun().addDeclared(
        bucket === undefined ? queueId(accountId, queueUrl, region) : `${accountId}/${bucket}`,
    );
}

/** The resource's id. A queue's name is unique in its account and region, and most URLs contain the region. */
function queueId(accountId: string, url: string, region: string | undefined): string {
    return `${accountId}/${region ?? queueAt(url)?.region ?? ""}/${queueAt(url)?.name ?? url}`;
}

/** Tells the provider at once that the program declares the policy, because the engine may not ask it to check. */
function addDeclaration(
    accountId: pulumi.Input<string>,
    target: pulumi.Input<string>,
    id: (accountId: string, target: string) => string,
): void {
    if (typeof accountId === "string" && typeof target === "string")
        policiesOfRun().addDeclared(id(accountId, target));
    else pulumi.all([accountId, target]).apply((known) => policiesOfRun().addDeclared(id(...known)));
}
