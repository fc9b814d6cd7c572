/**
 * The foundation: trusted access, the features of central root access, their delegated administrator, and an SCP against
 * root users. The management account's stack sets it up, and no account can be inspected without it.
 *
 * Central root access may still be off when the program starts. Accounts are declared nevertheless. Their resources wait
 * for the foundation, and the provider checks central root access again before it writes.
 */
import * as pulumi from "@pulumi/pulumi";
import {
    centralRootAccessSetup,
    delegatedAdministrators,
    organizationOfCaller,
    preflight,
    refuseForeignStack,
    rootsWithoutServiceControlPolicies,
    type Caller,
} from "pulumi-aws-root-credentials";
import { warn } from "../log";
import type { FoundationSettings } from "../settings/foundation";

export interface Foundation {
    /** Rejects if no account can be inspected and the foundation does not change that. */
    caller: () => Promise<Caller>;
    /** False while central root access is off, until `up` has switched it on. */
    canInspect: boolean;
    /** Registers the resources. Returns the ones that the accounts depend on. */
    register: (openAccounts: string[]) => Promise<pulumi.Resource[]>;
}

const NO_FOUNDATION: Foundation = {
    caller: preflight,
    canInspect: true,
    register: () => Promise.resolve([]),
};

/** Compares the organization with the settings. Rejects if the settings cannot be applied. Changes nothing. */
export async function planFoundation(settings: FoundationSettings | undefined): Promise<Foundation> {
    if (!settings) return NO_FOUNDATION;
    const { managementAccountId, ...caller } = await organizationOfCaller();
    refuseMemberAccount(caller, managementAccountId);
    // While central root access is off, the refresh cannot compare the organization with the stack's.
    refuseForeignStack(caller);
    refuseManagementAccount(settings, managementAccountId);
    if (settings.denyRootUser.length > 0) refuseWithoutPolicyType(await rootsWithoutServiceControlPolicies());

    const { trustedAccess, features } = await centralRootAccessSetup(caller);
    const canInspect = features.includes("RootCredentialsManagement");
    const { rootSessions, denyRootUser, ...rest } = settings;
    // The resource would switch off a feature that is on and not declared.
    const wantedFeatures = new Set([
        "RootCredentialsManagement",
        ...(rootSessions ? ["RootSessions"] : []),
        ...features,
    ]);
    // Without trusted access no account can be registered, and AWS may refuse the call.
    const registered = rest.delegatedAdministrator && trustedAccess ? await delegatedAdministrators() : [];
    const wanted = {
        ...rest,
        managementAccountId,
        partition: caller.arn.split(":")[1] ?? "",
        features: [...wantedFeatures].sort(),
        registered,
        denyRootUser,
    };
    return {
        caller: canInspect ? preflight : () => Promise.resolve(caller),
        canInspect,
        register: async (openAccounts) => {
            if (!canInspect && pulumi.runtime.isDryRun()) warn(warningWhileOff(trustedAccess));
            const { registerFoundation } = await import("./resources.js");
            return [registerFoundation({ ...wanted, openAccounts })];
        },
    };
}

/** Only the management account may switch features on. A delegate may switch features off, so this refuses it before any call. */
function refuseMemberAccount({ accountId, arn }: Caller, managementAccountId: string): void {
    if (accountId === managementAccountId) return;
    throw new Error(
        `the setting foundation is on, but the caller ${arn} is not in the management account ${managementAccountId}, which alone may switch on central root access. ` +
            "Run this stack there, or switch the foundation off in it (pulumi config set --path foundation.enabled false)",
    );
}

function refuseManagementAccount(
    { delegatedAdministrator, denyRootUser }: FoundationSettings,
    managementAccountId: string,
): void {
    if (delegatedAdministrator === managementAccountId) {
        throw new Error(
            `the setting foundation.delegatedAdministrator is the management account ${managementAccountId}, which cannot be its own delegate; name a member account, or leave the setting out`,
        );
    }
    if (denyRootUser.includes(managementAccountId)) {
        throw new Error(
            `the setting foundation.denyRootUser names the management account ${managementAccountId}, to which no service control policy applies; take it out`,
        );
    }
}

/** `@pulumi/aws` has no resource that enables a policy type without managing the whole organization. */
function refuseWithoutPolicyType(roots: string[]): void {
    if (roots.length === 0) return;
    const commands = roots.map(
        (id) => `aws organizations enable-policy-type --root-id ${id} --policy-type SERVICE_CONTROL_POLICY`,
    );
    throw new Error(
        `the setting foundation.denyRootUser needs service control policies, but the organization has not enabled them (organizations:ListRoots). Enable them once, in the management account: ${commands.join("; ")}`,
    );
}

function warningWhileOff(trustedAccess: boolean): string {
    const off = trustedAccess ? "" : "trusted access for IAM and ";
    return (
        `no account could be inspected: in the organization, ${off}the feature RootCredentialsManagement is still off. pulumi up switches this on (foundation) and then removes the credentials of every account without a preview. ` +
        'To see them first, switch on only the foundation (pulumi up --target "**::aws:**"), then preview again.'
    );
}
