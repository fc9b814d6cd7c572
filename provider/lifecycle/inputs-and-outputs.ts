/** The inputs and outputs that Pulumi stores of an account. */
import type * as pulumi from "@pulumi/pulumi";
import { desiredState } from "../credentials/desired";
import {
    isClean,
    stateOf,
    type CredentialListings,
    type LastRemoval,
    type RootCredentialConfiguration,
    type RootCredentialInputs,
    type RootCredentialOutputs,
    type RootCredentialState,
} from "../credentials/state";
import { storeOfRun } from "../run/store";

/** Inputs that leave the desired state out. */
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
 * The engine shows a difference between these inputs and those in the state. So the inputs of a clean account are the declaration
 * alone, as its create left them, until the account differs for the first time.
 */
export function asRead({
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

/** The program's own part of the inputs: whatever `read` does not echo would look removed from the program. */
export function configuration(from: RootCredentialConfiguration): RootCredentialConfiguration {
    const { accountId, onDelete } = from;
    const given = OPTIONAL.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]] as const]));
    const optional = Object.fromEntries(given) as Partial<RootCredentialConfiguration>;
    return { ...optional, accountId, onDelete: onDelete ?? "allow-recovery" };
}

/** What the stack calls the account, and where it has it stand. */
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

/** An exception that is not declared any more stays known until its password is gone (`converge.ts`). */
export function endingException(
    { until, reason }: RootCredentialOutputs,
    { loginProfile }: RootCredentialInputs,
) {
    return loginProfile === "present" || until === undefined ? {} : { until, ...(reason && { reason }) };
}

/** What was seen of the account, without what the program said about it then. */
export function observedPart(outputs: RootCredentialOutputs) {
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
