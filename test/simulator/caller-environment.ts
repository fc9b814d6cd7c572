import type { Organization, Partition } from "./state/organization";
import type { SigningKey, TemporaryKey } from "./state/principals";

/**
 * Who a tool runs as: an IAM user of the management account, of the first delegated administrator, of the first
 * ordinary member, or of any account by its id (one outside the organization too); or a role session of the
 * management account, alive ("role") or expired, or of any role by its ARN.
 */
export type Caller = "management" | "delegate" | "member" | "role" | "expired" | (string & {});

const REGIONS: Record<Partition, string> = {
    aws: "us-east-1",
    "aws-us-gov": "us-gov-west-1",
    "aws-cn": "cn-north-1",
};

export function callerEnvironment(
    organization: Organization,
    url: string,
    caller: Caller,
): Record<string, string> {
    const key = signingKeyOf(organization, caller);
    return {
        AWS_ENDPOINT_URL: url,
        AWS_REGION: REGIONS[organization.partition],
        AWS_ACCESS_KEY_ID: key.accessKeyId,
        AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
        ...("sessionToken" in key && { AWS_SESSION_TOKEN: key.sessionToken }),
        AWS_EC2_METADATA_DISABLED: "true",
    };
}

function signingKeyOf(organization: Organization, caller: Caller): SigningKey | TemporaryKey {
    const { principals, managementAccountId } = organization;
    switch (caller) {
        case "management":
            return principals.userIn(managementAccountId).signingKey;
        case "role":
            return principals.roleIn(managementAccountId).signingKey;
        case "expired":
            return principals.roleIn(managementAccountId, true).signingKey;
        case "delegate":
            return principals.userIn(first(caller, [...organization.delegatedAdministrators])).signingKey;
        case "member":
            return principals.userIn(first(caller, ordinaryMembers(organization))).signingKey;
        default:
            if (caller.startsWith("arn:")) return principals.sessionOf(caller).signingKey;
            if (!/^\d{12}$/.test(caller))
                throw new Error(`a caller is a name, an account id or the ARN of a role, got "${caller}"`);
            return principals.userIn(caller).signingKey;
    }
}

function ordinaryMembers(organization: Organization): string[] {
    return organization
        .accounts()
        .map(({ id }) => id)
        .filter((id) => !organization.isAdministrator(id));
}

function first(caller: Caller, accountIds: string[]): string {
    const [id] = accountIds;
    if (id === undefined) throw new Error(`the organization has no account for the caller "${caller}"`);
    return id;
}
