/**
 * The result of each account in a run. In a preview it comes from hooks and the refresh, in an `up` from the provider.
 *
 * A first preview has no state to compare with, so a hook inspects each account before its creation. The refresh has
 * already inspected accounts in the state.
 *
 * Never await `pulumi.log` inside a hook, because it waits for the resource's URN, which waits for the hook.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import {
    accountInReport,
    observeRootCredentials,
    stateOf,
    accountsOfRun,
    resultsOfRun,
    storeOfRun,
    type AuditMode,
    type Declared as DeclaredState,
    type MemberAccount,
    type PolicyInReport,
    type Report,
    type ReportHeader,
    type RootCredentialOutputs,
    type RootCredentialsAbsent,
    type InspectedState,
} from "pulumi-aws-root-credentials";
import { messageOf } from "./errors";
import { warn } from "./log";
import type { Scope } from "./selection";
import { PreviewSummary } from "./preview-summary";

/** The part of an account's declaration that its result depends on. */
interface Declaration extends DeclaredState {
    audit?: AuditMode;
}

interface Declared {
    account: MemberAccount;
    declaration: Declaration;
    resource: RootCredentialsAbsent;
}

export class Evidence {
    private readonly declared = new Map<string, Declared>();
    private readonly summary = new PreviewSummary();

    /** Bound to every account's resource. They act in previews only. */
    readonly hooks: pulumi.ResourceHookBinding = {
        beforeCreate: [inPreview("inspect-before-create", (args) => this.inspectBeforeCreate(args))],
        beforeUpdate: [inPreview("report-before-update", (args) => this.reportBeforeUpdate(args))],
    };

    follow(account: MemberAccount, declaration: Declaration, resource: RootCredentialsAbsent): void {
        const declared = { account, declaration, resource };
        this.declared.set(account.id, declared);
        if (declaration.loginProfile !== "present" && !declaration.acknowledged) return;
        // The outputs are known only if nothing is to change. If --target names other accounts, they may be of an earlier run.
        outputsOf(resource).apply(({ run, ...observed }) => {
            if (run !== "" && run === storeOfRun().id)
                this.summary.setUnchanged(accountInReport(identityOf(account), observed, declaration));
        });
    }

    /** Complete only after the engine has finished every account. */
    report(scope: Scope, header: ReportHeader, policies: PolicyInReport[], problems: string[]): Report {
        for (const account of resultsOfRun().results()) this.summary.setResult(account);
        for (const declared of this.declared.values()) this.setUnchanged(declared);
        return this.summary.report(scope, header, policies, problems);
    }

    /** No hook runs for an unchanged account. Its result in the refresh costs less than resolving ten thousand outputs. */
    private setUnchanged({ account, declaration }: Declared): void {
        if (declaration.loginProfile !== "present" && accountsOfRun().inspectedAccount(account.id)?.clean)
            this.summary.setUnchanged({ ...identityOf(account), mark: "clean" });
    }

    private async inspectBeforeCreate({ newInputs }: pulumi.ResourceHookArgs): Promise<void> {
        const accountId: unknown = newInputs?.accountId;
        const declared = typeof accountId === "string" ? this.declared.get(accountId) : undefined;
        if (declared) await this.inspect(declared);
    }

    private async reportBeforeUpdate({ oldOutputs }: pulumi.ResourceHookArgs): Promise<void> {
        const observed = oldOutputs as RootCredentialOutputs | undefined;
        const declared = this.declared.get(observed?.accountId ?? "");
        if (!observed || !declared || !isOfThisRun(observed)) return;
        // The refresh used the audit mode of the last `up`. A summary shows less than the full audit that is declared now.
        if (declared.declaration.audit === "full" && observed.audit !== "full") await this.inspect(declared);
        else this.setResult(declared, observed);
    }

    private async inspect(declared: Declared): Promise<void> {
        const { account, declaration } = declared;
        const observation = await observeRootCredentials(account.id, declaration.audit);
        if (observation.is === "member") return this.setResult(declared, stateOf(observation.listings));
        const cause = observation.because;
        const blocked = { cause, detail: `account ${account.id} ${cause}` };
        this.summary.setResult({ ...identityOf(account), mark: "unreadable", unreadable: blocked });
    }

    private setResult({ account, declaration }: Declared, observed: InspectedState): void {
        this.summary.setResult(accountInReport(identityOf(account), observed, declaration));
    }
}

/** False in a run without an identity, because a result of an earlier such run would look the same. */
function isOfThisRun({ __observedInRun: run }: RootCredentialOutputs): boolean {
    return run !== "" && run === storeOfRun().id;
}

function outputsOf(resource: RootCredentialsAbsent) {
    const { loginProfile, accessKeys, signingCertificates, mfaDevices, auditError } = resource;
    const { auditErrorDetail, __nextStep, evidence, unreadableBecause, __observedInRun: run } = resource;
    const compared = { loginProfile, accessKeys, signingCertificates, mfaDevices, auditError };
    return pulumi.output({ ...compared, auditErrorDetail, __nextStep, evidence, unreadableBecause, run });
}

function identityOf({ id, name, organizationalUnit }: MemberAccount) {
    return { id, name, organizationalUnit };
}

/** A hook for previews that never fails, because an account without a result counts as not inspected. */
function inPreview(
    name: string,
    act: (args: pulumi.ResourceHookArgs) => void | Promise<void>,
): pulumi.ResourceHook {
    const hook = async (args: pulumi.ResourceHookArgs) => {
        if (!pulumi.runtime.isDryRun()) return;
        try {
            await act(args);
        } catch (error) {
            warn(`account ${args.name} could not be inspected: ${messageOf(error)}`);
        }
    };
    // The engine calls hooks outside the run's context, which an inline program (Automation API) needs to know its run.
    return new pulumi.ResourceHook(name, AsyncLocalStorage.bind(hook), { onDryRun: true });
}
