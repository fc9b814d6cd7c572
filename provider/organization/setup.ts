/**
 * Reads how the organization is set up for central root access. A program that sets it up itself needs this, because it must go on
 * where the preflight stops other programs.
 */
import {
    DescribeOrganizationCommand,
    paginateListDelegatedAdministrators,
    paginateListRoots,
} from "@aws-sdk/client-organizations";
import { organizations } from "../aws/clients";
import { required, wholeListing } from "../aws/responses";
import { enabledFeatures, orExplain } from "./features";
import { usableCaller, type Caller } from "./preflight";
import { AwsCallFailed, callFailed, diagnose } from "../aws/errors/diagnose";
import { codeAndMessageOf } from "../process/error-text";

const IAM = "iam.amazonaws.com";

/** Returns the caller and its organization, even if central root access is off. Asks AWS at each call. */
export async function organizationOfCaller(): Promise<Caller & { managementAccountId: string }> {
    const caller = await usableCaller();
    const { Organization } = await withExplanation("DescribeOrganization", () =>
        organizations("DescribeOrganization").send(new DescribeOrganizationCommand({})),
    );
    return {
        ...caller,
        organizationId: required(Organization?.Id, "Organization.Id"),
        managementAccountId: required(Organization?.MasterAccountId, "Organization.MasterAccountId"),
    };
}

/** Whether IAM has trusted access, and which features are on. Without trusted access AWS does not list the features. */
export async function centralRootAccessSetup({
    accountId,
}: Caller): Promise<{ trustedAccess: boolean; features: string[] }> {
    try {
        const { features } = await orExplain(enabledFeatures(), accountId);
        return { trustedAccess: true, features };
    } catch (error) {
        const off = error instanceof AwsCallFailed && error.failure.reason === "trusted-access-off";
        if (off) return { trustedAccess: false, features: [] };
        throw error;
    }
}

/** The accounts that may use central root access, except the management account. */
export function delegatedAdministrators(): Promise<string[]> {
    return withExplanation("ListDelegatedAdministrators", async () => {
        const ids: string[] = [];
        const pages = paginateListDelegatedAdministrators(
            { client: organizations("ListDelegatedAdministrators") },
            { ServicePrincipal: IAM },
        );
        for await (const { members } of wholeListing(pages, "DelegatedAdministrators", "Id"))
            ids.push(...members.map(([id]) => id));
        return ids;
    });
}

/** Roots to which no service control policy can be attached, because that type of policy is not enabled. */
export function rootsWithoutServiceControlPolicies(): Promise<string[]> {
    return withExplanation("ListRoots", async () => {
        const ids: string[] = [];
        const pages = paginateListRoots({ client: organizations("ListRoots") }, {});
        for await (const { members } of wholeListing(pages, "Roots", "Id")) {
            for (const [id, { PolicyTypes }] of members) {
                const type = required(PolicyTypes, "Root.PolicyTypes").find(
                    ({ Type }) => Type === "SERVICE_CONTROL_POLICY",
                );
                if (type?.Status !== "ENABLED") ids.push(id);
            }
        }
        return ids;
    });
}

async function withExplanation<T>(call: string, ask: () => Promise<T>): Promise<T> {
    try {
        return await ask();
    } catch (error) {
        const action = `organizations:${call}`;
        const { reason, next } = diagnose(error, { accountId: "", action });
        const sentence = `${action} answered ${codeAndMessageOf(error)}. ${next ?? ""}`.trim();
        throw callFailed(reason, sentence, error);
    }
}
