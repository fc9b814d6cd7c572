/**
 * The organization's accounts: which there are, where they stand, which one has left.
 *
 * A listing that is not whole is an error, never a shorter list: the program would no longer declare the accounts that
 * are missing from it, and Pulumi would delete, that is restore, them.
 */
import {
    AccountNotFoundException,
    AWSOrganizationsNotInUseException,
    DescribeAccountCommand,
    DescribeOrganizationCommand,
    paginateListAccounts,
    type Account,
} from "@aws-sdk/client-organizations";
import { organizations } from "./aws-clients";
import { IncompleteAnswer, required, wholeListing } from "./credential-kinds/answers";
import { organizationalUnits, type OrganizationalUnit } from "./organizational-units";
import { accountIn } from "./refusal-facts";
import { absence, codeOf, explain, messageOf, RefusedByAws, type Refusal } from "./refusals";

export interface MemberAccount {
    id: string;
    name: string;
    /** Names of the units from the root down, `Workloads/Prod`; empty for an account right under the root. */
    organizationalUnit: string;
    /** Ids of the root and of the units that it stands in, from the root down; empty where the units are not known. */
    within: string[];
    /** `CREATED` or `INVITED`, and when. */
    joinedMethod?: string;
    joined?: Date;
}

export interface SkippedAccount extends MemberAccount {
    /** `management account`, or the account's state in AWS's words: `suspended`, `pending closure`, `closed`, ... */
    reason: string;
}

export interface MemberAccounts {
    /** Active member accounts, in the order of their ids. */
    active: MemberAccount[];
    skipped: SkippedAccount[];
    /** The root, whose path is empty, and every unit below it. */
    units: OrganizationalUnit[];
    /** Why the units are not known, if they are not. */
    unitsUnknown?: Refusal;
}

/**
 * Lists every account of the organization. Needs `organizations:DescribeOrganization` and `ListAccounts`; for the units
 * also `ListRoots`, `ListOrganizationalUnitsForParent` and `ListAccountsForParent`.
 *
 * @param progress told after each page how many accounts have been listed
 */
export async function memberAccounts(progress: (listed: number) => void = () => {}): Promise<MemberAccounts> {
    const [managementAccountId, accounts] = await Promise.all([managementAccount(), everyAccount(progress)]);
    const units = await organizationalUnits(accounts);
    const active: MemberAccount[] = [];
    const skipped: SkippedAccount[] = [];
    for (const { state, ...account } of accounts) {
        const placed = { ...withoutPaths(account), ...units.placeOf(account.id) };
        const reason = account.id === managementAccountId ? "management account" : inactivity(state);
        if (reason) skipped.push({ ...placed, reason });
        else active.push(placed);
    }
    return { active, skipped, units: units.known, ...(units.unknown && { unitsUnknown: units.unknown }) };
}

/** One account as Organizations lists it, with the fields checked that everything else stands on. */
export interface ListedAccount {
    id: string;
    name: string;
    state: string;
    paths?: string[];
    joinedMethod?: string;
    joined?: Date;
}

/** Where an account stands with the organization, asked of AWS now. Gone: no member account that could be looked into. */
export type Standing =
    { is: "active" } | { is: "gone"; because: string } | { is: "unknown"; refusal: Refusal };

/**
 * Asks Organizations about one account. Only its positive answer says that an account is gone: `sts:AssumeRoot`
 * refuses an account that left in the same words as one it may not touch.
 */
export async function standingOf(accountId: string): Promise<Standing> {
    try {
        const answer = await organizations("DescribeAccount").send(
            new DescribeAccountCommand({ AccountId: accountId }),
        );
        const account = required(answer.Account, "Account");
        const { state } = checked(account);
        // An account's ARN is one of the management account: `arn:aws:organizations::999988887777:account/...`.
        if (accountIn(account.Arn) === accountId)
            return { is: "gone", because: absence({ managementAccount: true }) };
        return state === "ACTIVE" ? { is: "active" } : { is: "gone", because: absence({ state }) };
    } catch (error) {
        if (error instanceof AccountNotFoundException)
            return { is: "gone", because: absence({ left: true }) };
        return {
            is: "unknown",
            refusal: explain(error, { accountId, action: "organizations:DescribeAccount" }),
        };
    }
}

async function managementAccount(): Promise<string> {
    return asking("DescribeOrganization", async () => {
        const { Organization } = await organizations("DescribeOrganization").send(
            new DescribeOrganizationCommand({}),
        );
        if (Organization?.FeatureSet === "CONSOLIDATED_BILLING") {
            throw refused(
                "the organization has consolidated billing only; central root access needs all features: enable them in the management account under AWS Organizations, Settings",
            );
        }
        return required(Organization?.MasterAccountId, "Organization.MasterAccountId");
    });
}

async function everyAccount(progress: (listed: number) => void): Promise<ListedAccount[]> {
    return asking("ListAccounts", async () => {
        const accounts = new Map<string, ListedAccount>();
        // The SDK's paginator goes on over pages that are empty but carry a token.
        const pages = paginateListAccounts({ client: organizations("ListAccounts") }, {});
        for await (const page of wholeListing(pages)) {
            for (const account of required(page.Accounts, "Accounts").map(checked))
                accounts.set(account.id, account);
            progress(accounts.size);
        }
        return [...accounts.values()].sort((a, b) => a.id.localeCompare(b.id));
    });
}

/** `Status` was announced to retire in favour of `State`; an account with neither cannot be judged. */
function checked(account: Account): ListedAccount {
    const id = required(account.Id, "Account.Id");
    const state = required(account.State ?? account.Status, `the state of account ${id}`);
    return {
        id,
        name: account.Name ?? id,
        state,
        ...(account.Paths && { paths: account.Paths }),
        ...(account.JoinedMethod && { joinedMethod: account.JoinedMethod }),
        ...(account.JoinedTimestamp && { joined: account.JoinedTimestamp }),
    };
}

function withoutPaths({ id, name, joinedMethod, joined }: Omit<ListedAccount, "state">) {
    return { id, name, ...(joinedMethod && { joinedMethod }), ...(joined && { joined }) };
}

function inactivity(state: string): string {
    return state === "ACTIVE" ? "" : state.toLowerCase().replaceAll("_", " ");
}

async function asking<T>(call: string, ask: () => Promise<T>): Promise<T> {
    try {
        return await ask();
    } catch (error) {
        if (error instanceof RefusedByAws) throw error;
        const said = `organizations:${call} answered ${codeOf(error)}: ${messageOf(error)}`;
        throw refused(
            `the accounts of the organization could not be listed: ${said}. ${advice(error, call)}`,
            error,
        );
    }
}

function advice(error: unknown, call: string): string {
    if (error instanceof AWSOrganizationsNotInUseException) {
        return "Run as the management account or as the delegated administrator for IAM of an organization";
    }
    if (error instanceof IncompleteAnswer) return "A list that is not whole is not used; run again";
    return `Nothing was changed. Check that the caller may use organizations:${call} (docs/permissions.md), then run again`;
}

function refused(sentence: string, cause?: unknown): RefusedByAws {
    return new RefusedByAws({ reason: "other", cause: sentence, detail: sentence }, { cause });
}
