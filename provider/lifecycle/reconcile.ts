/**
 * Brings one account to its declaration: removes the credentials that it must not have, and allows password recovery while an
 * exception lasts. A failure of one part does not stop the other.
 */
import { diagnose, type AwsFailure } from "../aws/errors/diagnose";
import { allowPasswordRecovery, RecoveryUnconfirmed } from "../credentials/allow-recovery";
import { accountLabel } from "../credentials/describe";
import { hasNothingToRemove, isAcknowledged, isAsDesired } from "../credentials/desired";
import { openSessionOrDiagnose, type NoSession } from "../credentials/open-session";
import { removeRootCredentials } from "../credentials/remove";
import {
    allUnknown,
    credentialsFound,
    isEntirelyUnknown,
    listingsIn,
    stateOf,
    type CredentialListings,
    type RootCredentialInputs,
    type RootCredentialOutputs,
} from "../credentials/state";
import type { Caller } from "../organization/preflight";
import { log } from "../process/log";
import { storeOfRun } from "../run/store";
import { preflightBeforeWrite } from "./preflight-before-write";
import { AccountFailed, PartialFailure } from "./provider-method";

/**
 * Returns the outputs once the account is as declared. Otherwise throws `PartialFailure` with the credentials that are left
 * and the reasons.
 *
 * @param isCurrent `observed` is a result of this run and of the declared audit mode. If false, the account is inspected again.
 */
export async function reconcile(
    declared: RootCredentialInputs,
    observed: RootCredentialOutputs,
    isCurrent: boolean,
): Promise<RootCredentialOutputs> {
    if (isCurrent && isAsDesired(observed, declared)) return storedOutputs(observed, declared);
    // If no kind could be inspected, no removal is possible.
    if (isCurrent && isEntirelyUnknown(observed))
        throw new PartialFailure(declared.accountId, observed, observed.auditErrorDetail.split("\n"));
    const { caller } = await preflightBeforeWrite();
    const nothingToRemove = isCurrent && hasNothingToRemove(observed, declared);
    const left = nothingToRemove ? observed : await removeCredentials(declared, observed, caller, isCurrent);
    const done =
        declared.loginProfile === "present" && left.loginProfile !== "present"
            ? await allowRecovery(declared, left, caller)
            : left;
    if (isAsDesired(done, declared)) return storedOutputs(done, declared);
    const stored = done.loginProfile === declared.loginProfile ? withoutEndedException(done, declared) : done;
    throw new PartialFailure(declared.accountId, stored, stored.auditErrorDetail.split("\n"));
}

/** The outputs of a success. Prints the cause of an acknowledged account, because that is no failure. */
function storedOutputs(
    outputs: RootCredentialOutputs,
    declared: RootCredentialInputs,
): RootCredentialOutputs {
    const { until, reason } = declared.acknowledged ?? {};
    if (isAcknowledged(outputs, declared))
        log(
            `${accountLabel(declared)} could not be inspected: ${outputs.auditError}. This is acknowledged until ${until} (${reason})`,
        );
    return withoutEndedException(outputs, declared);
}

/**
 * An ended exception stays in the outputs until its password is removed. Until then, `refuseIfUsedWithinDays` does not keep
 * that password. Otherwise its use during the exception would leave the account open.
 */
function withoutEndedException(
    outputs: RootCredentialOutputs,
    { loginProfile }: RootCredentialInputs,
): RootCredentialOutputs {
    if (loginProfile === "present") return outputs;
    const stored = { ...outputs };
    delete stored.until;
    delete stored.reason;
    return stored;
}

async function removeCredentials(
    declared: RootCredentialInputs,
    observed: RootCredentialOutputs,
    caller: Caller,
    isCurrent: boolean,
): Promise<RootCredentialOutputs> {
    const { accountId, refuseIfUsedWithinDays } = declared;
    // If the last use decides, all kinds are listed again right before the removal.
    const known = isCurrent && refuseIfUsedWithinDays === undefined ? listingsIn(observed) : {};
    const session = await openSessionOrDiagnose(accountId, "deleteCredentials");
    if (!("iam" in session)) {
        if (session.is === "gone")
            throw new AccountFailed(`account ${accountId} ${session.because}; nothing was removed there`);
        // No run has found a credential here. So a refused session is no failed removal.
        const isNeverFound = !isCurrent && Object.keys(observed.evidence).length === 0;
        return declared.acknowledged && isNeverFound
            ? { ...observed, ...stateOf(allUnknown(session.failure)) }
            : withFailure(observed, session.failure);
    }
    try {
        const exceptionHasEnded = declared.loginProfile !== "present" && observed.until !== undefined;
        const settings = { ...declared, exceptionHasEnded };
        const removal = await removeRootCredentials(session, caller, settings, known);
        const { listings, removed, messages, failures } = removal;
        for (const message of messages) log(`${accountLabel(declared)}: ${message}`);
        const state = stateOf(listings, [...failures, ...newlyUnreadable(observed, listings)]);
        const isKnownPresent = observed.auditError !== "" && observed.unreadableBecause.length === 0;
        return {
            ...observed,
            ...state,
            // The lists of this session do not include the credentials that only the summary has shown.
            ...(isKnownPresent && { unreadableBecause: [] }),
            organizationId: observed.organizationId || caller.organizationId,
            __observedInRun: storeOfRun().id,
            ...(removed && { lastRemoval: removed }),
        };
    } catch (error) {
        const failure = diagnose(error, { accountId, action: "sts:GetCallerIdentity" });
        // If this session is of another account, the audit's session may have been too.
        return failure.reason === "wrong-account"
            ? { ...observed, ...stateOf(allUnknown(failure)) }
            : withFailure(observed, failure);
    }
}

/** Failures of kinds that cannot be listed now, although a credential of the kind was found before. */
export function newlyUnreadable(
    { evidence }: RootCredentialOutputs,
    listings: CredentialListings,
): AwsFailure[] {
    return credentialsFound(evidence).flatMap(([name]) => {
        const listing = listings[name];
        return "failure" in listing ? [listing.failure] : [];
    });
}

async function allowRecovery(
    declared: RootCredentialInputs,
    observed: RootCredentialOutputs,
    caller: Caller,
): Promise<RootCredentialOutputs> {
    const { accountId, until = "", reason = "" } = declared;
    const session = await openSessionOrDiagnose(accountId, "createPassword");
    if (!("iam" in session)) {
        // The removal is stored in any case. The next `read` drops the account.
        return withFailure(
            observed,
            session.is === "gone" ? failureOfGoneAccount(accountId, session) : session.failure,
        );
    }
    // The exception may have ended while the session waited for the rate limiter.
    if (Date.parse(until) <= Date.now())
        return withFailure(observed, failureOfEndedException(accountId, until));
    try {
        const { profile, traces } = await allowPasswordRecovery(session, caller);
        const { id, ...facts } = profile;
        log(
            `${accountLabel(declared)}: password recovery is allowed ${traces}. The exception ends at ${until} (${reason})`,
        );
        return {
            ...observed,
            loginProfile: "present",
            evidence: { ...observed.evidence, loginProfile: { [id]: facts } },
        };
    } catch (error) {
        const failure = diagnose(error, { accountId, action: "iam:CreateLoginProfile" });
        // The account is open now, so the earlier `absent` no longer holds.
        return error instanceof RecoveryUnconfirmed
            ? withFailure({ ...observed, loginProfile: "unknown" }, failure)
            : withFailure(observed, failure);
    }
}

function failureOfGoneAccount(
    accountId: string,
    { because }: Extract<NoSession, { is: "gone" }>,
): AwsFailure {
    const cause = `the account ${because} (sts:AssumeRoot)`;
    return {
        reason: "other",
        cause,
        detail: `account ${accountId} ${because}; its recovery was not allowed. Remove it from the program.`,
    };
}

function failureOfEndedException(accountId: string, until: string): AwsFailure {
    const cause = `its exception ended at ${until}, before recovery was allowed (iam:CreateLoginProfile)`;
    return {
        reason: "other",
        cause,
        detail: `account ${accountId} was not opened: ${cause}. If it is still needed, declare a later end and run again.`,
    };
}

/** The observed state still holds. The failure is added in front of earlier ones. */
function withFailure(
    observed: RootCredentialOutputs,
    { cause, detail, next = "" }: AwsFailure,
): RootCredentialOutputs {
    const details = observed.auditErrorDetail === "" ? [] : [observed.auditErrorDetail];
    return {
        ...observed,
        auditError: cause,
        auditErrorDetail: [detail, ...details].join("\n"),
        __nextStep: next,
        unreadableBecause: [],
    };
}
