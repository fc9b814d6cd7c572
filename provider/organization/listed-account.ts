/** An account as Organizations lists it. */
import type { Account } from "@aws-sdk/client-organizations";
import { required } from "../aws/responses";
import { printable } from "../process/printable";

export interface ListedAccount {
    id: string;
    name: string;
    state: string;
    joinedMethod?: string;
    joined?: Date;
}

/** The position of an account in the organization. */
export interface Place {
    /** Names of the units from the root down, such as `Workloads/Prod`. Empty if the account is directly below the root. */
    organizationalUnit: string;
    /** Ids of the root and of the account's units, from the root down. Empty if the units are unknown. */
    within: string[];
}

export type PlacedAccount = ListedAccount & Place;

/** Checks an account of AWS. `State` replaces `Status`, which AWS plans to retire. Without both, the account cannot be judged. */
export function listedAccount(account: Account): ListedAccount {
    const id = required(account.Id, "Account.Id");
    const state = required(account.State ?? account.Status, `the state of account ${id}`);
    return {
        id,
        name: printable(account.Name ?? id),
        state: printable(state),
        ...(account.JoinedMethod && { joinedMethod: account.JoinedMethod }),
        ...(account.JoinedTimestamp && { joined: account.JoinedTimestamp }),
    };
}

/**
 * The documented states of accounts that are not active yet, closed, or about to be closed. An account in an undocumented state is inspected like an
 * active one.
 *
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html
 */
export const INACTIVE_STATES: ReadonlySet<string> = new Set([
    "PENDING_ACTIVATION",
    "SUSPENDED",
    "PENDING_CLOSURE",
    "CLOSED",
]);

/** `PENDING_CLOSURE` as `pending closure`. */
export function stateInWords(state: string): string {
    return state.toLowerCase().replaceAll("_", " ");
}

/** Why AWS opens no root session in an account. The words follow the account's number. */
export function describeAbsence(
    found: { left: true } | { managementAccount: true } | { state: string },
): string {
    if ("left" in found) return "has left the organization";
    if ("state" in found) return `is ${stateInWords(found.state)}`;
    return "is the organization's management account, whose root user AWS leaves out of central root access";
}
