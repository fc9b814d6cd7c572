/**
 * Bringing one account to what is declared: removing what root shall not hold and, while an exception lasts, allowing
 * password recovery. Each part goes by itself; what one is refused does not stop the other.
 */
import { holdsOnlyWhatItMay, isAcknowledged, isAsDesired } from "../credentials/desired";
import { AccountFailed, PartialFailure } from "./provider-method";
import { openSessionOrExplain, type NoSession } from "../credentials/observe";
import { type Caller } from "../organization/preflight";
import { preflightBeforeWrite } from "./preflight-before-write";
import { log } from "../process/log";
import { AllowedAndNotSeen, allowPasswordRecovery } from "../credentials/allow-recovery";
import { diagnose, type AwsFailure } from "../aws/errors/diagnose";
import { removeRootCredentials } from "../credentials/remove";
import {
    allUnknown,
    accountLabel,
    credentialsFound,
    isWhollyUnknown,
    listingsIn,
    stateOf,
    type CredentialListings,
    type RootCredentialInputs,
    type RootCredentialOutputs,
} from "../credentials/state";
import { storeOfRun } from "../run/store";

/**
 * What the account holds once it is as declared; or `PartialFailure`, with what is left and why. `upToDate` says that
 * `seen` was looked at in this run and as is declared; otherwise nothing of it is taken for granted.
 */
export async function reconcile(
    declared: RootCredentialInputs,
    seen: RootCredentialOutputs,
    upToDate: boolean,
): Promise<RootCredentialOutputs> {
    if (upToDate && isAsDesired(seen, declared)) return settled(seen, declared);
    // Where not one kind could be listed, there is nothing that could be started from.
    if (upToDate && isWhollyUnknown(seen))
        throw new PartialFailure(declared.accountId, seen, seen.auditErrorDetail.split("\n"));
    const { caller } = await preflightBeforeWrite();
    const nothingToRemove = upToDate && holdsOnlyWhatItMay(seen, declared);
    const left = nothingToRemove ? seen : await withoutCredentials(declared, seen, caller, upToDate);
    const done =
        declared.loginProfile === "present" && left.loginProfile !== "present"
            ? await withRecovery(declared, left, caller)
            : left;
    if (isAsDesired(done, declared)) return settled(done, declared);
    const stored = done.loginProfile === declared.loginProfile ? withoutEndedException(done, declared) : done;
    throw new PartialFailure(declared.accountId, stored, stored.auditErrorDetail.split("\n"));
}

/** As it is stored. Prints the cause of an acknowledged account, which is no failure. */
function settled(outputs: RootCredentialOutputs, declared: RootCredentialInputs): RootCredentialOutputs {
    const { until, reason } = declared.acknowledged ?? {};
    if (isAcknowledged(outputs, declared))
        log(
            `${accountLabel(declared)} could not be inspected: ${outputs.auditError}. This is acknowledged until ${until} (${reason})`,
        );
    return withoutEndedException(outputs, declared);
}

/**
 * An exception that has ended is remembered until its password is gone: so long, the guard on what is in use does not keep it,
 * which would leave the account open for having been opened.
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

async function withoutCredentials(
    declared: RootCredentialInputs,
    seen: RootCredentialOutputs,
    caller: Caller,
    upToDate: boolean,
): Promise<RootCredentialOutputs> {
    const { accountId, refuseIfUsedWithinDays } = declared;
    // Where last use decides, it is asked for once more right before.
    const listed = upToDate && refuseIfUsedWithinDays === undefined ? listingsIn(seen) : {};
    const session = await openSessionOrExplain(accountId, "deleteCredentials");
    if (!("iam" in session)) {
        if (session.is === "gone")
            throw new AccountFailed(`account ${accountId} ${session.because}; nothing was removed there`);
        // No run has seen a credential here. So a refused session is no failed removal.
        const isUnseen = !upToDate && Object.keys(seen.evidence).length === 0;
        return declared.acknowledged && isUnseen
            ? { ...seen, ...stateOf(allUnknown(session.failure)) }
            : blocked(seen, session.failure);
    }
    try {
        const endsException = declared.loginProfile !== "present" && seen.until !== undefined;
        const terms = { ...declared, endsException };
        const removal = await removeRootCredentials(session, caller, terms, listed);
        const { listings, removed, said, failures } = removal;
        for (const sentence of said) log(`${accountLabel(declared)}: ${sentence}`);
        const state = stateOf(listings, [...failures, ...lostSight(seen, listings)]);
        const wasSeen = seen.auditError !== "" && seen.unreadableBecause.length === 0;
        return {
            ...seen,
            ...state,
            // The lists of this session do not tell what the summary has shown.
            ...(wasSeen && { unreadableBecause: [] }),
            organizationId: seen.organizationId || caller.organizationId,
            __observedInRun: storeOfRun().id,
            ...(removed && { lastRemoval: removed }),
        };
    } catch (error) {
        const failure = diagnose(error, { accountId, action: "sts:GetCallerIdentity" });
        // Whose credentials the audit saw is in doubt as well, then.
        return failure.reason === "wrong-account"
            ? { ...seen, ...stateOf(allUnknown(failure)) }
            : blocked(seen, failure);
    }
}

/** Kinds of which a credential was seen, and which could not be listed now. */
export function lostSight({ evidence }: RootCredentialOutputs, listings: CredentialListings): AwsFailure[] {
    return credentialsFound(evidence).flatMap(([name]) => {
        const listing = listings[name];
        return "failure" in listing ? [listing.failure] : [];
    });
}

async function withRecovery(
    declared: RootCredentialInputs,
    seen: RootCredentialOutputs,
    caller: Caller,
): Promise<RootCredentialOutputs> {
    const { accountId, until = "", reason = "" } = declared;
    const session = await openSessionOrExplain(accountId, "createPassword");
    if (!("iam" in session)) {
        // What was removed before is stored all the same; the next `read` drops the account.
        return blocked(seen, session.is === "gone" ? goneMeanwhile(accountId, session) : session.failure);
    }
    // What waited for its turn, throttled, may have outlasted the exception.
    if (Date.parse(until) <= Date.now()) return blocked(seen, endedMeanwhile(accountId, until));
    try {
        const { profile, traces } = await allowPasswordRecovery(session, caller);
        const { id, ...facts } = profile;
        log(
            `${accountLabel(declared)}: password recovery is allowed ${traces}. The exception ends at ${until} (${reason})`,
        );
        return {
            ...seen,
            loginProfile: "present",
            evidence: { ...seen.evidence, loginProfile: { [id]: facts } },
        };
    } catch (error) {
        const failure = diagnose(error, { accountId, action: "iam:CreateLoginProfile" });
        // That the account was closed before says nothing any more.
        return error instanceof AllowedAndNotSeen
            ? blocked({ ...seen, loginProfile: "unknown" }, failure)
            : blocked(seen, failure);
    }
}

function goneMeanwhile(accountId: string, { because }: Extract<NoSession, { is: "gone" }>): AwsFailure {
    const cause = `the account ${because} (sts:AssumeRoot)`;
    return {
        reason: "other",
        cause,
        detail: `account ${accountId} ${because}; its recovery was not allowed. Remove it from the program.`,
    };
}

function endedMeanwhile(accountId: string, until: string): AwsFailure {
    const cause = `its exception ended at ${until}, before recovery was allowed (iam:CreateLoginProfile)`;
    return {
        reason: "other",
        cause,
        detail: `account ${accountId} was not opened: ${cause}. Give it a later end if it is still needed, and run again.`,
    };
}

/** What was seen before still holds; why nothing could be done about it is added. */
function blocked(
    seen: RootCredentialOutputs,
    { cause, detail, next = "" }: AwsFailure,
): RootCredentialOutputs {
    const details = seen.auditErrorDetail === "" ? [] : [seen.auditErrorDetail];
    return {
        ...seen,
        auditError: cause,
        auditErrorDetail: [detail, ...details].join("\n"),
        __nextStep: next,
        unreadableBecause: [],
    };
}
