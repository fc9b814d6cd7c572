/**
 * The organization's accounts: which there are, where they stand, which one has left.
 *
 * A listing that is not whole is an error, never a shorter list: the program would no longer declare the accounts that
 * are missing from it, and Pulumi would delete, that is restore, them.
 */
import {
    AWSOrganizationsNotInUseException,
    DescribeAccountCommand,
    DescribeOrganizationCommand,
} from "@aws-sdk/client-organizations";
import { listedAccount, listAccounts, type ListingOptions, type PlacedAccount } from "./account-listing";
import { organizations } from "../aws/clients";
import { isAbsence, required } from "../aws/responses";
import { IncompleteAnswer } from "../aws/errors/error-classes";
import type { OrganizationalUnit } from "./organizational-units";
import { printable } from "../process/printable";
import { accountIdInArn } from "../aws/errors/facts";
import { describeAbsence, diagnose, AwsCallFailed, type AwsFailure } from "../aws/errors/diagnose";
import { codeOf, messageOf } from "../process/error-text";

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
    /** `management account`, or one of the states in which AWS closes an account: `suspended`, `pending closure`, ... */
    reason: string;
}

export interface MemberAccounts {
    /** Member accounts that AWS does not say are closed, in the order of their ids. */
    active: MemberAccount[];
    skipped: SkippedAccount[];
    /** The root, whose path is empty, and every unit below it. */
    units: OrganizationalUnit[];
    /** Why the units are not known, if they are not. */
    unitsUnknown?: AwsFailure;
}

/** Who is told while accounts are being listed. */
export interface AccountListener {
    /** How many accounts have been listed so far, after each page. */
    progress?: (listed: number) => void;
    /** Active member accounts as soon as they are known, each once; all of them before the listing ends. */
    arrival?: (active: MemberAccount[]) => void;
}

/**
 * Lists every account of the organization. Needs `organizations:DescribeOrganization` and `ListAccounts`; for the units
 * also `ListRoots`, `ListOrganizationalUnitsForParent` and `ListAccountsForParent`.
 */
export async function memberAccounts(
    { progress = () => {}, arrival = () => {} }: AccountListener = {},
    terms: ListingOptions = {},
): Promise<MemberAccounts> {
    let managementAccountId: string | undefined;
    let early: PlacedAccount[] = [];
    const tell = (accounts: PlacedAccount[]) => {
        const active = accounts.filter((each) => !reasonToSkip(each, managementAccountId)).map(asMember);
        if (active.length > 0) arrival(active);
    };
    const over = new AbortController();
    const follower = {
        progress,
        arrival(accounts: PlacedAccount[]) {
            if (managementAccountId === undefined) early.push(...accounts);
            else tell(accounts);
        },
    };
    const managing = managementAccount().then((id) => {
        managementAccountId = id;
        tell(early);
        early = [];
    });
    managing.catch((error: unknown) => over.abort(error)); // nobody waits for the list any more
    const listing = withExplanation("ListAccounts", () => listAccounts(follower, terms, over));
    const [, { accounts, units, unitsUnknown }] = await Promise.all([managing, listing]);

    const active: MemberAccount[] = [];
    const skipped: SkippedAccount[] = [];
    for (const account of accounts) {
        const reason = reasonToSkip(account, managementAccountId);
        if (reason) skipped.push({ ...asMember(account), reason });
        else active.push(asMember(account));
    }
    return { active, skipped, units, ...(unitsUnknown && { unitsUnknown }) };
}

/**
 * AWS documents an account in one of these states as unusable, or as about to be. AWS may add other states: an account in one of
 * those is inspected like an active account.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html
 */
const CLOSED: ReadonlySet<string> = new Set(["PENDING_ACTIVATION", "SUSPENDED", "PENDING_CLOSURE", "CLOSED"]);

/** Empty for a member account that is to be inspected. */
function reasonToSkip({ id, state }: PlacedAccount, managementAccountId: string | undefined): string {
    if (id === managementAccountId) return "management account";
    return CLOSED.has(state) ? state.toLowerCase().replaceAll("_", " ") : "";
}

function asMember({
    id,
    name,
    organizationalUnit,
    within,
    joinedMethod,
    joined,
}: PlacedAccount): MemberAccount {
    const optional = { ...(joinedMethod && { joinedMethod }), ...(joined && { joined }) };
    return { id, name, organizationalUnit, within, ...optional };
}

/** Where an account stands with the organization, asked of AWS now. Gone: no member account that could be looked into. */
export type Membership =
    { is: "active" } | { is: "gone"; because: string } | { is: "unknown"; failure: AwsFailure };

/**
 * Asks Organizations about one account. Only its positive answer says that an account is gone: `sts:AssumeRoot`
 * very likely refuses an account that left in the same words as one it may not touch.
 */
export async function membershipOf(accountId: string): Promise<Membership> {
    try {
        const answer = await organizations("DescribeAccount").send(
            new DescribeAccountCommand({ AccountId: accountId }),
        );
        const account = required(answer.Account, "Account");
        const { id, state } = listedAccount(account);
        if (id !== accountId)
            throw new IncompleteAnswer(`the account that was asked for: it is about ${printable(id)}`);
        // An account's ARN is one of the management account: `arn:aws:organizations::999988887777:account/...`.
        if (accountIdInArn(account.Arn) === accountId)
            return { is: "gone", because: describeAbsence({ managementAccount: true }) };
        if (CLOSED.has(state)) return { is: "gone", because: describeAbsence({ state }) };
        return state === "ACTIVE"
            ? { is: "active" }
            : { is: "unknown", failure: unknownState(accountId, state) };
    } catch (error) {
        // https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeAccount.html
        if (isAbsence(error, 400, "AccountNotFoundException"))
            return { is: "gone", because: describeAbsence({ left: true }) };
        return {
            is: "unknown",
            failure: diagnose(error, { accountId, action: "organizations:DescribeAccount" }),
        };
    }
}

function unknownState(accountId: string, state: string): AwsFailure {
    const cause = `the account's state is ${state}`;
    const detail = `organizations:DescribeAccount says that account ${accountId} is ${state}, a state that AWS does not document. The account may be closed; look at it in the console of AWS Organizations.`;
    return { reason: "other", cause, detail };
}

async function managementAccount(): Promise<string> {
    return withExplanation("DescribeOrganization", async () => {
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

async function withExplanation<T>(call: string, ask: () => Promise<T>): Promise<T> {
    try {
        return await ask();
    } catch (error) {
        if (error instanceof AwsCallFailed) throw error;
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

function refused(sentence: string, cause?: unknown): AwsCallFailed {
    return new AwsCallFailed({ reason: "other", cause: sentence, detail: sentence }, { cause });
}
