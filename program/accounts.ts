/** Which accounts there are to declare, or one sentence about why that cannot be known. */
import * as pulumi from "@pulumi/pulumi";
import { memberAccounts, preflight, type MemberAccounts } from "pulumi-aws-root-credentials";

/**
 * The organization's accounts. Ends the program where central root access cannot work, where the list is not whole, and
 * where it is empty: with nothing declared, Pulumi would delete, and so restore, every account of the stack.
 */
export async function accountsInScope(): Promise<MemberAccounts> {
    const accounts = await orEndProgram(async () => {
        await preflight();
        return memberAccounts();
    });
    if (accounts.active.length === 0) throw new pulumi.RunError(noneFound(accounts));
    if (accounts.unitsUnknown) {
        void pulumi.log.warn(
            `accounts are shown without their organizational units: ${accounts.unitsUnknown.detail}`,
        );
    }
    return accounts;
}

async function orEndProgram<T>(ask: () => Promise<T>): Promise<T> {
    try {
        return await ask();
    } catch (error) {
        const because = error instanceof Error ? error.message : String(error);
        throw new pulumi.RunError(`nothing was looked at and nothing was changed: ${because}`);
    }
}

function noneFound({ skipped }: MemberAccounts): string {
    const listed = skipped.map(({ id, name, reason }) => `${id} ${name} (${reason})`).join(", ");
    return (
        `no active member account was found in the organization${listed ? ` beside ${listed}` : ""}. ` +
        "The program does not go on: Pulumi would take every account of the stack for removed and allow its recovery. " +
        "To do that on purpose, use pulumi destroy."
    );
}
