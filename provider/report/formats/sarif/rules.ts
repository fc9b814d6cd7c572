/** The kinds of findings, as SARIF's rules. */
import type { ReportingDescriptor } from "sarif";
import { controlsOf, requirementsInWords } from "../../controls";

export interface Rule {
    id: string;
    level: "error" | "warning" | "note";
    /** Of 10; code scanning sorts by it. */
    severity: string;
    title: string;
    description: string;
    help: string;
}

export const RULES = {
    accessKey: {
        id: "root-access-key",
        level: "error",
        severity: "9.5",
        title: "The root user has an access key",
        description:
            "The holder of the key may do everything in the account, from anywhere, without MFA. No task needs such a key.",
        help: `\`pulumi up\` deletes the key for good. Find out from its last use whether something still depends on it.${controlsInHelp("accessKeys")}`,
    },
    loginProfile: {
        id: "root-password",
        level: "error",
        severity: "8.5",
        title: "The root user has a password",
        description:
            "Anybody who knows the password, or reads the account's root mailbox, may sign in and do everything in the account.",
        help: `\`pulumi up\` deletes the password. An exception allows recovery again.${controlsInHelp("loginProfile")}`,
    },
    signingCertificate: {
        id: "root-signing-certificate",
        level: "error",
        severity: "8.0",
        title: "The root user has a signing certificate",
        description: "The holder of its private key may sign requests as the account's root user.",
        help: "`pulumi up` deletes the certificate for good.",
    },
    mfaDevice: {
        id: "root-mfa-device",
        level: "warning",
        severity: "3.0",
        title: "The root user has an MFA device",
        description: "An MFA device alone opens nothing, but it is of no use without a password.",
        help: "`pulumi up` deactivates the device after it has deleted the password.",
    },
    unreadable: {
        id: "account-unreadable",
        level: "error",
        severity: "7.0",
        title: "An account could not be inspected",
        description: "AWS refused a call, so it is unknown whether the root user holds credentials.",
        help: "The message says what AWS refused, and what to do about it.",
    },
    acknowledged: {
        id: "account-acknowledged",
        level: "note",
        severity: "2.0",
        title: "An account could not be inspected, as acknowledged",
        description:
            "It is unknown whether the root user holds credentials. The settings acknowledge the cause for a while.",
        help: "The account is a finding again when the acknowledgement ends.",
    },
    notInspected: {
        id: "account-not-inspected",
        level: "error",
        severity: "7.0",
        title: "An account was not inspected",
        description:
            "There is no result for the account. Its state is unknown, and it does not count as clean.",
        help: "Run again. If there is still no result, the message says why.",
    },
    incomplete: {
        id: "inspection-incomplete",
        level: "error",
        severity: "7.0",
        title: "Not everything could be inspected",
        description: "There may be findings that this run does not report.",
        help: "Run again. Alerts that closed with this run may come back.",
    },
    policyLocks: {
        id: "policy-locks",
        level: "error",
        severity: "6.5",
        title: "A policy of a bucket or queue locks everybody out",
        description: "Only a root session can still change the policy.",
        help: "`pulumi up` replaces the policy as declared, and keeps the old text.",
    },
    policyDiffers: {
        id: "policy-differs",
        level: "warning",
        severity: "4.0",
        title: "A policy of a bucket or queue is not as declared",
        description: "The policy was changed, or it is unknown whether it locks everybody out.",
        help: "The message says what was found.",
    },
    policyNotInspected: {
        id: "policy-not-inspected",
        level: "error",
        severity: "5.0",
        title: "A policy of a bucket or queue could not be inspected",
        description: "It is unknown whether the policy locks everybody out.",
        help: "The message says what AWS refused.",
    },
    reopened: {
        id: "account-reopened",
        level: "warning",
        severity: "6.0",
        title: "An account is about to be opened for password recovery",
        description:
            "The program no longer declares the account, and `pulumi up` allows recovery of its root password.",
        help: "If the account shall stay closed, declare it again, or retain it.",
    },
    retained: {
        id: "account-retained",
        level: "note",
        severity: "2.0",
        title: "An account will no longer be inspected",
        description: "The program no longer declares the account, and `pulumi up` changes nothing in it.",
        help: "If the account shall be inspected, declare it again.",
    },
    exception: {
        id: "open-exception",
        level: "note",
        severity: "2.0",
        title: "An account is open by an exception, or about to be",
        description: "Its root password can be recovered, or is set, until the exception ends.",
        help: "The first `pulumi up` after the exception's end closes the account.",
    },
} as const satisfies Record<string, Rule>;

export const ALL_RULES: Rule[] = Object.values(RULES);

export function descriptorOf({ id, level, severity, title, description, help }: Rule): ReportingDescriptor {
    return {
        id,
        name: id.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase()),
        shortDescription: { text: title },
        fullDescription: { text: description },
        help: { text: help },
        defaultConfiguration: { level },
        properties: {
            tags: ["security", "aws", "root-user"],
            precision: "very-high",
            "problem.severity": level === "note" ? "recommendation" : level,
            "security-severity": severity,
        },
    };
}

function controlsInHelp(kind: string): string {
    const each = controlsOf(kind).map(
        ({ by, id, title, requirements, source }) =>
            `${by} ${id} (${title}), related to ${requirementsInWords(requirements)}: ${source}`,
    );
    return ` Controls that evaluate it: ${each.join("; ")}.`;
}
