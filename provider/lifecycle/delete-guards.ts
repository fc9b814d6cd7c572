/**
 * Whether an account that Pulumi deletes may be opened.
 *
 * Deleting the resource allows password recovery, and Pulumi deletes for many innocent reasons: a renamed resource, a new
 * parent, a discovery that missed accounts, a program that crashed early. `pulumi destroy` runs no program and is deliberate; in a
 * run of a program, each of these has to be ruled out first.
 */
import { isWhollyUnknown, type RootCredentialOutputs } from "../credentials/state";
import { NOT_LOOKED_AT_FIRST, originOfDelete } from "../run/delete-origin";
import { isAccountSpecific, type AwsFailure } from "../aws/errors/diagnose";
import { accountsOfRun } from "../run/accounts";

/** Why nothing is to be restored, and why that is right; undefined where it is to be restored. */
export function reasonToSkip(outputs: RootCredentialOutputs): string | undefined {
    if (accountsOfRun().isDeclared(outputs.accountId))
        return "is still declared by the program: nothing is restored there";
    if (outputs.onDelete === "retain") return "is left as it is (onDelete: retain)";
    return undefined;
}

/**
 * An account that nothing was removed from, that the refresh could not look into and that cannot be entered now: it may leave
 * the stack as it is. Otherwise it would stay there for good, and fail every run.
 */
export function hasNothingToRestore(outputs: RootCredentialOutputs, { reason }: AwsFailure): boolean {
    return outputs.lastRemoval === undefined && isWhollyUnknown(outputs) && isAccountSpecific(reason);
}

/** At least one account may be gone, even with `maxRemovals: 0`, because accounts are closed every day. */
export function mostGone(maxRemovals = accountsOfRun().maxRemovals()): number {
    return Math.max(1, maxRemovals);
}

/**
 * Why the accounts that the refresh has found gone may not leave the stack, if they may not. The refresh drops as many as
 * may be gone, before the program runs. The accounts that it keeps also stop the next runs, until the operator raises `maxRemovals`.
 */
export function tooManyGone(maxRemovals: number | undefined): string | undefined {
    const gone = accountsOfRun().gone();
    const kept = gone.filter(({ keptBefore }) => keptBefore);
    const before = Math.max(0, ...kept.map((account) => account.maxRemovals ?? 0));
    const most = mostGone(maxRemovals);
    const isAllowed = kept.length === 0 || (maxRemovals !== undefined && maxRemovals > before);
    if (gone.length <= most && isAllowed) return undefined;
    const count = `${gone.length} ${gone.length === 1 ? "account of this stack is" : "accounts of this stack are"} gone`;
    const tooMany =
        gone.length > most
            ? `${count} at once, and no more than ${most} may be`
            : `${count}, and an earlier run has kept ${kept.length} of them, because more were gone at once than maxRemovals allows`;
    const list = gone
        .map(
            ({ id, accountName, because = "is gone" }) =>
                `${id}${accountName ? ` ${accountName}` : ""} ${because}`,
        )
        .sort();
    return (
        `${tooMany}: ${list.join(", ")}. No account was opened. ` +
        "Check AWS_PROFILE, and look at these accounts in the console of AWS Organizations. If they are gone for good, " +
        `raise the setting for one run (pulumi config set maxRemovals ${Math.max(gone.length, before + 1)}).`
    );
}

/** Throws where the account is one of too many that are gone. `pulumi destroy` is deliberate. */
export async function refuseOneOfTooManyGone(accountId: string): Promise<void> {
    if (!accountsOfRun().isGone(accountId) || (await originOfDelete()) === "destroy") return;
    const reason = tooManyGone(accountsOfRun().declaredMaxRemovals());
    if (reason) throw new Error(`account ${accountId} stays in the stack: ${reason}`);
}

/** Throws where something about this run speaks against opening the account. */
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
    if (!accountsOfRun().isInspected(accountId)) return NOT_LOOKED_AT_FIRST;
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
            `(pulumi config set maxRemovals ${leaving.length}); if not, look for what the program no longer discovers.`
        );
    }
    return undefined;
}
