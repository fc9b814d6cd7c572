/**
 * What the organization needs before any account can be looked into, set up from the management account's stack: trusted
 * access, the features of central root access, their delegated administrator, and an SCP against ordinary root.
 *
 * Off, nothing of it is loaded. On, central root access may still be off when the program starts: accounts are declared all
 * the same, their resources wait for the foundation's, and the provider asks again before it writes.
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
    /** The caller; or rejects with the reason why no account can be looked at, where the foundation does not change that. */
    caller: () => Promise<Caller>;
    /** False where central root access is still off: no account can be looked at before `up` has switched it on. */
    canInspect: boolean;
    /** Registers the resources, and gives what the accounts' resources wait for. */
    register: (openAccounts: string[]) => Promise<pulumi.Resource[]>;
}

const NO_FOUNDATION: Foundation = {
    caller: preflight,
    canInspect: true,
    register: () => Promise.resolve([]),
};

/** Looks at what there is and what is wanted; rejects where that cannot be. Changes nothing. */
export async function planFoundation(settings: FoundationSettings | undefined): Promise<Foundation> {
    if (!settings) return NO_FOUNDATION;
    const { managementAccountId, ...caller } = await organizationOfCaller();
    refuseMemberAccount(caller, managementAccountId);
    // While central root access is off, the refresh cannot compare the two organizations.
    refuseForeignStack(caller);
    refuseManagementAccount(settings, managementAccountId);
    if (settings.denyRootUser.length > 0) refuseWithoutPolicyType(await rootsWithoutServiceControlPolicies());

    const { trustedAccess, features } = await centralRootAccessSetup(caller);
    const canInspect = features.includes("RootCredentialsManagement");
    const { rootSessions, denyRootUser, ...rest } = settings;
    // What is on stays declared, since the resource would switch it off otherwise.
    const wantedFeatures = new Set([
        "RootCredentialsManagement",
        ...(rootSessions ? ["RootSessions"] : []),
        ...features,
    ]);
    // Without trusted access nobody can be registered, and AWS need not answer.
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

/** Only the management account may switch features on, register delegates and attach policies. A delegate may switch features off, so nothing is tried. */
function refuseMemberAccount({ accountId, arn }: Caller, managementAccountId: string): void {
    if (accountId === managementAccountId) return;
    throw new Error(
        `the setting foundation is on, and the caller ${arn} is not of the organization's management account ${managementAccountId}, which alone may switch on central root access. ` +
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
            `the setting foundation.denyRootUser holds the management account ${managementAccountId}, which no service control policy binds; take it out`,
        );
    }
}

/** No resource of `@pulumi/aws` enables a type of policy without managing the whole organization. */
function refuseWithoutPolicyType(roots: string[]): void {
    if (roots.length === 0) return;
    const commands = roots.map(
        (id) => `aws organizations enable-policy-type --root-id ${id} --policy-type SERVICE_CONTROL_POLICY`,
    );
    throw new Error(
        `the setting foundation.denyRootUser needs service control policies, and they are not enabled in the organization (organizations:ListRoots). Enable them once, in the management account: ${commands.join("; ")}`,
    );
}

/** One sentence for all accounts, in place of one each. */
function warningWhileOff(trustedAccess: boolean): string {
    const off = trustedAccess ? "" : "trusted access for IAM and ";
    return (
        `no account could be looked at: in the organization, ${off}the feature RootCredentialsManagement is still off. pulumi up switches this on (foundation) and then removes what it finds in every account, unseen. ` +
        'To see it first, switch on only the foundation (pulumi up --target "**::aws:**"), then preview again.'
    );
}
