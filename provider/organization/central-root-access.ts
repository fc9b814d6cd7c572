/**
 * Whether central root access still stands for the caller, asked after a failure.
 *
 * `sts:AssumeRoot` answers a delegation that was removed in the same words as a missing permission. One answer holds for all
 * accounts, so AWS is asked once in a run (and process), however many accounts are refused.
 */
import { ListOrganizationsFeaturesCommand } from "@aws-sdk/client-iam";
import { preflightIam } from "../aws/clients";
import { required } from "../aws/responses";
import { oncePerRun } from "../process/once-per-run";
import type { CentralRootAccess, OrganizationFeature } from "../aws/errors/facts";
import { codeOf } from "../process/error-text";

/** What AWS said when it was first asked in this run. Does not throw: where AWS does not tell, it is unknown. */
export async function centralRootAccess(feature: OrganizationFeature): Promise<CentralRootAccess> {
    const answer = await enabledFeatures();
    if (typeof answer === "string") return answer;
    return answer.includes(feature) ? "on" : "feature-off";
}

const enabledFeatures = oncePerRun(ask);

async function ask(): Promise<string[] | Exclude<CentralRootAccess, "on" | "feature-off">> {
    try {
        const answer = await preflightIam().send(new ListOrganizationsFeaturesCommand({}));
        return required(answer.EnabledFeatures, "EnabledFeatures");
    } catch (error) {
        const code = codeOf(error);
        if (code.startsWith("ServiceAccessNotEnabled")) return "trusted-access-off";
        if (code.startsWith("AccountNotManagementOrDelegatedAdministrator")) return "not-delegated";
        return "unknown"; // the failure that led here is reported in any case
    }
}
