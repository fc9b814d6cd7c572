/** The caller's organization and its features of central root access, as IAM lists them. */
import { ListOrganizationsFeaturesCommand } from "@aws-sdk/client-iam";
import { DescribeOrganizationCommand } from "@aws-sdk/client-organizations";
import { organizations, preflightIam } from "../aws/clients";
import { callFailed, diagnose, type FailureReason } from "../aws/errors/diagnose";
import { IncompleteAnswer } from "../aws/errors/error-classes";
import { delegateTo, TURN_ON } from "../aws/errors/setup-commands";
import { required } from "../aws/responses";
import { codeAndMessageOf, codeOf } from "../process/error-text";

export interface CallersOrganization {
    /** `o-...`, or empty if AWS does not name it. */
    organizationId: string;
    /** Why the id is unknown. */
    organizationUnknown?: string;
}

interface Features extends CallersOrganization {
    features: string[];
}

export async function enabledFeatures(): Promise<Features> {
    const answer = await preflightIam().send(new ListOrganizationsFeaturesCommand({}));
    const features = required(answer.EnabledFeatures, "EnabledFeatures");
    const { OrganizationId: organizationId } = answer;
    return { features, ...(organizationId ? { organizationId } : await describedOrganization()) };
}

/** In the SDK's model, IAM may leave out the organization's id. */
async function describedOrganization(): Promise<CallersOrganization> {
    try {
        const client = organizations("DescribeOrganization");
        const { Organization } = await client.send(new DescribeOrganizationCommand({}));
        return { organizationId: required(Organization?.Id, "Organization.Id") };
    } catch (error) {
        const organizationUnknown = `organizations:DescribeOrganization answered ${codeAndMessageOf(error)}`;
        return { organizationId: "", organizationUnknown };
    }
}

/** Awaits the features. A failure becomes one sentence about what to do. */
export async function orExplain(features: Promise<Features>, accountId: string): Promise<Features> {
    try {
        return await features;
    } catch (error) {
        const { reason } = diagnose(error, { accountId, action: "iam:ListOrganizationsFeatures" });
        throw callFailed(reason, explain(error, accountId), error);
    }
}

function explain(error: unknown, accountId: string): string {
    const answered = `iam:ListOrganizationsFeatures answered ${codeAndMessageOf(error)}`;
    switch (codeOf(error)) {
        case "ServiceAccessNotEnabledException":
            return `trusted access for IAM is off in the organization; turn it on from the management account: ${TURN_ON.trustedAccess} (${answered})`;
        case "AccountNotManagementOrDelegatedAdministratorException":
            return `account ${accountId} is neither the organization's management account nor its delegated administrator for IAM; run as one of them, or delegate in the management account: ${delegateTo(accountId)} (${answered})`;
        case "OrganizationNotFoundException":
            return `account ${accountId} belongs to no organization; run as the management account or the delegated administrator (${answered})`;
        case "OrganizationNotInAllFeaturesModeException":
            return `${NOT_ALL_FEATURES} (${answered})`;
    }
    if (error instanceof IncompleteAnswer) {
        return `iam:ListOrganizationsFeatures answered without the list of features; check what answers at the IAM endpoint (AWS_ENDPOINT_URL)`;
    }
    const { reason, next } = diagnose(error, { accountId, action: "iam:ListOrganizationsFeatures" });
    const allow = "Allow iam:ListOrganizationsFeatures on * for the caller (docs/permissions.md)";
    return `${answered}. ${reason === "not-allowed" ? allow : (ADVICE[reason] ?? next ?? "")}`;
}

export const NOT_ALL_FEATURES =
    "the organization has consolidated billing only; central root access needs all features: enable them in the management account under AWS Organizations, Settings";

/** Advice for the preflight. It is more specific than the advice for failures in a single account. */
export const ADVICE: Partial<Record<FailureReason, string>> = {
    credentials:
        "Sign in to the management account or to the delegated administrator for IAM (AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)",
    unreachable: "Check the network, AWS_REGION and AWS_ENDPOINT_URL",
    "incomplete-answer": "Check what answers at the STS endpoint (AWS_ENDPOINT_URL)",
};
