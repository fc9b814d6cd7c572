/** Every action the simulator answers, by the service that owns it. Anything else is unknown to it. */
export const ACTION_NAMES = {
    sts: ["AssumeRoot", "GetCallerIdentity"],
    iam: [
        "ListAccessKeys",
        "ListSigningCertificates",
        "ListMFADevices",
        "GetLoginProfile",
        "GetAccessKeyLastUsed",
        "GetUser",
        "GetAccountSummary",
        "DeleteAccessKey",
        "DeleteSigningCertificate",
        "DeleteLoginProfile",
        "DeactivateMFADevice",
        "DeleteVirtualMFADevice",
        "CreateLoginProfile",
        "ListOrganizationsFeatures",
        "EnableOrganizationsRootCredentialsManagement",
        "DisableOrganizationsRootCredentialsManagement",
        "EnableOrganizationsRootSessions",
        "DisableOrganizationsRootSessions",
    ],
    organizations: [
        "DescribeOrganization",
        "DescribeAccount",
        "ListRoots",
        "ListAccounts",
        "ListAccountsForParent",
        "ListOrganizationalUnitsForParent",
        "ListParents",
        "ListTagsForResource",
        "ListDelegatedAdministrators",
        "ListAWSServiceAccessForOrganization",
    ],
} as const;

export type Service = keyof typeof ACTION_NAMES;
export type ActionName<S extends Service = Service> = (typeof ACTION_NAMES)[S][number];
