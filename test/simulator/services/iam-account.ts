import type { Answer, Call } from "../call";
import type { CredentialKind } from "../state/credentials";
import { subjectOf } from "./iam-subject";

/** A root user has neither UserName nor Path, and PasswordLastUsed only if there is a last use. */
export function getUser(call: Call): Answer {
    const { credentials, userName } = subjectOf(call);
    const { principal, organization } = call;
    const account = organization.find(principal.accountId);
    return {
        User: {
            Path: userName === undefined ? undefined : "/",
            UserName: userName,
            UserId: principal.userId,
            Arn: principal.arn,
            CreateDate: account?.joined ?? new Date("2024-01-15T09:00:00Z"),
            PasswordLastUsed: credentials.password?.lastUsed,
        },
    };
}

/** The four flags are about the root user of the account, whoever asks; the other numbers are decoration. */
export function getAccountSummary({ organization, principal }: Call): Answer {
    const root = organization.rootOf(principal.accountId);
    const flag = (kind: CredentialKind) => (organization.readLag.visible(root, kind).length > 0 ? 1 : 0);
    const summary = new Map([
        ["AccountPasswordPresent", flag("password")],
        ["AccountMFAEnabled", flag("mfaDevice")],
        ["AccountAccessKeysPresent", flag("accessKey")],
        ["AccountSigningCertificatesPresent", flag("signingCertificate")],
        ["AccessKeysPerUserQuota", 2],
        ["SigningCertificatesPerUserQuota", 2],
        ["MFADevices", root.mfaDevices.length],
        ["MFADevicesInUse", root.mfaDevices.length],
        ["Users", 0],
        ["UsersQuota", 5000],
    ]);
    for (const key of organization.omittedSummaryKeys) summary.delete(key);
    return { SummaryMap: summary };
}
