/** A root session, or the reason why AWS refuses it. */
import { diagnose, type AwsFailure, type FailureReason } from "../aws/errors/diagnose";
import {
    featureFor,
    openRootSession,
    TASK_POLICY,
    type RootSession,
    type RootTask,
} from "../aws/root-session";
import { centralRootAccess } from "../organization/central-root-access";
import { membershipOf } from "../organization/membership";

/** `confirmed`: AWS has said that the account is an active member. */
export type NoSession =
    { is: "gone"; because: string } | { is: "refused"; failure: AwsFailure; confirmed: boolean };

/** Opens a root session. If AWS refuses, asks whether the account is still an active member. */
export async function openSessionOrDiagnose(
    accountId: string,
    task: RootTask,
): Promise<RootSession | NoSession> {
    try {
        return await openRootSession(accountId, task);
    } catch (error) {
        const attempt = { accountId, action: "sts:AssumeRoot", taskPolicy: TASK_POLICY[task] };
        const failure = diagnose(error, attempt);
        if (!MAY_BE_NO_MEMBER.has(failure.reason)) return { is: "refused", failure, confirmed: false };
        const access = await centralRootAccess(featureFor(task));
        const explained = diagnose(error, { ...attempt, followUp: { centralRootAccess: access } });
        // A cause that concerns all accounts needs no question about this one. AWS allows 20 such questions a second.
        if (explained.reason !== failure.reason)
            return { is: "refused", failure: explained, confirmed: false };
        const membership = await membershipOf(accountId);
        if (membership.is === "gone") return membership;
        if (membership.is === "active") {
            const followUp = { centralRootAccess: access, isActiveMember: true };
            return { is: "refused", failure: diagnose(error, { ...attempt, followUp }), confirmed: true };
        }
        const detail = `${explained.detail}\n${membership.failure.detail}`;
        return { is: "refused", failure: { ...explained, detail }, confirmed: false };
    }
}

/** AWS may give one of these reasons, or an unknown text (`other`), if an account is no active member. */
const MAY_BE_NO_MEMBER = new Set<FailureReason>(["not-allowed", "own-account", "other"]);
