/** The settings that a program declares for an account. */

export interface RootCredentialConfiguration {
    accountId: string;
    accountName?: string;
    organizationalUnit?: string;
    onDelete: OnDelete;
    maxRemovals?: number;
    refuseIfUsedWithinDays?: number;
    audit?: AuditMode;
    until?: string;
    reason?: string;
    acknowledged?: Acknowledgement;
}

/** The operator knows that the account cannot be inspected. Until this time, that is no drift. */
export interface Acknowledgement {
    /** ISO 8601 with a time zone. */
    until: string;
    /** For people who read the preview or a report. */
    reason: string;
}

/** A changed value of these settings is a change of the resource. The names of accounts and units are not compared. */
export const COMPARED_SETTINGS = ["onDelete", "refuseIfUsedWithinDays", "audit", "until", "reason"] as const;

export type ComparedSettings = {
    [Setting in (typeof COMPARED_SETTINGS)[number]]?: RootCredentialConfiguration[Setting] | undefined;
};

/**
 * The effect on the account when Pulumi deletes the resource.
 *
 * - `allow-recovery`: allow password recovery again (`iam:CreateLoginProfile` in a root session). Access keys, signing
 *   certificates and MFA devices cannot be restored.
 * - `retain`: leave the account unchanged.
 */
export type OnDelete = "allow-recovery" | "retain";

/** How an account is inspected. `summary` lists only the kinds that the account's summary shows; `full` lists every kind. */
export type AuditMode = "summary" | "full";
