/**
 * The foundation's resources. Only this file loads `@pulumi/aws`, and only if the foundation is on. It imports deep paths,
 * because the package's index would take the compiler three times as long as all other code.
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
    /** Accounts that are already delegated administrators. */
    registered: string[];
    denyRootUser: string[];
    /** Accounts with an open exception. */
    openAccounts: string[];
}

/** Returns the resource that every account depends on: the features, which depend on trusted access. */
export function registerFoundation(plan: FoundationPlan): pulumi.Resource {
    const { managementAccountId, features, delegatedAdministrator: accountId, registered } = plan;
    // The default provider follows the stack's `aws:` settings and may be signed in to another organization. This provider
    // follows the environment, as the rest of the program does.
    const provider = new Provider("management-account", { allowedAccountIds: [managementAccountId] });
    // Other software may depend on these switches, so Pulumi never switches them off.
    const shared = { provider, retainOnDelete: true };

    const trustedAccess = new AwsServiceAccess("trusted-access-for-iam", { servicePrincipal: IAM }, shared);
    const centralRootAccess = new OrganizationsFeatures(
        "central-root-access",
        { enabledFeatures: features },
        { ...shared, dependsOn: trustedAccess },
    );
    if (accountId !== undefined) {
        // AWS refuses to register an account twice, so Pulumi imports an existing registration.
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

/** This stack owns the policy, so it detaches the policy from targets that leave the setting. */
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
