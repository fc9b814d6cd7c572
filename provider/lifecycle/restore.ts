/** The delete of an account: password recovery is allowed again. */
import { diagnose, AwsCallFailed, type AwsFailure } from "../aws/errors/diagnose";
import { allowPasswordRecovery } from "../credentials/allow-recovery";
import { openSessionOrExplain, type NoSession } from "../credentials/observe";
import { accountLabel, type RootCredentialOutputs } from "../credentials/state";
import { membershipOf } from "../organization/membership";
import { log } from "../process/log";
import { refuseDestroyOfDeclared } from "../run/delete-origin";
import {
    hasNothingToRestore,
    reasonToSkip,
    refuseOneOfTooManyGone,
    refuseSuspiciousRestore,
} from "./delete-guards";
import { refuseForeignOrganization } from "./foreign-organization";
import { preflightBeforeWrite } from "./preflight-before-write";

/** Allows password recovery again, unless a guard says no (`delete-guards.ts`). */
export async function restore(accountId: string, props: RootCredentialOutputs): Promise<void> {
    refuseDestroyOfDeclared(accountId, `recovery of account ${accountId} was not allowed`);
    await refuseOneOfTooManyGone(accountId);
    const reason = reasonToSkip(props);
    if (reason) return log(`${accountLabel(props)} ${reason}`);
    const { caller } = await preflightBeforeWrite();
    refuseForeignOrganization(props, caller);
    const standing = await membershipOf(accountId);
    if (standing.is === "gone")
        return log(`${accountLabel(props)} ${standing.because}; nothing is changed there`);
    await refuseSuspiciousRestore(props);
    const session = await openSessionOrExplain(accountId, "createPassword");
    if (!("iam" in session)) return letGoOrFail(session, props);
    // With deleteBeforeReplace the program may go on declaring while this waits.
    const changed = reasonToSkip(props);
    if (changed) return log(`${accountLabel(props)} ${changed}`);
    let traces: string;
    try {
        ({ traces } = await allowPasswordRecovery(session, caller));
    } catch (error) {
        const failure = diagnose(error, { accountId, action: "iam:CreateLoginProfile" });
        return letUntouchedGo(failure, props);
    }
    log(recoveryAllowed(props, traces));
}

function letGoOrFail(session: NoSession, props: RootCredentialOutputs): void {
    if (session.is === "gone")
        return log(`${accountLabel(props)} ${session.because}; nothing is changed there`);
    letUntouchedGo(session.failure, props);
}

function letUntouchedGo(failure: AwsFailure, props: RootCredentialOutputs): void {
    if (!hasNothingToRestore(props, failure)) throw new AwsCallFailed(failure);
    log(
        `${accountLabel(props)} is left as it is: nothing of it was ever removed through this stack, and it cannot be entered (${failure.cause})`,
    );
}

function recoveryAllowed(props: RootCredentialOutputs, traces: string): string {
    const allowed = `${accountLabel(props)}: password recovery is allowed again ${traces}. Whoever reads the root user's mailbox can set a new password`;
    const lost = props.lastRemoval?.removed.filter((credential) => credential !== "password") ?? [];
    const lostList =
        lost.length > 0 ? ` (${lost.join(", ")}, removed ${props.lastRemoval?.at.slice(0, 10)})` : "";
    return `${allowed}; the old password, access keys, signing certificates and MFA devices cannot be brought back${lostList}`;
}
