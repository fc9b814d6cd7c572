import type { ActionName } from "../action-names";
import { AwsError } from "../aws-error";
import type { Action, Call } from "../call";
import { authorize } from "../policies/authorization";
import { getAccountSummary, getUser } from "./iam-account";
import { CREDENTIAL_DELETIONS } from "./iam-deletions";
import { FEATURE_ACTIONS } from "./iam-features";
import { CREDENTIAL_LISTS } from "./iam-lists";
import { createLoginProfile, getLoginProfile } from "./iam-login-profile";

const UNGUARDED_ACTIONS: Record<ActionName<"iam">, Action> = {
    ...CREDENTIAL_LISTS,
    ...CREDENTIAL_DELETIONS,
    ...FEATURE_ACTIONS,
    GetLoginProfile: getLoginProfile,
    CreateLoginProfile: createLoginProfile,
    GetUser: getUser,
    GetAccountSummary: getAccountSummary,
};

/**
 * Actions of IAM that the simulator knows by name only: a root session is refused them as by AWS, everybody else is
 * told that they are unknown here.
 */
const NAMED_ONLY = [
    "CreateAccessKey",
    "UpdateAccessKey",
    "UpdateLoginProfile",
    "UpdateSigningCertificate",
    "UploadSigningCertificate",
    "EnableMFADevice",
    "ResyncMFADevice",
    "CreateVirtualMFADevice",
    "ListVirtualMFADevices",
    "GetMFADevice",
    "GenerateCredentialReport",
    "GetCredentialReport",
    "ListUsers",
    "CreateUser",
    "DeleteUser",
    "ListRoles",
    "CreateRole",
    "AttachUserPolicy",
    "ListAccountAliases",
    "ChangePassword",
];

/** Every IAM action, each behind the policies that bind the one who signs. */
export const IAM_ACTIONS: Record<string, Action> = {
    ...Object.fromEntries(NAMED_ONLY.map((name) => [name, guarded(name, notCarriedOut)])),
    ...Object.fromEntries(
        Object.entries(UNGUARDED_ACTIONS).map(([name, action]) => [name, guarded(name, action)]),
    ),
};

function notCarriedOut({ action }: Call): never {
    throw new AwsError("InvalidAction", `The simulator does not carry out iam:${action}`);
}

function guarded(name: string, action: Action): Action {
    return (call) => {
        authorize(call, `iam:${name}`, resourceOf(name, call));
        return action(call);
    };
}

/** What the call acts on, in the eyes of a policy: without a UserName it is the one who signs. */
function resourceOf(name: string, { principal, parameters, organization }: Call): string {
    if (name === "GetAccountSummary" || name.includes("Organizations")) return "*";
    const device = parameters.get("SerialNumber");
    if (name === "DeleteVirtualMFADevice" && device !== undefined) return device;
    const userName = parameters.get("UserName");
    if (userName === undefined) return principal.arn;
    return `arn:${organization.partition}:iam::${principal.accountId}:user/${userName}`;
}
