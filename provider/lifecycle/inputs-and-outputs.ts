/** The inputs and outputs that Pulumi stores of an account. */
import type * as pulumi from "@pulumi/pulumi";
import { desiredState } from "../credentials/desired";
import type { RootCredentialConfiguration } from "../credentials/settings";
import {
    isClean,
    stateOf,
    type CredentialListings,
    type LastRemoval,
    type RootCredentialInputs,
    type RootCredentialOutputs,
    type RootCredentialState,
} from "../credentials/state";
import { storeOfRun } from "../run/store";

/** True if the inputs leave the desired state out. */
export function isDeclarationAlone(inputs: object): boolean {
    return !("accessKeys" in inputs);
}

/** Tells the next `read` that the inputs in the state are the declaration alone. */
export function withShortInputs(inputs: object, left: RootCredentialOutputs): RootCredentialOutputs {
    return isDeclarationAlone(inputs) && isClean(left) ? { ...left, __declarationAlone: true } : left;
}

/** The inputs with the desired state, whether `check` has filled it in or not. */
export function withDesiredState<T extends RootCredentialInputs>(news: T, found: RootCredentialState): T {
    if (!isDeclarationAlone(news)) return news;
    return { ...news, ...desiredState(news.loginProfile === "present" ? "present" : "absent", found) };
}

/**
 * The engine shows a difference between these inputs and those in the state. So the inputs of a clean account are the
 * declaration alone, as its create stored them, until the account drifts for the first time.
 */
export function readResultOf({
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

export function outputsOf(
    configured: RootCredentialConfiguration,
    listings: CredentialListings,
    organizationId: string,
): RootCredentialOutputs {
    const observed = { ...stateOf(listings), organizationId, __observedInRun: storeOfRun().id };
    return { ...configuration(configured), ...observed };
}

/** The program's own part of the inputs. `read` must return all of it, because Pulumi shows a missing one as a change. */
export function configuration(from: RootCredentialConfiguration): RootCredentialConfiguration {
    const { accountId, onDelete } = from;
    const given = OPTIONAL.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]] as const]));
    const optional = Object.fromEntries(given) as Partial<RootCredentialConfiguration>;
    return { ...optional, accountId, onDelete: onDelete ?? "allow-recovery" };
}

/** The account's name and unit in the stack. */
export function locationOf({ accountName, organizationalUnit }: RootCredentialConfiguration) {
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

/** An exception that is no longer declared stays in the outputs until its password is removed (`reconcile.ts`). */
export function exceptionToEnd(
    { until, reason }: RootCredentialOutputs,
    { loginProfile }: RootCredentialInputs,
) {
    return loginProfile === "present" || until === undefined ? {} : { until, ...(reason && { reason }) };
}

/** The observed part of the outputs, without the settings of that run's program. */
export function observedOutputs(outputs: RootCredentialOutputs) {
    const { loginProfile, accessKeys, signingCertificates, mfaDevices, auditError } = outputs;
    const { auditErrorDetail, evidence, unreadableBecause, organizationId, __observedInRun } = outputs;
    const { __nextStep } = outputs;
    const compared = { loginProfile, accessKeys, signingCertificates, mfaDevices, auditError };
    return {
        ...compared,
        auditErrorDetail,
        ...(__nextStep !== undefined && { __nextStep }),
        evidence,
        unreadableBecause,
        organizationId,
        __observedInRun,
        ...lastRemovalOf(outputs),
    };
}

export function lastRemovalOf({ lastRemoval }: { lastRemoval?: LastRemoval }): { lastRemoval?: LastRemoval } {
    return lastRemoval === undefined ? {} : { lastRemoval };
}

export function declaredSettings({ onDelete, maxRemovals }: RootCredentialConfiguration) {
    return { onDelete: onDelete ?? "allow-recovery", ...(maxRemovals !== undefined && { maxRemovals }) };
}
