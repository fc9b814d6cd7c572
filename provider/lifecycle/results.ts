/** Passes the results of creates and updates to the program. */
import { accountInReport } from "../audit/account-result";
import { isCircuitOpen } from "../aws/circuit-breaker";
import { isWriteLogLost } from "../aws/write-log";
import type { RootCredentialConfiguration } from "../credentials/settings";
import {
    allUnknown,
    type CredentialListings,
    type LastRemoval,
    type RootCredentialInputs,
    type RootCredentialOutputs,
} from "../credentials/state";
import { resultsOfRun } from "../run/results";
import { locationOf } from "./inputs-and-outputs";
import { AccountFailed, PartialFailure } from "./provider-method";

/**
 * Passes the account's result to the program, for the report of the run.
 *
 * @param before the last removal of earlier runs
 */
export function reportResult(
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
 * The outputs that Pulumi stores of a failed account, if the program reports failures at its end (docs/decisions/0019). The
 * engine then continues with the other accounts. Undefined if the error must stop the engine: it concerns every account, or
 * the failure cannot be passed to the program.
 */
export function resultOfFailure(
    error: unknown,
    outputsWith: (listings: CredentialListings) => RootCredentialOutputs,
): RootCredentialOutputs | undefined {
    const isOfAccount = error instanceof PartialFailure || error instanceof AccountFailed;
    if (!isOfAccount || isCircuitOpen() || isWriteLogLost()) return undefined;
    const { message } = error;
    const outputs =
        error instanceof PartialFailure
            ? (error.outputs as RootCredentialOutputs)
            : outputsWith(allUnknown({ reason: "other", cause: message, detail: message }));
    const { accountId, auditError: cause } = outputs;
    try {
        if (!resultsOfRun().isReportAnnounced()) return undefined;
        resultsOfRun().addFailure(accountId, { ...locationOf(outputs), cause, detail: message });
    } catch {
        return undefined;
    }
    return outputs;
}
