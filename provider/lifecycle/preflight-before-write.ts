import type { OrganizationFeature } from "../aws/errors/facts";
import { assertWritesCanBeLogged } from "../aws/write-log-file";
import { preflight, preflightAgain, type Caller } from "../organization/preflight";
import { accountsOfRun } from "../run/accounts";
import { policiesOfRun } from "../run/policies";

/**
 * The preflight before a write. `changed` is true if the refresh was refused and the caller is not refused now. Between the two, the
 * program may have switched central root access on (its foundation does), so AWS is asked once more.
 */
export async function preflightBeforeWrite(
    feature: OrganizationFeature = "RootCredentialsManagement",
): Promise<{ caller: Caller; changed: boolean }> {
    assertWritesCanBeLogged();
    try {
        return { caller: await preflight(feature), changed: false };
    } catch (error) {
        const isRefreshed = accountsOfRun().isAnyInspected() || policiesOfRun().isAnyInspected();
        if (!isRefreshed) throw error; // AWS has answered it just now
        return { caller: await preflightAgain(feature), changed: true };
    }
}
