import type { OrganizationFeature } from "../aws/errors/facts";
import { assertWritesCanBeLogged } from "../aws/write-log-file";
import { preflight, preflightAgain, type Caller } from "../organization/preflight";
import { accountsOfRun } from "../run/accounts";
import { policiesOfRun } from "../run/policies";

/**
 * The preflight before a write. After a refused refresh, AWS is asked once more, because the program's foundation may have
 * switched central root access on since. `changed`: AWS refused the refresh and does not refuse now.
 */
export async function preflightBeforeWrite(
    feature: OrganizationFeature = "RootCredentialsManagement",
): Promise<{ caller: Caller; changed: boolean }> {
    assertWritesCanBeLogged();
    try {
        return { caller: await preflight(feature), changed: false };
    } catch (error) {
        const isRefreshed = accountsOfRun().isAnyInspected() || policiesOfRun().isAnyInspected();
        if (!isRefreshed) throw error; // no refresh came before, so this answer is new
        return { caller: await preflightAgain(feature), changed: true };
    }
}
