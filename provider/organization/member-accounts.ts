/**
 * Lists the organization's member accounts.
 *
 * An incomplete list is an error, and never a shorter list. If accounts were missing, the program would not declare them, and
 * Pulumi would delete their resources, which allows their password recovery again.
 */
import {
    AWSOrganizationsNotInUseException,
    DescribeOrganizationCommand,
} from "@aws-sdk/client-organizations";
import { NOT_ALL_FEATURES } from "./features";
import { listAccounts, type ListingOptions } from "./account-listing";
import { INACTIVE_STATES, stateInWords, type Place, type PlacedAccount } from "./listed-account";
import { organizations } from "../aws/clients";
import { required } from "../aws/responses";
import { IncompleteAnswer } from "../aws/errors/error-classes";
import type { OrganizationalUnit } from "./organizational-units";
import { AwsCallFailed, callFailed, type AwsFailure } from "../aws/errors/diagnose";
import { codeAndMessageOf } from "../process/error-text";

export interface MemberAccount extends Place {
    id: string;
    name: string;
    /** `CREATED` or `INVITED`. */
    joinedMethod?: string;
    joined?: Date;
}

export interface SkippedAccount extends MemberAccount {
    /** `management account`, or a state of a closed account: `suspended`, `pending closure`, ... */
    reason: string;
}

export interface MemberAccounts {
    /** All member accounts except the closed ones, sorted by id. */
    active: MemberAccount[];
    skipped: SkippedAccount[];
    /** The root, whose path is empty, and all units below it. */
    units: OrganizationalUnit[];
    /** Why the units are unknown, if they are. */
    unitsUnknown?: AwsFailure;
}

/** Follows a listing while it runs. */
export interface AccountListener {
    /** Called after each page with the number of accounts listed so far. */
    progress?: (listed: number) => void;
    /** Called once for each active member account, as soon as it is known, and for the last ones before the listing ends. */
    arrival?: (active: MemberAccount[]) => void;
}

/**
 * Needs `organizations:DescribeOrganization` and `ListAccounts`. For the units it also needs `ListRoots`,
 * `ListOrganizationalUnitsForParent` and `ListAccountsForParent`.
 */
export async function memberAccounts(
    { progress = () => {}, arrival = () => {} }: AccountListener = {},
    options: ListingOptions = {},
): Promise<MemberAccounts> {
    let managementAccountId: string | undefined;
    let early: PlacedAccount[] = [];
    const emitActive = (accounts: PlacedAccount[]) => {
        const active = accounts.filter((each) => !reasonToSkip(each, managementAccountId)).map(asMember);
        if (active.length > 0) arrival(active);
    };
    const stop = new AbortController();
    const listener = {
        progress,
        arrival(accounts: PlacedAccount[]) {
            if (managementAccountId === undefined) early.push(...accounts);
            else emitActive(accounts);
        },
    };
    const described = managementAccount().then((id) => {
        managementAccountId = id;
        emitActive(early);
        early = [];
    });
    described.catch((error: unknown) => stop.abort(error));
    const listing = withExplanation("ListAccounts", () => listAccounts(listener, options, stop));
    const [, { accounts, units, unitsUnknown }] = await Promise.all([described, listing]);

    const active: MemberAccount[] = [];
    const skipped: SkippedAccount[] = [];
    for (const account of accounts) {
        const reason = reasonToSkip(account, managementAccountId);
        if (reason) skipped.push({ ...asMember(account), reason });
        else active.push(asMember(account));
    }
    return { active, skipped, units, ...(unitsUnknown && { unitsUnknown }) };
}

/** Empty if the account is to be inspected. */
function reasonToSkip({ id, state }: PlacedAccount, managementAccountId: string | undefined): string {
    if (id === managementAccountId) return "management account";
    return INACTIVE_STATES.has(state) ? stateInWords(state) : "";
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

async function managementAccount(): Promise<string> {
    return withExplanation("DescribeOrganization", async () => {
        const { Organization } = await organizations("DescribeOrganization").send(
            new DescribeOrganizationCommand({}),
        );
        if (Organization?.FeatureSet === "CONSOLIDATED_BILLING") {
            throw callFailed("other", NOT_ALL_FEATURES);
        }
        return required(Organization?.MasterAccountId, "Organization.MasterAccountId");
    });
}

async function withExplanation<T>(call: string, ask: () => Promise<T>): Promise<T> {
    try {
        return await ask();
    } catch (error) {
        if (error instanceof AwsCallFailed) throw error;
        const said = `organizations:${call} answered ${codeAndMessageOf(error)}`;
        throw callFailed(
            "other",
            `the accounts of the organization could not be listed: ${said}. ${advice(error, call)}`,
            error,
        );
    }
}

function advice(error: unknown, call: string): string {
    if (error instanceof AWSOrganizationsNotInUseException) {
        return "Run as the management account or as the delegated administrator for IAM of an organization";
    }
    if (error instanceof IncompleteAnswer) return "An incomplete list is not used; run again";
    return `Nothing was changed. Check that the caller may use organizations:${call} (docs/permissions.md), then run again`;
}
