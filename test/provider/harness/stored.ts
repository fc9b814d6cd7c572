/** Accounts as they are declared and as the last `up` left them. */
import type { RootCredentialInputs, RootCredentialOutputs } from "./package";
import { providerModule } from "./package";

export const { PROVIDER_STUB } = providerModule("resources/provider-references");

/** The identity of a run that is over. */
export const EARLIER_RUN = "an earlier run";

/** What the program says about an account once `check` has filled in what is desired. */
export function desired(accountId: string, given: Partial<RootCredentialInputs> = {}): RootCredentialInputs {
    return {
        accountId,
        onDelete: "allow-recovery",
        loginProfile: "absent",
        accessKeys: [],
        signingCertificates: [],
        mfaDevices: [],
        auditError: "",
        ...given,
    };
}

/** What Pulumi has stored about an account that was clean when last looked at. */
export function stored(accountId: string, given: Partial<RootCredentialOutputs> = {}): RootCredentialOutputs {
    return {
        ...desired(accountId),
        auditErrorDetail: "",
        __nextStep: "",
        evidence: {},
        unreadableBecause: [],
        organizationId: "o-simulated1",
        __observedInRun: EARLIER_RUN,
        ...given,
    };
}
