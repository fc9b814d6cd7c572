import type { ActionName } from "../action-names";
import { AwsError } from "../aws-error";
import type { Action, Answer, Call } from "../call";
import type { MemberAccount } from "../state/member-account";
import type { Organization } from "../state/organization";
import { ADMINISTRATION_ACTIONS } from "./organizations-administration";
import { authorizeAsOrganizations } from "./organizations-authorization";
import { invalidInput, onePage } from "./organizations-paging";
import { POLICY_ACTIONS } from "./organizations-policies";
import { accountShown, delegateShown, organizationShown, rootShown, unitShown } from "./organizations-shapes";

const UNGUARDED_ACTIONS: Record<ActionName<"organizations">, Action> = {
    DescribeOrganization: ({ organization }) => ({ Organization: organizationShown(organization) }),
    DescribeAccount: describeAccount,
    ListRoots: ({ organization }) => ({ Roots: [rootShown(organization)] }),
    ListAccounts: listAccounts,
    ListAccountsForParent: listAccountsForParent,
    ListOrganizationalUnitsForParent: listUnitsForParent,
    ListParents: listParents,
    ListTagsForResource: listTagsForResource,
    ListDelegatedAdministrators: listDelegatedAdministrators,
    ListAWSServiceAccessForOrganization: listServiceAccess,
    ...POLICY_ACTIONS,
    ...ADMINISTRATION_ACTIONS,
};

/** Every Organizations action, behind who may call it: administrators, and for DescribeOrganization any member. */
export const ORGANIZATIONS_ACTIONS: Record<string, Action> = Object.fromEntries(
    Object.entries(UNGUARDED_ACTIONS).map(([name, action]) => [name, guarded(name, action)]),
);

const IAM = "iam.amazonaws.com";

function describeAccount({ organization, parameters }: Call): Answer {
    const account = organization.find(parameters.get("AccountId") ?? "");
    if (!account) throw accountNotFound();
    return { Account: accountShown(organization, account) };
}

function listAccounts(call: Call): Answer {
    return accountPage(call, call.organization.accounts());
}

/** Direct children only: accounts of units below are listed under those. */
function listAccountsForParent(call: Call): Answer {
    const parentId = knownParent(call);
    return accountPage(call, accountsUnder(call.organization, parentId));
}

function listUnitsForParent(call: Call): Answer {
    const parentId = knownParent(call);
    const { items, NextToken } = onePage(call, call.organization.units.under(parentId));
    return { OrganizationalUnits: items.map((unit) => unitShown(call.organization, unit)), NextToken };
}

function listParents({ organization, parameters }: Call): Answer {
    const childId = parameters.get("ChildId") ?? "";
    const account = organization.find(childId);
    const parentId = account
        ? organization.units.idOf(account.unit)
        : organization.units.withId(childId)?.parentId;
    if (parentId === undefined) {
        throw new AwsError("ChildNotFoundException", "You specified a child that doesn't exist.");
    }
    const Type = parentId === organization.units.rootId ? "ROOT" : "ORGANIZATIONAL_UNIT";
    return { Parents: [{ Id: parentId, Type }] };
}

/** Only accounts carry tags here; units, the root and policies have none. */
function listTagsForResource({ organization, parameters }: Call): Answer {
    const id = parameters.get("ResourceId") ?? "";
    const account = organization.find(id);
    if (!organization.isPolicyTarget(id) && !organization.policies.find(id)) {
        throw new AwsError("TargetNotFoundException", "You specified a target that doesn't exist.");
    }
    return { Tags: Object.entries(account?.tags ?? {}).map(([Key, Value]) => ({ Key, Value })) };
}

function listDelegatedAdministrators(call: Call): Answer {
    const { organization, parameters } = call;
    const asked = parameters.get("ServicePrincipal") ?? IAM;
    const delegates = organization
        .accounts()
        .filter(({ id }) => asked === IAM && organization.delegatedAdministrators.has(id));
    const { items, NextToken } = onePage(call, delegates);
    return {
        DelegatedAdministrators: items.map((account) => delegateShown(organization, account)),
        NextToken,
    };
}

function listServiceAccess({ organization }: Call): Answer {
    const DateEnabled = organization.account(organization.managementAccountId).joined;
    return {
        EnabledServicePrincipals: organization.trustedAccess ? [{ ServicePrincipal: IAM, DateEnabled }] : [],
    };
}

function accountPage(call: Call, accounts: MemberAccount[]): Answer {
    const { items, NextToken } = onePage(call, accounts);
    return { Accounts: items.map((account) => accountShown(call.organization, account)), NextToken };
}

function accountsUnder(organization: Organization, parentId: string): MemberAccount[] {
    return organization.accounts().filter(({ unit }) => organization.units.idOf(unit) === parentId);
}

function knownParent({ organization, parameters }: Call): string {
    const id = parameters.get("ParentId");
    if (id === undefined) throw invalidInput("INPUT_REQUIRED");
    if (id === organization.units.rootId || organization.units.withId(id)) return id;
    throw new AwsError(
        "ParentNotFoundException",
        "We can't find a root or OU with the ParentId that you specified.",
    );
}

function guarded(name: string, action: Action): Action {
    return (call) => {
        const { organization, principal } = call;
        if (!organization.find(principal.accountId)) {
            throw new AwsError(
                "AWSOrganizationsNotInUseException",
                "Your account is not a member of an organization.",
            );
        }
        authorizeAsOrganizations(call, name);
        if (!mayAsk(name, organization, principal.accountId)) {
            throw new AwsError(
                "AccessDeniedException",
                "You don't have permissions to access this resource.",
            );
        }
        return action(call);
    };
}

/** What changes the organization is for the management account alone, and so are its policies. */
function mayAsk(name: string, organization: Organization, accountId: string): boolean {
    if (name in POLICY_ACTIONS || name in ADMINISTRATION_ACTIONS) {
        return accountId === organization.managementAccountId;
    }
    return name === "DescribeOrganization" || organization.isAdministrator(accountId);
}

function accountNotFound(): AwsError {
    return new AwsError("AccountNotFoundException", "You specified an account that doesn't exist.");
}
