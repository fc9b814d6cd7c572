import type * as pulumi from "@pulumi/pulumi";
import type { DesiredLoginProfile } from "../credentials/desired";
import type { Acknowledgement, AuditMode, OnDelete } from "../credentials/settings";

export interface RootCredentialsAbsentArgs {
    /**
     * The id of the member account, 12 digits. AWS refuses root sessions in the management account. A change replaces the
     * resource.
     */
    accountId: pulumi.Input<string>;
    /** The account's name, for messages and reports. A change is stored and is no drift. */
    accountName?: pulumi.Input<string>;
    /** The path of the account's organizational unit (`Workloads/Prod`), for messages and reports. A change is no drift. */
    organizationalUnit?: pulumi.Input<string>;
    /**
     * The effect on the account when the resource is deleted. The default `allow-recovery` allows password recovery again;
     * `retain` changes nothing. Pulumi deletes with the value of the last successful `up`.
     */
    onDelete?: pulumi.Input<OnDelete>;
    /**
     * The number of accounts that one run may open because they left the program. If more accounts left it, the run refuses
     * to open any of them. The same number of accounts, but at least one, may be gone from the organization at once; the
     * stack keeps the others.
     *
     * Default: a tenth of the accounts in the stack, at least 5 and at most 50. If resources of a program have different
     * values, the largest one counts. `pulumi destroy` has no limit.
     */
    maxRemovals?: pulumi.Input<number>;
    /**
     * Keeps access keys and passwords that were used within this number of days (1 or more), and fails for their account. A
     * key or password is also kept if AWS does not tell its last use. AWS records no last use of signing certificates and
     * MFA devices, so they are removed in any case. Default: the last use does not matter.
     *
     * AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys_last-used.html
     */
    refuseIfUsedWithinDays?: pulumi.Input<number>;
    /**
     * How the account is inspected. The default `summary` asks for the account's summary and lists only the kinds that it
     * shows. A clean account then costs 2 calls. `full` always lists every kind.
     *
     * AWS: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
     */
    audit?: pulumi.Input<AuditMode>;
    /**
     * `present` declares an exception (break-glass) and needs `until` and `reason`. It allows password recovery. The
     * password and MFA devices are kept; access keys and signing certificates are removed. Default: `absent`.
     */
    loginProfile?: pulumi.Input<DesiredLoginProfile>;
    /**
     * The end of the exception, in ISO 8601 with a time zone. After it, the account is declared `absent`, and the next run
     * removes its password and MFA devices. The clock of the machine that runs the program decides.
     */
    until?: pulumi.Input<string>;
    /** The reason for the exception, for readers of the preview. */
    reason?: pulumi.Input<string>;
    /**
     * Until the time `until`, it is no drift that the account is unreadable. The cause must lie in the account: an SCP, an
     * RCP, or that it is the caller's own account. Every run still tries to inspect the account, and a credential that is
     * found is drift. `until` is in ISO 8601 with a time zone; the clock of the machine that runs the program decides.
     */
    acknowledged?: Acknowledgement;
}
