import type { Answer } from "../call";
import type { MemberAccount } from "../state/member-account";
import type { Organization } from "../state/organization";
import type { OrganizationPolicy } from "../state/organization-policies";
import type { AccountState } from "../state/seed";
import type { OrganizationalUnit } from "../state/units";

export function organizationShown(organization: Organization): Answer {
    const { id, managementAccountId, featureSet } = organization;
    return {
        Id: id,
        Arn: arn(organization, `organization/${id}`),
        FeatureSet: featureSet,
        MasterAccountArn: accountArn(organization, managementAccountId),
        MasterAccountId: managementAccountId,
        MasterAccountEmail: organization.account(managementAccountId).email,
        AvailablePolicyTypes: [],
    };
}

export function rootShown(organization: Organization): Answer {
    const { rootId } = organization.units;
    return {
        Id: rootId,
        Arn: rootArn(organization),
        Name: "Root",
        PolicyTypes: [...organization.policies.enabledTypes].map((Type) => ({ Type, Status: "ENABLED" })),
    };
}

export function unitShown(organization: Organization, { id, name, path }: OrganizationalUnit): Answer {
    return {
        Id: id,
        Arn: unitArn(organization, id),
        Name: name,
        Path: entityPath(organization, path),
    };
}

export function accountShown(organization: Organization, account: MemberAccount): Answer {
    const shown: Answer = {
        Id: account.id,
        Arn: accountArn(organization, account.id),
        Email: account.email,
        Name: account.name,
        Status: statusOf(account.state),
        State: account.state,
        Paths: [`${entityPath(organization, account.unit)}${account.id}/`],
        JoinedMethod: account.joinedMethod,
        JoinedTimestamp: account.joined,
    };
    for (const field of organization.omittedAccountFields) delete shown[field];
    return shown;
}

export function delegateShown(organization: Organization, account: MemberAccount): Answer {
    const shown = accountShown(organization, account);
    delete shown["Paths"];
    return { ...shown, DelegationEnabledDate: account.joined };
}

export function policyShown({
    id,
    arn,
    name,
    description,
    type,
    awsManaged,
    content,
}: OrganizationPolicy): Answer {
    const PolicySummary = {
        Id: id,
        Arn: arn,
        Name: name,
        Description: description,
        Type: type,
        AwsManaged: awsManaged,
    };
    return { PolicySummary, Content: content };
}

export function policyTargetShown(organization: Organization, id: string): Answer {
    const { units } = organization;
    if (id === units.rootId) return { TargetId: id, Arn: rootArn(organization), Name: "Root", Type: "ROOT" };
    const unit = units.withId(id);
    return unit
        ? { TargetId: id, Arn: unitArn(organization, id), Name: unit.name, Type: "ORGANIZATIONAL_UNIT" }
        : {
              TargetId: id,
              Arn: accountArn(organization, id),
              Name: organization.account(id).name,
              Type: "ACCOUNT",
          };
}

/** The older field has three values: an account about to be activated or closed for good has no Status. */
function statusOf(state: AccountState): AccountState | undefined {
    return state === "ACTIVE" || state === "SUSPENDED" || state === "PENDING_CLOSURE" ? state : undefined;
}

/** Such as "o-simulated1/r-sim1/ou-sim1-0abc1234/". */
function entityPath({ id, units }: Organization, path: string): string {
    return `${[id, ...units.idsDownTo(path)].join("/")}/`;
}

export function rootArn(organization: Organization): string {
    return arn(organization, `root/${organization.id}/${organization.units.rootId}`);
}

export function unitArn(organization: Organization, unitId: string): string {
    return arn(organization, `ou/${organization.id}/${unitId}`);
}

export function accountArn(organization: Organization, accountId: string): string {
    return arn(organization, `account/${organization.id}/${accountId}`);
}

function arn({ partition, managementAccountId }: Organization, resource: string): string {
    return `arn:${partition}:organizations::${managementAccountId}:${resource}`;
}
