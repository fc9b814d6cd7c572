/**
 * The dynamic provider: the six methods that Pulumi's provider process calls for each account. Pulumi finds this module by
 * the text in `resources/provider-references.ts`.
 *
 * `check` and `diff` do not call AWS, because the engine calls them for one account at a time. The engine runs the other
 * methods in parallel.
 */
import type * as pulumi from "@pulumi/pulumi";
import {
    desiredState,
    hasNothingToRemove,
    isAcknowledged,
    type RootCredentialDeclaration,
} from "../credentials/desired";
import { observeRootCredentials } from "../credentials/observe";
import { COMPARED_SETTINGS } from "../credentials/settings";
import type { RootCredentialInputs, RootCredentialOutputs } from "../credentials/state";
import { UNKNOWN, validate } from "../credentials/validate";
import { accountsOfRun } from "../run/accounts";
import { programOfRun } from "../run/program";
import { refuseForeignOrganization, refuseForeignStack } from "./foreign-organization";
import {
    configuration,
    declaredSettings,
    exceptionToEnd,
    isDeclarationAlone,
    lastRemovalOf,
    observedOutputs,
    outputsOf,
    withDesiredState,
    withShortInputs,
} from "./inputs-and-outputs";
import { preflightBeforeWrite } from "./preflight-before-write";
import { AccountFailed, providerMethod } from "./provider-method";
import { read } from "./read";
import { reconcile } from "./reconcile";
import { restore } from "./restore";
import { reportResult, resultOfFailure } from "./results";

type Provided<T> = T & { __provider?: string };

/**
 * Fills in the desired state. Fails for wrong arguments, and for an account that this run has not inspected.
 *
 * The inputs of a new account are the declaration alone, so the row of its create shows no more. They stay so until the
 * account drifts for the first time (`readResultOf`).
 */
export function check(
    olds: Partial<RootCredentialInputs>,
    news: Provided<RootCredentialDeclaration>,
): Promise<pulumi.dynamic.CheckResult<RootCredentialInputs | RootCredentialDeclaration>> {
    return providerMethod("check", news, () => {
        programOfRun().addCheck();
        const failures = validate(news);
        if (failures.length > 0) return { inputs: news as RootCredentialInputs, failures };
        // The engine does not refresh a resource that an interrupted replacement left behind. So if this run has read other
        // accounts, this one is no failure here: `diff` shows a change, and `update` inspects it.
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

/** A difference in these properties is a change. The names of accounts and units are not compared, nor is the evidence. */
const COMPARED: (keyof RootCredentialInputs)[] = [
    "loginProfile",
    "accessKeys",
    "signingCertificates",
    "mfaDevices",
    "auditError",
    ...COMPARED_SETTINGS,
];

/** Compares the observed state with the desired one. The engine itself finds out which properties differ. */
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
            hasNothingToRemove(olds, wanted);
        const compared = isExcused ? COMPARED_SETTINGS : COMPARED;
        const same = compared.every((key) => JSON.stringify(olds[key]) === JSON.stringify(wanted[key]));
        return same ? { changes: false } : {};
    });
}

/** Inspects the account and removes the credentials that it must not have. During an exception, allows password recovery. */
export function create(
    inputs: Provided<RootCredentialDeclaration>,
): Promise<pulumi.dynamic.CreateResult<RootCredentialOutputs>> {
    const { accountId: id } = inputs;
    let organizationId = "";
    const work = async () => {
        const { caller } = await preflightBeforeWrite();
        refuseForeignStack(caller);
        organizationId = caller.organizationId;
        const observation = await observeRootCredentials(id, inputs.audit);
        if (observation.is === "gone")
            throw new AccountFailed(`account ${id} ${observation.because}; remove it from the program`);
        const observed = outputsOf(inputs, observation.listings, organizationId);
        const declared = { ...inputs, ...desiredState(inputs.loginProfile, observed) };
        const left = reportResult(declared, await reconcile(declared, observed, true));
        return { id, outs: withShortInputs(inputs, left) };
    };
    return providerMethod(`removing root credentials from account ${id}`, inputs, work, (error) => {
        const outs = resultOfFailure(error, (listings) => outputsOf(inputs, listings, organizationId));
        return outs && { id, outs: reportResult(inputs, outs) };
    });
}

/** Brings the account from the state that this run's `read` has found to the declared one. */
export function update(
    accountId: string,
    olds: RootCredentialOutputs,
    news: Provided<RootCredentialInputs>,
): Promise<pulumi.dynamic.UpdateResult<RootCredentialOutputs>> {
    const work = async () => {
        const { caller, changed } = await preflightBeforeWrite();
        refuseForeignOrganization(olds, caller);
        const wanted = withDesiredState(news, olds);
        const observed = { ...observedOutputs(olds), ...configuration(news), ...exceptionToEnd(olds, news) };
        // Inspect again if the declaration newly asks for a full audit, or if central root access was switched on since the
        // refresh.
        const asksForMore = news.audit === "full" && olds.audit !== "full";
        const isCurrent = accountsOfRun().isInspected(accountId) && !asksForMore && !changed;
        const left = reportResult(wanted, await reconcile(wanted, observed, isCurrent), olds.lastRemoval);
        return { outs: withShortInputs(news, left) };
    };
    return providerMethod(`removing root credentials from account ${accountId}`, news, work, (error) => {
        const past = { ...exceptionToEnd(olds, news), ...lastRemovalOf(olds) };
        const outs = resultOfFailure(error, (listings) => ({
            ...outputsOf(news, listings, olds.organizationId),
            ...past,
        }));
        return outs && { outs: reportResult(news, outs, olds.lastRemoval) };
    });
}

/** Allows password recovery again, unless a guard forbids it. */
async function deleteResource(accountId: string, props: RootCredentialOutputs): Promise<void> {
    return providerMethod(`allowing recovery of account ${accountId}`, props, () =>
        restore(accountId, props),
    );
}
export { deleteResource as delete, read };

function notInspected(accountId: string): pulumi.dynamic.CheckFailure {
    return {
        property: "accountId",
        reason:
            `account ${accountId} was not inspected in this run, and a stack of root credentials must refresh first. ` +
            "Leave out --refresh=false, and keep `options: { refresh: always }` in Pulumi.yaml. (If an interrupted replacement left it behind, " +
            "pulumi state delete forgets it and changes nothing in AWS.)",
    };
}
