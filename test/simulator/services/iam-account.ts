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

/** The four flags are about the root user of the account, whoever asks; the other numbers are those of an account with a few roles (observed live). */
export function getAccountSummary({ organization, principal }: Call): Answer {
    const root = organization.rootOf(principal.accountId);
    const flag = (kind: CredentialKind) => (organization.readLag.visible(root, kind).length > 0 ? 1 : 0);
    const summary = new Map([
        ["AccountPasswordPresent", flag("password")],
        ["AccountMFAEnabled", flag("mfaDevice")],
        ["AccountAccessKeysPresent", flag("accessKey")],
        ["AccountSigningCertificatesPresent", flag("signingCertificate")],
        ["AccessKeysPerUserQuota", 2],
        ["AssumeRolePolicySizeQuota", 2048],
        ["AttachedPoliciesPerGroupQuota", 10],
        ["AttachedPoliciesPerRoleQuota", 20],
        ["AttachedPoliciesPerUserQuota", 10],
        ["GlobalEndpointTokenVersion", 1],
        ["GroupPolicySizeQuota", 5120],
        ["Groups", 0],
        ["GroupsPerUserQuota", 10],
        ["GroupsQuota", 300],
        ["InstanceProfiles", 0],
        ["InstanceProfilesQuota", 1000],
        ["MFADevices", root.mfaDevices.length],
        ["MFADevicesInUse", root.mfaDevices.length],
        ["Policies", 0],
        ["PoliciesQuota", 1500],
        ["PolicySizeQuota", 6144],
        ["PolicyVersionsInUse", 7],
        ["PolicyVersionsInUseQuota", 10000],
        ["Providers", 1],
        ["RolePolicySizeQuota", 10240],
        ["Roles", 8],
        ["RolesQuota", 1000],
        ["ServerCertificates", 0],
        ["ServerCertificatesQuota", 20],
        ["SigningCertificatesPerUserQuota", 2],
        ["UserPolicySizeQuota", 2048],
        ["Users", 0],
        ["UsersQuota", 5000],
        ["VersionsPerPolicyQuota", 5],
    ]);
    for (const key of organization.omittedSummaryKeys) summary.delete(key);
    return { SummaryMap: summary };
}
