import { AwsError } from "../aws-error";
import type { Action, Answer, Call } from "../call";
import { invalidInput } from "./organizations-paging";

/** What IAM is given in the organization: trusted access, and a member account that acts for the management account. */
export const ADMINISTRATION_ACTIONS = {
    EnableAWSServiceAccess: enableServiceAccess,
    RegisterDelegatedAdministrator: registerDelegatedAdministrator,
} satisfies Record<string, Action>;

/** Enabling what is enabled is no error. */
function enableServiceAccess(call: Call): Answer {
    requireIam(call);
    call.organization.setTrustedAccess(true);
    return {};
}

function registerDelegatedAdministrator(call: Call): Answer {
    requireIam(call);
    const { organization, parameters } = call;
    const account = organization.find(parameters.get("AccountId") ?? "");
    if (!account) {
        throw new AwsError("AccountNotFoundException", "You specified an account that doesn't exist.");
    }
    if (account.id === organization.managementAccountId) {
        throw constraint("CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR");
    }
    if (!organization.trustedAccess) throw constraint("SERVICE_ACCESS_NOT_ENABLED");
    if (organization.delegatedAdministrators.has(account.id)) {
        throw new AwsError(
            "AccountAlreadyRegisteredException",
            "The provided account is already a delegated administrator for your organization.",
        );
    }
    organization.registerDelegatedAdministrator(account.id);
    return {};
}

/** The simulator knows no other service. */
function requireIam({ parameters }: Call): void {
    if (parameters.get("ServicePrincipal") !== "iam.amazonaws.com") {
        throw invalidInput("UNRECOGNIZED_SERVICE_PRINCIPAL");
    }
}

function constraint(Reason: string): AwsError {
    return new AwsError("ConstraintViolationException", "You violated a constraint.", 400, { Reason });
}
