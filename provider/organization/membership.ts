/**
 * Whether one account is an active member of the organization.
 *
 * Only Organizations can say that an account is gone. `sts:AssumeRoot` very likely refuses a departed account in the same words as
 * an account that the caller may not touch.
 */
import { DescribeAccountCommand } from "@aws-sdk/client-organizations";
import { INACTIVE_STATES, describeAbsence, listedAccount } from "./listed-account";
import { organizations } from "../aws/clients";
import { isAbsence, required } from "../aws/responses";
import { ImplausibleAnswer } from "../aws/errors/error-classes";
import { printable } from "../process/printable";
import { accountIdInArn } from "../aws/errors/facts";
import { diagnose, type AwsFailure } from "../aws/errors/diagnose";

/** An account is gone if AWS opens no root session in it: it has left, is closed, or is the management account. */
export type Membership =
    { is: "active" } | { is: "gone"; because: string } | { is: "unknown"; failure: AwsFailure };

/** Asks Organizations about one account. */
export async function membershipOf(accountId: string): Promise<Membership> {
    try {
        const answer = await organizations("DescribeAccount").send(
            new DescribeAccountCommand({ AccountId: accountId }),
        );
        const account = required(answer.Account, "Account");
        const { id, state } = listedAccount(account);
        if (id !== accountId) throw new ImplausibleAnswer(`it describes account ${printable(id)}`);
        // The account in the ARN is the management account: `arn:aws:organizations::999988887777:account/...`.
        if (accountIdInArn(account.Arn) === accountId)
            return { is: "gone", because: describeAbsence({ managementAccount: true }) };
        if (INACTIVE_STATES.has(state)) return { is: "gone", because: describeAbsence({ state }) };
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
    const detail = `organizations:DescribeAccount says that account ${accountId} is ${state}, a state that AWS does not document. The account may be closed. Check it in the console of AWS Organizations.`;
    return { reason: "other", cause, detail };
}
