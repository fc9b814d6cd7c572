/**
 * Whether central root access still stands for the caller, asked after a refusal.
 *
 * `sts:AssumeRoot` answers a delegation that was removed in the same words as a missing permission. One answer holds for all
 * accounts, so AWS is asked once in a run (and process), however many accounts are refused.
 */
import { ListOrganizationsFeaturesCommand } from "@aws-sdk/client-iam";
import { iamAtOnce } from "./aws-clients";
import { required } from "./credential-kinds/answers";
import { oncePerRun } from "./once-per-run";
import { codeOf, type CentralRootAccess } from "./refusal-facts";

/** What AWS said when it was first asked in this run. Does not throw: where AWS does not tell, it is unknown. */
export const centralRootAccess = oncePerRun(ask);

async function ask(): Promise<CentralRootAccess> {
    try {
        const answer = await iamAtOnce().send(new ListOrganizationsFeaturesCommand({}));
        const features = required(answer.EnabledFeatures, "EnabledFeatures");
        return features.includes("RootCredentialsManagement") ? "on" : "feature-off";
    } catch (error) {
        const code = codeOf(error);
        if (code.startsWith("ServiceAccessNotEnabled")) return "trusted-access-off";
        if (code.startsWith("AccountNotManagementOrDelegatedAdministrator")) return "not-delegated";
        return "unknown"; // the refusal that led here is reported in any case
    }
}
