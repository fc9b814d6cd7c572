/** Inputs of declared accounts, and outputs of the last `up`. */
import type { RootCredentialInputs, RootCredentialOutputs } from "./package";
import { providerModule } from "./package";

export const { ROOT_CREDENTIALS_PROVIDER } = providerModule("resources/provider-references");

/** The identity of an ended run. */
export const EARLIER_RUN = "an earlier run";

/** The inputs of an account after `check` has added the desired state. */
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

/** The outputs of an account that was clean at its last inspection. */
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
