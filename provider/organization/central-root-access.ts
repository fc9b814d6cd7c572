/**
 * Asks after a failure whether the caller may still use central root access.
 *
 * `sts:AssumeRoot` answers a removed delegation in the same words as a missing permission. One answer holds for all accounts, so
 * each process asks once per run, however many accounts are refused.
 */
import { ListOrganizationsFeaturesCommand } from "@aws-sdk/client-iam";
import { preflightIam } from "../aws/clients";
import { required } from "../aws/responses";
import { oncePerRun } from "../process/once-per-run";
import type { CentralRootAccess, OrganizationFeature } from "../aws/errors/facts";
import { codeOf } from "../process/error-text";

/** AWS's first answer in this run. Never throws: if AWS does not answer, the result is unknown. */
export async function centralRootAccess(feature: OrganizationFeature): Promise<CentralRootAccess> {
    const answer = await featuresOfRun();
    if (typeof answer === "string") return answer;
    return answer.includes(feature) ? "on" : "feature-off";
}

const featuresOfRun = oncePerRun(ask);

async function ask(): Promise<string[] | Exclude<CentralRootAccess, "on" | "feature-off">> {
    try {
        const answer = await preflightIam().send(new ListOrganizationsFeaturesCommand({}));
        return required(answer.EnabledFeatures, "EnabledFeatures");
    } catch (error) {
        const code = codeOf(error);
        if (code.startsWith("ServiceAccessNotEnabled")) return "trusted-access-off";
        if (code.startsWith("AccountNotManagementOrDelegatedAdministrator")) return "not-delegated";
        return "unknown"; // The failure that led here is reported in any case.
    }
}
