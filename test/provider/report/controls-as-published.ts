/**
 * The related requirements of each control, copied from Security Hub's page and not from the code:
 * https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html
 *
 * Superseded versions of standards (CIS 1.2.0 and 1.4.0, PCI DSS 3.2.1) are left out. The lines of CIS 7.0.0 are from the third parties
 * that `provider/report/controls.ts` names, because CIS gives its text only to registered users.
 */
export const CONTROLS_AS_PUBLISHED = [
    ...published("IAM.4", "accessKeys", "iam-root-access-key-check", {
        "CIS AWS Foundations Benchmark v5.0.0": "1.3",
        "CIS AWS Foundations Benchmark v3.0.0": "1.4",
        "NIST SP 800-53 Rev. 5": "AC-2(1) AC-3(15) AC-3(7) AC-6 AC-6(10) AC-6(2)",
    }),
    ...published("IAM.6", "loginProfile", "root-account-hardware-mfa-enabled", {
        "CIS AWS Foundations Benchmark v7.0.0": "2.6",
        "CIS AWS Foundations Benchmark v5.0.0": "1.5",
        "CIS AWS Foundations Benchmark v3.0.0": "1.6",
        "PCI DSS v4.0.1": "8.4.2",
        "NIST SP 800-53 Rev. 5": "AC-2(1) AC-3(15) IA-2(1) IA-2(2) IA-2(6) IA-2(8)",
    }),
    ...published("IAM.9", "loginProfile", "root-account-mfa-enabled", {
        "CIS AWS Foundations Benchmark v7.0.0": "2.5",
        "CIS AWS Foundations Benchmark v5.0.0": "1.4",
        "CIS AWS Foundations Benchmark v3.0.0": "1.5",
        "PCI DSS v4.0.1": "8.4.2",
        "NIST SP 800-53 Rev. 5": "AC-2(1) AC-3(15) IA-2(1) IA-2(2) IA-2(6) IA-2(8)",
    }),
    ...published("2.1.1", "accessKeys signingCertificates loginProfile mfaDevices", "", {
        "CIS AWS Foundations Benchmark v7.0.0": "2.1.1",
    }),
];

function published(control: string, kinds: string, configRule: string, related: Record<string, string>) {
    return Object.entries(related).map(([standard, items]) => ({
        control,
        kinds,
        configRule,
        standard,
        items,
    }));
}
