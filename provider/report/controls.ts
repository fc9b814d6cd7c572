/**
 * The security controls that evaluate root credentials, each with its source.
 *
 * Security Hub's IAM.6 and IAM.9 evaluate the login profile. They pass without one, even if the root user has other credentials. The
 * AWS Config rules behind them, used by themselves, do not answer COMPLIANT in that case.
 * No source was found for a control that evaluates signing certificates alone, so none is listed.
 */

/** One requirement of a standard. */
export interface Requirement {
    standard: string;
    id: string;
    title?: string;
    source: string;
    /** The source is neither AWS nor the maker of the standard. */
    thirdParty?: true;
}

/** A check, and the requirements that it is related to. */
export interface Control {
    /** The publisher. */
    by: string;
    id: string;
    title: string;
    /** The kinds of credential that it evaluates, by the names in the record of writes. */
    kinds: readonly string[];
    /** The condition for passing. */
    passes: string;
    /** The rule of AWS Config behind it. */
    configRule?: string;
    /** The answer of that rule, used by itself, if an account has no root credentials. */
    configRuleAnswer?: { text: string; source: string };
    source: string;
    /** The source is neither AWS nor the maker of the standard. */
    thirdParty?: true;
    requirements: readonly Requirement[];
}

const SECURITY_HUB = "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html";
const CIS_V7 = "https://ce.prod.cloudaware.com/frameworks/cis-aws-v7.0.0/02";

const HUB = "AWS Security Hub CSPM";
const ALL_KINDS = ["accessKeys", "signingCertificates", "loginProfile", "mfaDevices"];

const WITHOUT_A_PASSWORD = "if the root user has no login profile, or has one with MFA";

export const CONTROLS: readonly Control[] = [
    {
        by: HUB,
        id: "IAM.4",
        title: "IAM root user access key should not exist",
        kinds: ["accessKeys"],
        passes: "if the root user has no access key",
        ...configRule("iam-root-access-key-check"),
        source: `${SECURITY_HUB}#iam-4`,
        requirements: [
            ...cis("v5.0.0", "1.3", "#iam-4"),
            ...cis("v3.0.0", "1.4", "#iam-4"),
            ...nist(["AC-2(1)", "AC-3(15)", "AC-3(7)", "AC-6", "AC-6(10)", "AC-6(2)"], "#iam-4"),
        ],
    },
    {
        by: HUB,
        id: "IAM.6",
        title: "Hardware MFA should be enabled for the root user",
        kinds: ["loginProfile"],
        passes: `${WITHOUT_A_PASSWORD}. With a password, virtual MFA is not enough`,
        ...configRule("root-account-hardware-mfa-enabled"),
        source: `${SECURITY_HUB}#iam-6`,
        requirements: [
            {
                standard: "CIS AWS Foundations Benchmark v7.0.0",
                id: "2.6",
                title: "Ensure hardware MFA is enabled for the 'root' user account",
                source: `${CIS_V7}/06/`,
                thirdParty: true,
            },
            ...cis("v5.0.0", "1.5", "#iam-6"),
            ...cis("v3.0.0", "1.6", "#iam-6"),
            ...pci("8.4.2", "#iam-6"),
            ...nist(["AC-2(1)", "AC-3(15)", "IA-2(1)", "IA-2(2)", "IA-2(6)", "IA-2(8)"], "#iam-6"),
        ],
    },
    {
        by: HUB,
        id: "IAM.9",
        title: "MFA should be enabled for the root user",
        kinds: ["loginProfile"],
        passes: WITHOUT_A_PASSWORD,
        ...configRule("root-account-mfa-enabled"),
        source: `${SECURITY_HUB}#iam-9`,
        requirements: [
            {
                standard: "CIS AWS Foundations Benchmark v7.0.0",
                id: "2.5",
                title: "Ensure MFA is enabled for the 'root' user account",
                source: `${CIS_V7}/05/`,
                thirdParty: true,
            },
            ...cis("v5.0.0", "1.4", "#iam-9"),
            ...cis("v3.0.0", "1.5", "#iam-9"),
            ...pci("8.4.2", "#iam-9"),
            ...nist(["AC-2(1)", "AC-3(15)", "IA-2(1)", "IA-2(2)", "IA-2(6)", "IA-2(8)"], "#iam-9"),
        ],
    },
    {
        by: "CIS AWS Foundations Benchmark v7.0.0",
        id: "2.1.1",
        title: "Centralized root access management for member accounts",
        kinds: ALL_KINDS,
        passes: "if the organization has it switched on; a confirmed write by a root session shows that it was on at that time",
        source: "https://www.tenable.com/audits/items/CIS_Amazon_Web_Services_Foundations_v7.0.0_L2.audit:68b4856b6710d99f4307c27ca117824a",
        thirdParty: true,
        requirements: [
            {
                standard: "CIS AWS Foundations Benchmark v7.0.0",
                id: "2.1.1",
                source: "https://github.com/mondoohq/mql/issues/10247",
                thirdParty: true,
            },
        ],
    },
];

/** A control with the effect of the writes in a report. */
export interface ControlInEvidence extends Control {
    /** The number of writes that removed a credential it evaluates, or found it gone. */
    removed: number;
    /** The number of writes that allowed recovery of a password, or found it allowed. After such a write the control fails until there is MFA. */
    opened: number;
}

/** @param writes with any result */
export function controlsIn(writes: { action: string; kind: string; result: string }[]): ControlInEvidence[] {
    return CONTROLS.flatMap((control) => {
        const own = writes.filter(({ kind }) => control.kinds.includes(kind));
        const carriedOut = own.filter(({ result }) => result !== "failed" && result !== "unknown");
        const opened = carriedOut.filter(({ action }) => action === "iam:CreateLoginProfile").length;
        return own.length === 0 ? [] : [{ ...control, removed: carriedOut.length - opened, opened }];
    });
}

/** @param kind the name in the record of writes: `accessKeys`, `loginProfile` */
export function controlsOf(kind: string): Control[] {
    return CONTROLS.filter(({ kinds }) => kinds.includes(kind));
}

/** `CIS AWS Foundations Benchmark v5.0.0 1.3; PCI DSS v4.0.1 8.4.2`, with a note if the source is a third party. */
export function requirementsInWords(requirements: readonly Requirement[]): string {
    const byStandard = Map.groupBy(requirements, ({ standard, thirdParty }) =>
        thirdParty ? `${standard} (according to a third party)` : standard,
    );
    return [...byStandard]
        .map(([standard, all]) => `${standard} ${all.map(({ id }) => id).join(", ")}`)
        .join("; ");
}

function configRule(name: string): Pick<Control, "configRule" | "configRuleAnswer"> {
    const source = `https://docs.aws.amazon.com/config/latest/developerguide/${name}.html`;
    return {
        configRule: name,
        configRuleAnswer: { text: "NOT_APPLICABLE where root credentials are not present", source },
    };
}

function cis(version: string, id: string, anchor: string): Requirement[] {
    return [{ standard: `CIS AWS Foundations Benchmark ${version}`, id, source: SECURITY_HUB + anchor }];
}

function pci(id: string, anchor: string): Requirement[] {
    return [{ standard: "PCI DSS v4.0.1", id, source: SECURITY_HUB + anchor }];
}

function nist(ids: string[], anchor: string): Requirement[] {
    return ids.map((id) => ({ standard: "NIST SP 800-53 Rev. 5", id, source: SECURITY_HUB + anchor }));
}
