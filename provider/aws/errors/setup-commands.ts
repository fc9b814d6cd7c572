/** The AWS CLI commands that set up central root access, for messages. */
import type { OrganizationFeature } from "./facts";

export const TURN_ON: Record<OrganizationFeature | "trustedAccess", string> = {
    RootCredentialsManagement: "aws iam enable-organizations-root-credentials-management",
    RootSessions: "aws iam enable-organizations-root-sessions",
    trustedAccess: "aws organizations enable-aws-service-access --service-principal iam.amazonaws.com",
};

export function delegateTo(accountId: string): string {
    return `aws organizations register-delegated-administrator --account-id ${accountId} --service-principal iam.amazonaws.com`;
}
