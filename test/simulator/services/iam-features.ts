import { AwsError } from "../aws-error";
import type { Action, Answer, Call } from "../call";
import type { FeatureName, Organization } from "../state/organization";

/** A delegated administrator may list and disable the features, but only the management account enables them. */
export const FEATURE_ACTIONS = {
    ListOrganizationsFeatures: (call) => enabledFeatures(call),
    EnableOrganizationsRootCredentialsManagement: (call) => switched(call, "RootCredentialsManagement", true),
    DisableOrganizationsRootCredentialsManagement: (call) =>
        switched(call, "RootCredentialsManagement", false),
    EnableOrganizationsRootSessions: (call) => switched(call, "RootSessions", true),
    DisableOrganizationsRootSessions: (call) => switched(call, "RootSessions", false),
} satisfies Record<string, Action>;

function enabledFeatures(call: Call): Answer {
    requireAdministrator(call);
    return shown(call.organization);
}

function shown({ id, omitsOrganizationId, features }: Organization): Answer {
    return { ...(!omitsOrganizationId && { OrganizationId: id }), EnabledFeatures: [...features] };
}

function switched(call: Call, feature: FeatureName, on: boolean): Answer {
    requireAdministrator(call);
    const { organization, principal } = call;
    if (on && principal.accountId !== organization.managementAccountId) {
        throw new AwsError(
            "CallerIsNotManagementAccountException",
            `Input account ${principal.accountId} cannot enable IAM features.`,
        );
    }
    organization.setFeature(feature, on);
    return shown(organization);
}

function requireAdministrator({ organization, principal: { accountId } }: Call): void {
    if (!organization.find(accountId)) {
        throw new AwsError(
            "OrganizationNotFoundException",
            `No organization is associated with input account ${accountId}.`,
        );
    }
    if (organization.featureSet !== "ALL") {
        throw new AwsError(
            "OrganizationNotInAllFeaturesModeException",
            `Organization of input account ${accountId} does not have all features enabled.`,
        );
    }
    if (!organization.isAdministrator(accountId)) {
        throw new AwsError(
            "AccountNotManagementOrDelegatedAdministratorException",
            `Input account ${accountId} is neither management account nor delegated admin.`,
        );
    }
    if (!organization.trustedAccess) {
        throw new AwsError(
            "ServiceAccessNotEnabledException",
            `Trusted Access for IAM not enabled by organization of input account ${accountId}.`,
        );
    }
}
