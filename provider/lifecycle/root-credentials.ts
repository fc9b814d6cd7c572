/**
 * The dynamic provider: the six methods that Pulumi's provider process calls for each account.
 *
 * `check` and `diff` do not call AWS, since the engine calls them one account at a time; `read`, `create`, `update` and
 * `delete` talk to AWS, side by side. Pulumi finds this module by the text in `stub.ts`.
 */
import type * as pulumi from "@pulumi/pulumi";
import {
    hasNothingToRestore,
    reasonToSkip,
    mostGone,
    refuseOneOfTooManyGone,
    refuseSuspiciousRestore,
} from "./delete-guards";
import { converge, lostSight } from "./reconcile";
import {
    desiredState,
    holdsOnlyWhatItMay,
    isAcknowledged,
    type RootCredentialDeclaration,
} from "../credentials/desired";
import { listMeanwhile } from "../run/shared-listing";
import { foreignTo, refuseForeignOrganization, refuseForeignStack } from "./foreign-organization";
import { AccountFailed, providerMethod, PartialFailure } from "./provider-method";
import {
    observeRootCredentials,
    openSessionOrExplain,
    type NoSession,
    type Observation,
} from "../credentials/observe";
import { membershipOf } from "../organization/member-accounts";
import { refuseDestroyOfDeclared } from "../run/delete-origin";
import { isOutage } from "../aws/circuit-breaker";
import { preflight } from "../organization/preflight";
import { preflightBeforeWrite } from "./preflight-before-write";
import { log } from "../process/log";
import { allowPasswordRecovery } from "../credentials/allow-recovery";
import { diagnose, AwsCallFailed, type AwsFailure } from "../aws/errors/diagnose";
import { isWriteLogLost } from "../aws/write-log";
import { accountInReport } from "../audit/account-result";
import {
    allUnknown,
    accountLabel,
    isClean,
    stateOf,
    COMPARED_SETTINGS,
    type LastRemoval,
    type CredentialListings,
    type RootCredentialConfiguration,
    type RootCredentialInputs,
    type RootCredentialOutputs,
    type RootCredentialState,
} from "../credentials/state";
import { UNKNOWN, validate } from "../credentials/validate";
import { accountsOfRun } from "../run/accounts";
import { programOfRun } from "../run/program";
import { resultsOfRun } from "../run/results";
import { storeOfRun } from "../run/store";

type Provided<T> = T & { __provider?: string };

/**
 * Fills in the desired state. Fails for an account that this run did not look at, and for wrong arguments.
 *
 * A new account has nothing yet to differ from, so the row of its create shows the declaration alone. The inputs stay so until the
 * account differs (`asRead`).
 */
export function check(
    olds: Partial<RootCredentialInputs>,
    news: Provided<RootCredentialDeclaration>,
): Promise<pulumi.dynamic.CheckResult<RootCredentialInputs | RootCredentialDeclaration>> {
    return providerMethod("check", news, () => {
        programOfRun().addCheck();
        const failures = validate(news);
        if (failures.length > 0) return { inputs: news as RootCredentialInputs, failures };
        // The engine does not refresh what an interrupted replacement left behind, so one unread account among others that
        // were read is left to `diff` and `update`, which take nothing for granted.
        if (olds.accountId && !accountsOfRun().isAnyInspected()) {
            return { inputs: news as RootCredentialInputs, failures: [notLookedAt(olds.accountId)] };
        }
        if (news.accountId !== UNKNOWN) accountsOfRun().addDeclared(news.accountId, declaredTerms(news));
        const { loginProfile } = news;
        const desired = isDeclarationAlone(olds)
            ? loginProfile === "present" && { loginProfile }
            : desiredState(loginProfile, olds);
        return { inputs: { ...configuration(news), ...desired } };
    });
}

/** Inputs that leave the desired state out. */
function isDeclarationAlone(inputs: object): boolean {
    return !("accessKeys" in inputs);
}

/** Tells the next `read` that the inputs in the state are the declaration alone. */
function withShortInputs(inputs: object, left: RootCredentialOutputs): RootCredentialOutputs {
    return isDeclarationAlone(inputs) && isClean(left) ? { ...left, __declarationAlone: true } : left;
}

/** The inputs with the desired state, whether `check` has filled it in or not. */
function filledIn<T extends RootCredentialInputs>(news: T, found: RootCredentialState): T {
    if (!isDeclarationAlone(news)) return news;
    return { ...news, ...desiredState(news.loginProfile === "present" ? "present" : "absent", found) };
}

/** What makes a difference. Names of accounts and units do not, nor does what was found beside the credentials. */
const COMPARED: (keyof RootCredentialInputs)[] = [
    "loginProfile",
    "accessKeys",
    "signingCertificates",
    "mfaDevices",
    "auditError",
    ...COMPARED_SETTINGS,
];

/** Compares observed with desired; leaves it to the engine to say which properties differ. */
export function diff(
    _id: string,
    olds: RootCredentialOutputs,
    news: RootCredentialInputs,
): Promise<pulumi.dynamic.DiffResult> {
    return providerMethod("diff", news, () => {
        if (news.accountId === UNKNOWN) return {};
        if (olds.accountId !== news.accountId) return { replaces: ["accountId"] };
        if (accountsOfRun().isAnyInspected() && !accountsOfRun().isInspected(olds.accountId))
            return { changes: true };
        const wanted = filledIn(news, olds);
        // An acknowledgement covers only results of this run.
        const isExcused =
            accountsOfRun().isInspected(olds.accountId) &&
            isAcknowledged(olds, wanted) &&
            holdsOnlyWhatItMay(olds, wanted);
        const compared = isExcused ? COMPARED_SETTINGS : COMPARED;
        const same = compared.every((key) => JSON.stringify(olds[key]) === JSON.stringify(wanted[key]));
        return same ? { changes: false } : {};
    });
}

/** Audits the account live. What is seen becomes the inputs too, so that the engine shows drift by property. */
export function read(
    accountId: string,
    props: Provided<RootCredentialOutputs>,
): Promise<pulumi.dynamic.ReadResult<RootCredentialOutputs>> {
    return providerMethod(`looking at account ${accountId}`, props, async () => {
        const { observation, organizationId } = await observeUnlessHopeless(accountId, props);
        if (observation.is === "gone") return gone(observation.because, props, organizationId);
        const outputs = {
            ...outputsOf(props, observation.listings, organizationId),
            ...lastRemovalOf(props),
            ...(props.__declarationAlone && { __declarationAlone: true as const }),
            ...(hidesWhatWasSeen(props, observation.listings) && { unreadableBecause: [] }),
        };
        const { confirmed } = observation;
        const { onDelete, refuseIfUsedWithinDays, audit, until, reason } = props;
        const terms = { onDelete, refuseIfUsedWithinDays, audit, until, reason };
        accountsOfRun().addInspected(accountId, {
            ...terms,
            ...placeOf(props),
            confirmed,
            clean: isClean(outputs),
        });
        return asRead(outputs);
    });
}

/**
 * An earlier run saw a credential of a kind that is unknown now, and no listing has shown that it is gone. No acknowledgement covers
 * that, and the outputs say so by holding no reasons.
 */
function hidesWhatWasSeen(props: RootCredentialOutputs, listings: CredentialListings): boolean {
    const isUnknown = Object.values(listings).some((listing) => "refusal" in listing);
    const saidSo = props.auditError !== "" && props.unreadableBecause?.length === 0;
    return isUnknown && (saidSo || lostSight(props, listings).length > 0);
}

/**
 * The engine drops an account without an id from the state at once, whatever the program says then. So an account that is one of
 * too many is kept, and everything in it is unknown.
 */
function gone(
    because: string,
    props: RootCredentialOutputs,
    organizationId: string,
): pulumi.dynamic.ReadResult<RootCredentialOutputs> {
    const { accountId, maxRemovals } = props;
    const keptBefore = props.auditError === ONE_OF_TOO_MANY;
    const limit = maxRemovals === undefined ? {} : { maxRemovals };
    accountsOfRun().addGone(accountId, { refreshed: true, because, keptBefore, ...limit, ...placeOf(props) });
    const most = mostGone(maxRemovals);
    if (!keptBefore && accountsOfRun().gone().length <= most) {
        log(`${accountLabel(props)} ${because}; it is dropped from the stack and nothing is changed there`);
        return { props };
    }
    log(
        `${accountLabel(props)} ${because}; the refresh keeps it in the stack, because more accounts were gone at once than maxRemovals allows`,
    );
    const detail = `account ${accountId} ${because}. It stays in the stack, because more accounts of this stack were gone at once than maxRemovals allows.`;
    const listings = allUnknown({ reason: "other", cause: ONE_OF_TOO_MANY, detail });
    return asRead({ ...outputsOf(props, listings, organizationId), ...lastRemovalOf(props) });
}

/** By this the next run knows that the account was kept. */
const ONE_OF_TOO_MANY = "gone, as are too many others at once";

/**
 * The engine shows a difference between these inputs and those in the state. So the inputs of a clean account are the declaration
 * alone, as its create left them, until the account differs for the first time.
 */
function asRead({
    __declarationAlone,
    ...outputs
}: RootCredentialOutputs): pulumi.dynamic.ReadResult<RootCredentialOutputs> {
    const { accountId, loginProfile, accessKeys, signingCertificates, mfaDevices, auditError } = outputs;
    if (__declarationAlone && isClean(outputs)) {
        const inputs = configuration(outputs) as RootCredentialOutputs;
        return { id: accountId, props: { ...outputs, __declarationAlone }, inputs };
    }
    const observed = { loginProfile, accessKeys, signingCertificates, mfaDevices, auditError };
    return {
        id: accountId,
        props: outputs,
        inputs: { ...configuration(outputs), ...observed } as RootCredentialOutputs,
    };
}

/** Removes what a live audit finds; in an exception, allows recovery of the password. */
export function create(
    inputs: Provided<RootCredentialDeclaration>,
): Promise<pulumi.dynamic.CreateResult<RootCredentialOutputs>> {
    const { accountId: id } = inputs;
    let organizationId = "";
    const removing = async () => {
        const { caller } = await preflightBeforeWrite();
        refuseForeignStack(caller);
        organizationId = caller.organizationId;
        const observation = await observeRootCredentials(id, inputs.audit);
        if (observation.is === "gone")
            throw new AccountFailed(`account ${id} ${observation.because}; remove it from the program`);
        const seen = outputsOf(inputs, observation.listings, organizationId);
        const declared = { ...inputs, ...desiredState(inputs.loginProfile, seen) };
        const left = reported(declared, await converge(declared, seen, true));
        return { id, outs: withShortInputs(inputs, left) };
    };
    return providerMethod(`removing root credentials from account ${id}`, inputs, removing, (error) => {
        const outs = reportedFailure(error, (listings) => outputsOf(inputs, listings, organizationId));
        return outs && { id, outs: reported(inputs, outs) };
    });
}

/** Brings the account from what this run's `read` found to what is declared. */
export function update(
    accountId: string,
    olds: RootCredentialOutputs,
    news: Provided<RootCredentialInputs>,
): Promise<pulumi.dynamic.UpdateResult<RootCredentialOutputs>> {
    const removing = async () => {
        const { caller, changed } = await preflightBeforeWrite();
        refuseForeignOrganization(olds, caller);
        const wanted = filledIn(news, olds);
        const seen = { ...observedPart(olds), ...configuration(news), ...endingException(olds, news) };
        // What a summary did not show is looked for once a full audit is asked for; and what a refresh could not look at
        // for want of central root access, once that is on.
        const askedForMore = news.audit === "full" && olds.audit !== "full";
        const upToDate = accountsOfRun().isInspected(accountId) && !askedForMore && !changed;
        const left = reported(wanted, await converge(wanted, seen, upToDate), olds.lastRemoval);
        return { outs: withShortInputs(news, left) };
    };
    return providerMethod(`removing root credentials from account ${accountId}`, news, removing, (error) => {
        const past = { ...endingException(olds, news), ...lastRemovalOf(olds) };
        const outs = reportedFailure(error, (listings) => ({
            ...outputsOf(news, listings, olds.organizationId),
            ...past,
        }));
        return outs && { outs: reported(news, outs, olds.lastRemoval) };
    });
}

/** Tells the program how the account was left, for the report of the run. @param before a removal of an earlier run */
function reported(
    declared: RootCredentialConfiguration & Pick<Partial<RootCredentialInputs>, "loginProfile">,
    outputs: RootCredentialOutputs,
    before?: LastRemoval,
): RootCredentialOutputs {
    const { accountId: id, accountName: name = id, organizationalUnit = "" } = declared;
    const { at, removed: credentials = [], session = "", by = "" } = outputs.lastRemoval ?? {};
    const removed =
        at === undefined || at === before?.at ? {} : { removed: { at, credentials, session, by } };
    const loginProfile = declared.loginProfile === "present" ? "present" : "absent";
    const account = accountInReport({ id, name, organizationalUnit }, outputs, { ...declared, loginProfile });
    resultsOfRun().addResult({ ...account, ...removed });
    return outputs;
}

/**
 * What Pulumi stores of an account that failed, if the program reports failures at its end (decision 19). The engine then goes on with
 * the others. Undefined if the error must stop the engine: it holds for every account, or the program cannot be told.
 */
function reportedFailure(
    error: unknown,
    storing: (unknown: CredentialListings) => RootCredentialOutputs,
): RootCredentialOutputs | undefined {
    const isOfAccount = error instanceof PartialFailure || error instanceof AccountFailed;
    if (!isOfAccount || isOutage() || isWriteLogLost()) return undefined;
    const { message } = error;
    const outputs =
        error instanceof PartialFailure
            ? (error.outputs as RootCredentialOutputs)
            : storing(allUnknown({ reason: "other", cause: message, detail: message }));
    const { accountId, auditError: cause } = outputs;
    try {
        if (!resultsOfRun().isReportAnnounced()) return undefined;
        resultsOfRun().addFailure(accountId, { ...placeOf(outputs), cause, detail: message });
    } catch {
        return undefined;
    }
    return outputs;
}

/** Allows password recovery again, where nothing speaks against it (`departures.ts`). */
async function deleteResource(accountId: string, props: RootCredentialOutputs): Promise<void> {
    return providerMethod(`allowing recovery of account ${accountId}`, props, async () => {
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
            const refusal = diagnose(error, { accountId, action: "iam:CreateLoginProfile" });
            return letUntouchedGo(refusal, props);
        }
        log(recoveryAllowed(props, traces));
    });
}
export { deleteResource as delete };

/** An audit, or the one reason why no account can be audited at all; and the organization that the account belongs to. */
async function observeUnlessHopeless(
    accountId: string,
    props: RootCredentialOutputs,
): Promise<{ observation: Observation; organizationId: string }> {
    if (props.organizationId) accountsOfRun().addOrganization(props.organizationId);
    try {
        const caller = await preflight();
        const foreign = foreignTo(props, caller);
        if (foreign === undefined) {
            listMeanwhile(caller);
            const observation = await observeRootCredentials(accountId, props.audit);
            return { observation, organizationId: props.organizationId || caller.organizationId };
        }
        return {
            observation: { is: "member", listings: allUnknown(foreign), confirmed: false },
            organizationId: props.organizationId,
        };
    } catch (error) {
        const listings = allUnknown(diagnose(error, { accountId, action: "preflight" }));
        return {
            observation: { is: "member", listings, confirmed: false },
            organizationId: props.organizationId,
        };
    }
}

function outputsOf(
    configured: RootCredentialConfiguration,
    listings: CredentialListings,
    organizationId: string,
): RootCredentialOutputs {
    const observed = { ...stateOf(listings), organizationId, __observedInRun: storeOfRun().id };
    return { ...configuration(configured), ...observed };
}

/** The program's own part of the inputs: whatever `read` does not echo would look removed from the program. */
function configuration(from: RootCredentialConfiguration): RootCredentialConfiguration {
    const { accountId, onDelete } = from;
    const given = OPTIONAL.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]] as const]));
    const optional = Object.fromEntries(given) as Partial<RootCredentialConfiguration>;
    return { ...optional, accountId, onDelete: onDelete ?? "allow-recovery" };
}

/** What the stack calls the account, and where it has it stand. */
function placeOf({ accountName, organizationalUnit }: RootCredentialConfiguration) {
    return { ...(accountName && { accountName }), ...(organizationalUnit && { organizationalUnit }) };
}

const OPTIONAL = [
    "accountName",
    "organizationalUnit",
    "maxRemovals",
    "refuseIfUsedWithinDays",
    "audit",
    "until",
    "reason",
    "acknowledged",
] as const;

/** An exception that is not declared any more stays known until its password is gone (`converge.ts`). */
function endingException({ until, reason }: RootCredentialOutputs, { loginProfile }: RootCredentialInputs) {
    return loginProfile === "present" || until === undefined ? {} : { until, ...(reason && { reason }) };
}

/** What was seen of the account, without what the program said about it then. */
function observedPart(outputs: RootCredentialOutputs) {
    const { loginProfile, accessKeys, signingCertificates, mfaDevices, auditError } = outputs;
    const { auditErrorDetail, evidence, unreadableBecause, organizationId, __observedInRun } = outputs;
    const compared = { loginProfile, accessKeys, signingCertificates, mfaDevices, auditError };
    return {
        ...compared,
        auditErrorDetail,
        evidence,
        unreadableBecause,
        organizationId,
        __observedInRun,
        ...lastRemovalOf(outputs),
    };
}

function lastRemovalOf({ lastRemoval }: { lastRemoval?: LastRemoval }): { lastRemoval?: LastRemoval } {
    return lastRemoval === undefined ? {} : { lastRemoval };
}

function declaredTerms({ onDelete, maxRemovals }: RootCredentialConfiguration) {
    return { onDelete: onDelete ?? "allow-recovery", ...(maxRemovals !== undefined && { maxRemovals }) };
}

function letGoOrFail(session: NoSession, props: RootCredentialOutputs): void {
    if (session.is === "gone")
        return log(`${accountLabel(props)} ${session.because}; nothing is changed there`);
    letUntouchedGo(session.refusal, props);
}

function letUntouchedGo(refusal: AwsFailure, props: RootCredentialOutputs): void {
    if (!hasNothingToRestore(props, refusal)) throw new AwsCallFailed(refusal);
    log(
        `${accountLabel(props)} is left as it is: nothing of it was ever removed through this stack, and it cannot be entered (${refusal.cause})`,
    );
}

function recoveryAllowed(props: RootCredentialOutputs, traces: string): string {
    const allowed = `${accountLabel(props)}: password recovery is allowed again ${traces}. Whoever reads the root user's mailbox can set a new password`;
    const lost = props.lastRemoval?.removed.filter((credential) => credential !== "password") ?? [];
    const lostList =
        lost.length > 0 ? ` (${lost.join(", ")}, removed ${props.lastRemoval?.at.slice(0, 10)})` : "";
    return `${allowed}; the old password, access keys, signing certificates and MFA devices cannot be brought back${lostList}`;
}

function notLookedAt(accountId: string): pulumi.dynamic.CheckFailure {
    return {
        property: "accountId",
        reason:
            `account ${accountId} was not looked at in this run, so nothing can be said about it: a stack of root credentials must refresh first. ` +
            "Leave out --refresh=false, and keep `options: { refresh: always }` in Pulumi.yaml. (If an interrupted replacement left it behind, " +
            "pulumi state delete forgets it and changes nothing in AWS.)",
    };
}
