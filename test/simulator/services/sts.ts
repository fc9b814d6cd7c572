import type { ActionName } from "../action-names";
import { AwsError, constraintBroken, validationError } from "../aws-error";
import type { Action, Call } from "../call";
import { accessDenied, authorize } from "../policies/authorization";
import { type TaskPolicy, taskPolicy } from "../policies/task-policies";
import { isOpen } from "../state/member-account";
import type { Organization } from "../state/organization";
import type { Principal, TemporaryKey } from "../state/principals";

export const STS_ACTIONS: Record<ActionName<"sts">, Action> = {
    AssumeRole: assumeRole,
    AssumeRoot: assumeRoot,
    GetCallerIdentity: getCallerIdentity,
};

const LONGEST_SESSION_SECONDS = 900;

function assumeRoot(call: Call) {
    const { organization, principal, region } = call;
    if (organization.globalSts || region === "aws-global") {
        throw new AwsError("InvalidAction", "Unknown Operation");
    }
    if (organization.disabledRegions.has(region)) throw regionDisabled(principal.accountId);

    const { arn, task } = requestedTask(call);
    const target = requestedAccount(call);
    const seconds = requestedSeconds(call);
    const resource = organization.principals.rootArn(target);

    authorize(call, "sts:AssumeRoot", resource, { "sts:TaskPolicyArn": arn });
    if (!mayOpenRootSession(organization, principal, target)) {
        throw accessDenied(
            `User: ${principal.arn} is not authorized to perform: sts:AssumeRoot on resource: ${resource}`,
        );
    }
    refuseWhatIsSwitchedOff(organization, task);

    const { signingKey } = organization.principals.createRootSession(target, arn, seconds);
    return { Credentials: credentialsShown(signingKey) };
}

/** A session of any role of the organization: who trusts whom is not modelled. Root sessions are refused by their task policy. */
function assumeRole(call: Call) {
    const { organization, principal, parameters } = call;
    const roleArn = parameters.get("RoleArn") ?? "";
    const [, accountId] =
        new RegExp(`^arn:${organization.partition}:iam::(\\d{12}):role/[\\w+=,.@/-]+$`).exec(roleArn) ?? [];
    if (accountId === undefined) throw validationError(`${roleArn} is invalid`);
    authorize(call, "sts:AssumeRole", roleArn);
    if (principal.kind === "root" || !organization.find(accountId)) {
        throw accessDenied(
            `User: ${principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
        );
    }
    const { arn, userId, signingKey } = organization.principals.sessionOf(roleArn);
    return {
        Credentials: credentialsShown(signingKey),
        AssumedRoleUser: { Arn: arn, AssumedRoleId: userId },
    };
}

function credentialsShown({ accessKeyId, secretAccessKey, sessionToken, expires }: TemporaryKey) {
    return {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: sessionToken,
        Expiration: expires,
    };
}

/** Answers any identity, whatever policies say: no policy can deny it. */
function getCallerIdentity({ principal }: Call) {
    return { UserId: principal.userId, Account: principal.accountId, Arn: principal.arn };
}

function requestedTask({ parameters, organization }: Call): { arn: string; task: TaskPolicy } {
    const arn = parameters.get("TaskPolicyArn.arn");
    if (arn === undefined) throw constraintBroken(undefined, "taskPolicyArn", "Member must not be null");
    const task = taskPolicy(arn);
    if (!task || organization.partition !== "aws") {
        throw validationError("Request must contain valid AWS managed task policy ARN");
    }
    return { arn, task };
}

function requestedAccount({ parameters, organization: { partition } }: Call): string {
    const target = parameters.get("TargetPrincipal");
    if (target === undefined) throw constraintBroken(undefined, "targetPrincipal", "Member must not be null");
    const [, id] = new RegExp(`^(?:arn:${partition}:iam::)?(\\d{12})(?::root)?$`).exec(target) ?? [];
    if (id === undefined || (target !== id && target !== `arn:${partition}:iam::${id}:root`)) {
        throw validationError("Request must contain a valid target principal");
    }
    return id;
}

function requestedSeconds({ parameters }: Call): number {
    const duration = parameters.get("DurationSeconds") ?? String(LONGEST_SESSION_SECONDS);
    const seconds = Number(duration);
    if (!(seconds >= 0)) {
        throw constraintBroken(
            duration,
            "durationSeconds",
            "Member must have value greater than or equal to 0",
        );
    }
    if (seconds > LONGEST_SESSION_SECONDS) {
        throw constraintBroken(
            duration,
            "durationSeconds",
            "Member must have value less than or equal to 900",
        );
    }
    return seconds;
}

/** Membership, delegation and the state of the account: whatever is missing, AWS answers the same refusal. */
function mayOpenRootSession(organization: Organization, principal: Principal, target: string): boolean {
    if (principal.kind !== "user" && principal.kind !== "role") return false;
    if (!organization.isAdministrator(principal.accountId)) return false;
    if (target === organization.managementAccountId) return false;
    if (target === principal.accountId && !organization.delegateMayAssumeItself) return false;
    const account = organization.find(target);
    return account !== undefined && isOpen(account);
}

function refuseWhatIsSwitchedOff(organization: Organization, { needs }: TaskPolicy): void {
    if (!organization.trustedAccess) throw accessDenied("Service not enabled for AWS Organizations.");
    if (organization.features.has(needs)) return;
    const feature = {
        RootCredentialsManagement: "Root credentials management",
        RootSessions: "Root sessions",
    };
    throw accessDenied(`${feature[needs]} feature is not enabled for your AWS Organization.`);
}

function regionDisabled(accountId: string): AwsError {
    return new AwsError(
        "RegionDisabledException",
        `STS is not activated in this region for account:${accountId}. ` +
            "Your account administrator can activate STS in this region using the IAM Console.",
        403,
    );
}
