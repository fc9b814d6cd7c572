/** `BucketPolicyUnlocked` and `QueuePolicyUnlocked`: policies that shut nobody out, and the backup that comes before. */
import * as pulumi from "@pulumi/pulumi";
import { followRegistration } from "./registration";
import { BUCKET_POLICY_STUB, POLICY_BACKUP_STUB, QUEUE_POLICY_STUB } from "./provider-references";
import type { LastPolicyChange, OnPolicyDelete, UnlockMode } from "../resource-policies/declaration";
import { queueAt } from "../resource-policies/queue-url";
import { policiesOfRun } from "../run/policies";
import { onceJoined, startRun } from "../run/start";

/** What both kinds take. */
export interface PolicyUnlockedArgs {
    /** The member account that owns the bucket or queue, 12 digits. */
    accountId: pulumi.Input<string>;
    /** The account's name, for people. A change is stored and never counts as drift. */
    accountName?: pulumi.Input<string>;
    /**
     * `remove-lock`, the default, takes out the statements that deny the account's own administrators, and keeps the others as
     * they are. Where it cannot be told whether a statement does, nothing is changed. `delete` deletes the whole policy.
     */
    mode?: pulumi.Input<UnlockMode>;
    /** Puts this policy in the place of the one that is there, whatever that is: JSON text, or an object. Instead of `mode`. */
    policy?: pulumi.Input<string | object>;
    /** Sids of statements that stay, whatever they look like: somebody has read them. */
    keep?: pulumi.Input<pulumi.Input<string>[]>;
    /** Sids of statements that go, although it cannot be told from here that they lock: somebody has read them. */
    remove?: pulumi.Input<pulumi.Input<string>[]>;
    /**
     * `retain`, the default, leaves the policy as it is when the resource is deleted. `restore-policy` puts back the one that was
     * replaced, lock and all, unless somebody else has changed it since. Pulumi deletes with the value of the last successful `up`.
     */
    onDelete?: pulumi.Input<OnPolicyDelete>;
    /** Why it is unlocked, for whoever reads the preview. */
    reason?: pulumi.Input<string>;
}

export interface BucketPolicyUnlockedArgs extends PolicyUnlockedArgs {
    /** The bucket's name. */
    bucket: pulumi.Input<string>;
    /** Left out, AWS is asked for it. */
    region?: pulumi.Input<string>;
}

export interface QueuePolicyUnlockedArgs extends PolicyUnlockedArgs {
    /** `https://sqs.eu-west-1.amazonaws.com/111122223333/orders`. */
    queueUrl: pulumi.Input<string>;
    /** Required where the URL does not tell it. */
    region?: pulumi.Input<string>;
}

/** What both kinds tell. */
abstract class PolicyUnlocked extends pulumi.CustomResource {
    declare readonly accountId: pulumi.Output<string>;
    declare readonly onDelete: pulumi.Output<OnPolicyDelete>;
    /** The statements that shut everybody out, in words; `["unknown"]` where AWS did not let us look. */
    declare readonly lockedBy: pulumi.Output<string[]>;
    /** Why something is unknown or cannot be decided, cause first; empty when all is known. */
    declare readonly auditError: pulumi.Output<string>;
    /** The whole story behind `auditError`. Never compared. */
    declare readonly auditErrorDetail: pulumi.Output<string>;
    /** The policy as it was last seen, byte for byte; empty where there is none. Never compared. */
    declare readonly currentPolicy: pulumi.Output<string>;
    /** The region. Never compared. */
    declare readonly locatedIn: pulumi.Output<string>;
    /** What the last change replaced, byte for byte; undefined as long as nothing was changed. Never compared. */
    declare readonly savedPolicy: pulumi.Output<string | undefined>;
    /** When, how and as whom it was last changed here. Never compared. */
    declare readonly lastChange: pulumi.Output<LastPolicyChange | undefined>;
    /** The organization that the account was found in. Never compared. */
    declare readonly organizationId: pulumi.Output<string>;
    /** The identity of the run that last inspected it; tells a fresh result from a remembered one. Never compared. */
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
 * Declares that a bucket's policy shuts none of the owning account's administrators out.
 *
 * What locks is shown as a diff against nothing (`lockedBy`). The old policy is stored in the stack by a `PolicyBackup`
 * before anything is written. Needs the organization's feature RootSessions.
 *
 * AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html
 */
export class BucketPolicyUnlocked extends PolicyUnlocked {
    declare readonly bucket: pulumi.Output<string>;

    constructor(name: string, args: BucketPolicyUnlockedArgs, opts: pulumi.CustomResourceOptions = {}) {
        const type = "pulumi-nodejs:dynamic/aws-root:BucketPolicyUnlocked";
        const before = savedBefore(name, args, opts);
        super(
            type,
            name,
            { ...OUTPUTS_ONLY, ...args, before, __provider: onceJoined(BUCKET_POLICY_STUB) },
            opts,
        );
        declareInThisRun(args.accountId, args.bucket, (accountId, bucket) => `${accountId}/${bucket}`);
        followRegistration(this);
    }
}

/** The same of a queue's policy. */
export class QueuePolicyUnlocked extends PolicyUnlocked {
    declare readonly queueUrl: pulumi.Output<string>;

    constructor(name: string, args: QueuePolicyUnlockedArgs, opts: pulumi.CustomResourceOptions = {}) {
        const type = "pulumi-nodejs:dynamic/aws-root:QueuePolicyUnlocked";
        const before = savedBefore(name, args, opts);
        super(
            type,
            name,
            { ...OUTPUTS_ONLY, ...args, before, __provider: onceJoined(QUEUE_POLICY_STUB) },
            opts,
        );
        followRegistration(this);
        const { region } = args;
        if (region === undefined || typeof region === "string")
            declareInThisRun(args.accountId, args.queueUrl, (...of) => queueId(...of, region));
        else
            pulumi
                .output(region)
                .apply((known) =>
                    declareInThisRun(args.accountId, args.queueUrl, (...of) => queueId(...of, known)),
                );
    }
}

/** A policy as it stood before it was replaced, in the stack's state. Declared by the two kinds themselves. */
export class PolicyBackup extends pulumi.CustomResource {
    /** Byte for byte; empty where there was no policy. */
    declare readonly savedPolicy: pulumi.Output<string>;
    declare readonly savedAt: pulumi.Output<string>;
    /** What was saved before that, the oldest first. */
    declare readonly earlier: pulumi.Output<string[]>;

    constructor(name: string, args: Record<string, unknown>, opts: pulumi.CustomResourceOptions) {
        const type = "pulumi-nodejs:dynamic/aws-root:PolicyBackup";
        const outputsOnly = { savedPolicy: undefined, savedAt: undefined, earlier: undefined };
        super(type, name, { ...args, ...outputsOnly, __provider: onceJoined(POLICY_BACKUP_STUB) }, opts);
    }
}

function savedBefore(
    name: string,
    args: PolicyUnlockedArgs,
    { parent, dependsOn }: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
    const opts = { ...(parent && { parent }), ...(dependsOn && { dependsOn }) };
    return new PolicyBackup(`${name}-before`, { ...args }, opts).savedPolicy;
}

/** Tells the provider that a policy which is not declared in this run is meant to be, and that none is put back there. */
export function stillDeclaresPolicy({
    accountId,
    bucket,
    queueUrl = "",
    region,
}: Record<"accountId", string> & Partial<Record<"bucket" | "queueUrl" | "region", string>>): void {
    startRun();
    policiesOfRun().addDeclared(
        bucket === undefined ? queueId(accountId, queueUrl, region) : `${accountId}/${bucket}`,
    );
}

/** As the provider knows it: a queue's name is unique in its account and region, which most URLs tell. */
function queueId(accountId: string, url: string, region: string | undefined): string {
    return `${accountId}/${region ?? queueAt(url)?.region ?? ""}/${queueAt(url)?.name ?? url}`;
}

/** Tells the provider that the program still declares the policy, before and whether or not the engine asks it to check. */
function declareInThisRun(
    accountId: pulumi.Input<string>,
    target: pulumi.Input<string>,
    id: (accountId: string, target: string) => string,
): void {
    if (typeof accountId === "string" && typeof target === "string")
        policiesOfRun().addDeclared(id(accountId, target));
    else pulumi.all([accountId, target]).apply((known) => policiesOfRun().addDeclared(id(...known)));
}
