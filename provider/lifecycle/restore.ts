/** The delete of an account: allows password recovery again, unless a guard forbids it (`delete-guards.ts`). */
import { diagnose, AwsCallFailed, type AwsFailure } from "../aws/errors/diagnose";
import { allowPasswordRecovery } from "../credentials/allow-recovery";
import { openSessionOrDiagnose, type NoSession } from "../credentials/open-session";
import { accountLabel } from "../credentials/describe";
import type { RootCredentialOutputs } from "../credentials/state";
import { membershipOf } from "../organization/membership";
import { log } from "../process/log";
import { refuseDestroyOfDeclared } from "../run/delete-origin";
import {
    isUntouchedAndUnreadable,
    reasonToSkip,
    refuseOneOfTooManyGone,
    refuseSuspiciousRestore,
} from "./delete-guards";
import { refuseForeignOrganization } from "./foreign-organization";
import { preflightBeforeWrite } from "./preflight-before-write";

export async function restore(accountId: string, props: RootCredentialOutputs): Promise<void> {
    refuseDestroyOfDeclared(accountId, `recovery of account ${accountId} was not allowed`);
    await refuseOneOfTooManyGone(accountId);
    const reason = reasonToSkip(props);
    if (reason) return log(`${accountLabel(props)} ${reason}`);
    const { caller } = await preflightBeforeWrite();
    refuseForeignOrganization(props, caller);
    const membership = await membershipOf(accountId);
    if (membership.is === "gone")
        return log(`${accountLabel(props)} ${membership.because}; nothing is changed there`);
    await refuseSuspiciousRestore(props);
    const session = await openSessionOrDiagnose(accountId, "createPassword");
    if (!("iam" in session)) return dropGoneOrFail(session, props);
    // With deleteBeforeReplace, the program may have declared the account again while AWS opened the session.
    const newReason = reasonToSkip(props);
    if (newReason) return log(`${accountLabel(props)} ${newReason}`);
    let traces: string;
    try {
        ({ traces } = await allowPasswordRecovery(session, caller));
    } catch (error) {
        const failure = diagnose(error, { accountId, action: "iam:CreateLoginProfile" });
        return dropUntouchedOrFail(failure, props);
    }
    log(recoveryAllowed(props, traces));
}

function dropGoneOrFail(session: NoSession, props: RootCredentialOutputs): void {
    if (session.is === "gone")
        return log(`${accountLabel(props)} ${session.because}; nothing is changed there`);
    dropUntouchedOrFail(session.failure, props);
}

function dropUntouchedOrFail(failure: AwsFailure, props: RootCredentialOutputs): void {
    if (!isUntouchedAndUnreadable(props, failure)) throw new AwsCallFailed(failure);
    log(
        `${accountLabel(props)} is dropped from the stack unchanged: no credential was ever removed there through this stack, and it can be neither inspected nor opened (${failure.cause})`,
    );
}

function recoveryAllowed(props: RootCredentialOutputs, traces: string): string {
    const allowed = `${accountLabel(props)}: password recovery is allowed again ${traces}. Whoever reads the root user's mailbox can set a new password`;
    const lost = props.lastRemoval?.removed.filter((credential) => credential !== "password") ?? [];
    const lostList =
        lost.length > 0 ? ` (${lost.join(", ")}, removed ${props.lastRemoval?.at.slice(0, 10)})` : "";
    return `${allowed}; the old password, access keys, signing certificates and MFA devices cannot be brought back${lostList}`;
}
