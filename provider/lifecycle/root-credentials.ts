/**
 * The dynamic provider: the six methods that Pulumi's provider process calls for each account.
 *
 * `check` and `diff` do not call AWS, because the engine calls them for one account at a time. The other methods call AWS, and the
 * engine runs them side by side. Pulumi finds this module by the text in `resources/provider-references.ts`.
 */
import type * as pulumi from "@pulumi/pulumi";
import { diagnose } from "../aws/errors/diagnose";
import {
    desiredState,
    holdsOnlyWhatItMay,
    isAcknowledged,
    type RootCredentialDeclaration,
} from "../credentials/desired";
import { observeRootCredentials, type Observation } from "../credentials/observe";
import { accountLabel } from "../credentials/describe";
import { COMPARED_SETTINGS } from "../credentials/settings";
import {
    allUnknown,
    isClean,
    type CredentialListings,
    type RootCredentialInputs,
    type RootCredentialOutputs,
} from "../credentials/state";
import { UNKNOWN, validate } from "../credentials/validate";
import { preflight } from "../organization/preflight";
import { log } from "../process/log";
import { accountsOfRun } from "../run/accounts";
import { programOfRun } from "../run/program";
import { listMeanwhile } from "../run/shared-listing";
import { maxGone } from "./delete-guards";
import { foreignTo, refuseForeignOrganization, refuseForeignStack } from "./foreign-organization";
import {
    readResultOf,
    configuration,
    declaredSettings,
    exceptionToEnd,
    isDeclarationAlone,
    lastRemovalOf,
    locationOf,
    observedPart,
    outputsOf,
    withDesiredState,
    withShortInputs,
} from "./inputs-and-outputs";
import { preflightBeforeWrite } from "./preflight-before-write";
import { AccountFailed, providerMethod } from "./provider-method";
import { newlyUnreadable, reconcile } from "./reconcile";
import { restore } from "./restore";
import { resultOfFailure, reportResult } from "./results";

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
            return { inputs: news as RootCredentialInputs, failures: [notInspected(olds.accountId)] };
        }
        if (news.accountId !== UNKNOWN) accountsOfRun().addDeclared(news.accountId, declaredSettings(news));
        const { loginProfile } = news;
        const desired = isDeclarationAlone(olds)
            ? loginProfile === "present" && { loginProfile }
            : desiredState(loginProfile, olds);
        return { inputs: { ...configuration(news), ...desired } };
    });
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
        const wanted = withDesiredState(news, olds);
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
        const { observation, organizationId } = await observeIfPossible(accountId, props);
        if (observation.is === "gone") return dropOrKeepGone(observation.because, props, organizationId);
        const outputs = {
            ...outputsOf(props, observation.listings, organizationId),
            ...lastRemovalOf(props),
            ...(props.__declarationAlone && { __declarationAlone: true as const }),
            ...(isSeenCredentialUnknown(props, observation.listings) && { unreadableBecause: [] }),
        };
        const { confirmed } = observation;
        const { onDelete, refuseIfUsedWithinDays, audit, until, reason } = props;
        const terms = { onDelete, refuseIfUsedWithinDays, audit, until, reason };
        accountsOfRun().addInspected(accountId, {
            ...terms,
            ...locationOf(props),
            confirmed,
            clean: isClean(outputs),
        });
        return readResultOf(outputs);
    });
}

/**
 * An earlier run saw a credential of a kind that is unknown now, and no listing has shown that it is gone. No acknowledgement covers
 * that, and the outputs say so by holding no reasons.
 */
function isSeenCredentialUnknown(props: RootCredentialOutputs, listings: CredentialListings): boolean {
    const isUnknown = Object.values(listings).some((listing) => "failure" in listing);
    const saidSo = props.auditError !== "" && props.unreadableBecause?.length === 0;
    return isUnknown && (saidSo || newlyUnreadable(props, listings).length > 0);
}

/**
 * The engine drops an account without an id from the state at once, whatever the program says then. So an account that is one of
 * too many is kept, and everything in it is unknown.
 */
function dropOrKeepGone(
    because: string,
    props: RootCredentialOutputs,
    organizationId: string,
): pulumi.dynamic.ReadResult<RootCredentialOutputs> {
    const { accountId, maxRemovals } = props;
    const keptBefore = props.auditError === ONE_OF_TOO_MANY;
    const limit = maxRemovals === undefined ? {} : { maxRemovals };
    accountsOfRun().addGone(accountId, {
        refreshed: true,
        because,
        keptBefore,
        ...limit,
        ...locationOf(props),
    });
    const most = maxGone(maxRemovals);
    if (!keptBefore && accountsOfRun().gone().length <= most) {
        log(`${accountLabel(props)} ${because}; it is dropped from the stack and nothing is changed there`);
        return { props };
    }
    log(
        `${accountLabel(props)} ${because}; the refresh keeps it in the stack, because more accounts were gone at once than maxRemovals allows`,
    );
    const detail = `account ${accountId} ${because}. It stays in the stack, because more accounts of this stack were gone at once than maxRemovals allows.`;
    const listings = allUnknown({ reason: "other", cause: ONE_OF_TOO_MANY, detail });
    return readResultOf({ ...outputsOf(props, listings, organizationId), ...lastRemovalOf(props) });
}

/** By this the next run knows that the account was kept. */
const ONE_OF_TOO_MANY = "gone, as are too many others at once";

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
        const left = reportResult(declared, await reconcile(declared, seen, true));
        return { id, outs: withShortInputs(inputs, left) };
    };
    return providerMethod(`removing root credentials from account ${id}`, inputs, removing, (error) => {
        const outs = resultOfFailure(error, (listings) => outputsOf(inputs, listings, organizationId));
        return outs && { id, outs: reportResult(inputs, outs) };
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
        const wanted = withDesiredState(news, olds);
        const seen = { ...observedPart(olds), ...configuration(news), ...exceptionToEnd(olds, news) };
        // What a summary did not show is looked for once a full audit is asked for; and what a refresh could not look at
        // for want of central root access, once that is on.
        const askedForMore = news.audit === "full" && olds.audit !== "full";
        const upToDate = accountsOfRun().isInspected(accountId) && !askedForMore && !changed;
        const left = reportResult(wanted, await reconcile(wanted, seen, upToDate), olds.lastRemoval);
        return { outs: withShortInputs(news, left) };
    };
    return providerMethod(`removing root credentials from account ${accountId}`, news, removing, (error) => {
        const past = { ...exceptionToEnd(olds, news), ...lastRemovalOf(olds) };
        const outs = resultOfFailure(error, (listings) => ({
            ...outputsOf(news, listings, olds.organizationId),
            ...past,
        }));
        return outs && { outs: reportResult(news, outs, olds.lastRemoval) };
    });
}

/** Allows password recovery again, unless a guard says no. */
async function deleteResource(accountId: string, props: RootCredentialOutputs): Promise<void> {
    return providerMethod(`allowing recovery of account ${accountId}`, props, () =>
        restore(accountId, props),
    );
}
export { deleteResource as delete };

/** An audit, or the one reason why no account can be audited at all; and the organization that the account belongs to. */
async function observeIfPossible(
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

function notInspected(accountId: string): pulumi.dynamic.CheckFailure {
    return {
        property: "accountId",
        reason:
            `account ${accountId} was not looked at in this run, so nothing can be said about it: a stack of root credentials must refresh first. ` +
            "Leave out --refresh=false, and keep `options: { refresh: always }` in Pulumi.yaml. (If an interrupted replacement left it behind, " +
            "pulumi state delete forgets it and changes nothing in AWS.)",
    };
}
