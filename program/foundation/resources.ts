/**
 * The foundation's resources. This is the only file that loads `@pulumi/aws`, and it is loaded only where a foundation is
 * on. Deep paths: the package's index costs the compiler three times its other work.
 */
import { OrganizationsFeatures } from "@pulumi/aws/iam/organizationsFeatures";
import { AwsServiceAccess } from "@pulumi/aws/organizations/awsServiceAccess";
import { DelegatedAdministrator } from "@pulumi/aws/organizations/delegatedAdministrator";
import { Policy } from "@pulumi/aws/organizations/policy";
import { PolicyAttachment } from "@pulumi/aws/organizations/policyAttachment";
import { Provider } from "@pulumi/aws/provider";
import type * as pulumi from "@pulumi/pulumi";
import { rootUserScp } from "./root-user-scp";

const IAM = "iam.amazonaws.com";

export interface FoundationPlan {
    managementAccountId: string;
    partition: string;
    features: string[];
    delegatedAdministrator?: string;
    /** The accounts that are delegated administrators already. */
    registered: string[];
    denyRootUser: string[];
    /** Accounts in an open exception. */
    openAccounts: string[];
}

/** Registers the foundation. Gives what every account needs: the features, which in their turn need trusted access. */
export function registerFoundation(plan: FoundationPlan): pulumi.Resource {
    const { managementAccountId, features, delegatedAdministrator: accountId, registered } = plan;
    // Not the default provider: that one follows the stack's `aws:` settings and might be signed in to another organization
    // than the one that has just been looked at. This one follows the environment, as the rest of the program does.
    const provider = new Provider("management-account", { allowedAccountIds: [managementAccountId] });
    // Others depend on these, so they are never switched off again from here.
    const shared = { provider, retainOnDelete: true };

    const trustedAccess = new AwsServiceAccess("trusted-access-for-iam", { servicePrincipal: IAM }, shared);
    const centralRootAccess = new OrganizationsFeatures(
        "central-root-access",
        { enabledFeatures: features },
        { ...shared, dependsOn: trustedAccess },
    );
    if (accountId !== undefined) {
        // AWS refuses to register an account twice, so one that is registered is adopted.
        const adopted = registered.includes(accountId) ? { import: `${accountId}/${IAM}` } : {};
        new DelegatedAdministrator(
            `delegated-administrator-${accountId}`,
            { accountId, servicePrincipal: IAM },
            { ...shared, ...adopted, dependsOn: trustedAccess },
        );
    }
    if (plan.denyRootUser.length > 0) denyRootUsers(plan, provider);
    return centralRootAccess;
}

/** The policy is this stack's own, unlike the switches above: what leaves the setting is detached. */
function denyRootUsers({ denyRootUser, ...plan }: FoundationPlan, provider: Provider): void {
    const policy = new Policy(
        "deny-root-user",
        {
            name: "DenyRootUserExceptAssumeRoot",
            description:
                "Denies root users of member accounts everything, except in sessions of sts:AssumeRoot (aws-root-credentials)",
            type: "SERVICE_CONTROL_POLICY",
            content: JSON.stringify(rootUserScp(plan)),
        },
        { provider },
    );
    for (const targetId of denyRootUser) {
        new PolicyAttachment(`deny-root-user-${targetId}`, { policyId: policy.id, targetId }, { provider });
    }
}
