/**
 * The guards before a delete opens an account.
 *
 * A delete of the resource allows password recovery. But Pulumi also deletes if a resource has a new name or parent, if the
 * discovery missed accounts, or if the program crashed early. So in the run of a program, the guards first rule out each of
 * these causes. `pulumi destroy` runs no program and is deliberate.
 */
import { isEntirelyUnknown, type RootCredentialOutputs } from "../credentials/state";
import { NOT_INSPECTED_FIRST, originOfDelete } from "../run/delete-origin";
import { isAccountSpecific, type AwsFailure } from "../aws/errors/diagnose";
import { accountsOfRun } from "../run/accounts";

/** The reason why a delete correctly leaves the account unchanged. Undefined if the account is to be restored. */
export function reasonToSkip(outputs: RootCredentialOutputs): string | undefined {
    if (accountsOfRun().isDeclared(outputs.accountId))
        return "is still declared by the program: nothing is restored there";
    if (outputs.onDelete === "retain") return "is left as it is (onDelete: retain)";
    return undefined;
}

/**
 * True for an account that was never modified and can be neither inspected nor opened. It is dropped from the stack
 * unchanged, because it would otherwise stay there and fail every run.
 */
export function isUntouchedAndUnreadable(outputs: RootCredentialOutputs, { reason }: AwsFailure): boolean {
    return outputs.lastRemoval === undefined && isEntirelyUnknown(outputs) && isAccountSpecific(reason);
}

/** The number of accounts that may be gone at once. It is at least one, because a single closed account is nothing unusual. */
export function maxGone(maxRemovals = accountsOfRun().maxRemovals()): number {
    return Math.max(1, maxRemovals);
}

/**
 * The error message if too many accounts are gone. The refresh has dropped the allowed number before the program runs, and
 * has kept the others. These also stop the next runs, until the operator raises `maxRemovals`.
 */
export function tooManyGone(maxRemovals: number | undefined): string | undefined {
    const gone = accountsOfRun().gone();
    const kept = gone.filter(({ keptBefore }) => keptBefore);
    const before = Math.max(0, ...kept.map((account) => account.maxRemovals ?? 0));
    const limit = maxGone(maxRemovals);
    const isAllowed = kept.length === 0 || (maxRemovals !== undefined && maxRemovals > before);
    if (gone.length <= limit && isAllowed) return undefined;
    const count = `${gone.length} ${gone.length === 1 ? "account of this stack is" : "accounts of this stack are"} gone`;
    const tooMany =
        gone.length > limit
            ? `${count} at once, and no more than ${limit} may be`
            : `${count}, and an earlier run has kept ${kept.length} of them, because more were gone at once than maxRemovals allows`;
    const list = gone
        .map(
            ({ id, accountName, because = "is gone" }) =>
                `${id}${accountName ? ` ${accountName}` : ""} ${because}`,
        )
        .sort();
    return (
        `${tooMany}: ${list.join(", ")}. No account was opened. ` +
        "Check AWS_PROFILE, and check these accounts in the console of AWS Organizations. If they are gone for good, " +
        `raise the setting for one run (pulumi config set maxRemovals ${Math.max(gone.length, before + 1)}).`
    );
}

/** Throws if the account is one of too many that are gone. `pulumi destroy` is deliberate, so it is not refused. */
export async function refuseOneOfTooManyGone(accountId: string): Promise<void> {
    if (!accountsOfRun().isGone(accountId) || (await originOfDelete()) === "destroy") return;
    const reason = tooManyGone(accountsOfRun().declaredMaxRemovals());
    if (reason) throw new Error(`account ${accountId} stays in the stack: ${reason}`);
}

/** Throws if this run does not look like a deliberate removal of the account from the program. */
export async function refuseSuspiciousRestore({ accountId, onDelete }: RootCredentialOutputs): Promise<void> {
    const reason = await reasonToRefuse(accountId, onDelete);
    if (reason) throw new Error(`recovery of account ${accountId} was not allowed: ${reason}`);
}

async function reasonToRefuse(
    accountId: string,
    onDelete: RootCredentialOutputs["onDelete"],
): Promise<string | undefined> {
    const origin = await originOfDelete();
    if (origin === "destroy") return undefined;
    if (origin !== "program") return origin.unknown;
    if (accountsOfRun().declaredCount() === 0) {
        return "the program declares no account at all. If that is not a mistake, use pulumi destroy.";
    }
    if (!accountsOfRun().isInspected(accountId)) return NOT_INSPECTED_FIRST;
    if (!accountsOfRun().confirmedMembers().includes(accountId)) {
        return "AWS did not confirm in this run that it is an active member of the organization. Run again.";
    }
    if (accountsOfRun().changesFrom(onDelete)) {
        return `this run changes onDelete (from ${onDelete}) and drops the account. Do it in two steps: change onDelete and run up, then drop the account and run up.`;
    }
    const leaving = accountsOfRun().removedFromProgram();
    if (leaving.length > accountsOfRun().maxRemovals()) {
        return (
            `${leaving.length} accounts would leave the program in this run, and maxRemovals is ${accountsOfRun().maxRemovals()}. If they should, raise the setting for one run ` +
            `(pulumi config set maxRemovals ${leaving.length}). If they should not, find out why the program no longer discovers them.`
        );
    }
    return undefined;
}
