/**
 * The result of each account in a run: in a preview from hooks and from the refresh, in an `up` from the provider.
 *
 * A first preview has no state to differ from, and credentials that `up` removes cannot be brought back. So a hook inspects each
 * account that is about to be created. An account in the state was inspected by the refresh already.
 *
 * Inside a hook never await `pulumi.log`: it waits for the resource's URN, which waits for the hook.
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
    type Seen,
} from "pulumi-aws-root-credentials";
import { warn } from "./log";
import type { Scope } from "./selection";
import { Tally } from "./tally";

/** What the program declares of one account, as far as it bears on what a preview tells. */
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
    private readonly tally = new Tally();

    /** To be bound to every resource. They look in previews only. */
    readonly hooks: pulumi.ResourceHookBinding = {
        beforeCreate: [inPreview("look-before-create", (args) => this.lookBeforeCreate(args))],
        beforeUpdate: [inPreview("show-before-update", (args) => this.showBeforeUpdate(args))],
    };

    /** Follows one account's resource. */
    of(account: MemberAccount, declaration: Declaration, resource: RootCredentialsAbsent): void {
        const declared = { account, declaration, resource };
        this.declared.set(account.id, declared);
        if (declaration.loginProfile !== "present" && !declaration.acknowledged) return;
        // Known only where there is nothing to do, and then no hook runs. What was found in an earlier run (an account
        // that is not among the targets of this one) says nothing about now.
        outputsOf(resource).apply(({ run, ...observed }) => {
            if (run !== "" && run === storeOfRun().id)
                this.tally.unchanged(accountInReport(placeOf(account), observed, declaration));
        });
    }

    /** To be called once the engine is done with every account. */
    report(scope: Scope, header: ReportHeader, policies: PolicyInReport[], problems: string[]): Report {
        for (const account of resultsOfRun().results()) this.tally.found(account);
        for (const declared of this.declared.values()) this.countUnchanged(declared);
        return this.tally.report(scope, header, policies, problems);
    }

    /** No hook runs where there is nothing to do. The refresh tells what it has seen there, which costs ten thousand accounts less than as many outputs. */
    private countUnchanged({ account, declaration }: Declared): void {
        if (declaration.loginProfile !== "present" && accountsOfRun().inspectedAccount(account.id)?.clean)
            this.tally.unchanged({ ...placeOf(account), mark: "clean" });
    }

    private async lookBeforeCreate({ newInputs }: pulumi.ResourceHookArgs): Promise<void> {
        const accountId: unknown = newInputs?.accountId;
        const declared = typeof accountId === "string" ? this.declared.get(accountId) : undefined;
        if (declared) await this.look(declared);
    }

    private async showBeforeUpdate({ oldOutputs }: pulumi.ResourceHookArgs): Promise<void> {
        const observed = oldOutputs as RootCredentialOutputs | undefined;
        const declared = this.declared.get(observed?.accountId ?? "");
        if (!observed || !declared || !isOfThisRun(observed)) return;
        // The refresh looked as the last `up` was told to. What a summary did not show is looked for now.
        if (declared.declaration.audit === "full" && observed.audit !== "full") await this.look(declared);
        else this.show(declared, observed);
    }

    private async look(declared: Declared): Promise<void> {
        const { account, declaration } = declared;
        const observation = await observeRootCredentials(account.id, declaration.audit);
        if (observation.is === "member") return this.show(declared, stateOf(observation.listings));
        const cause = observation.because;
        const blocked = { cause, detail: `account ${account.id} ${cause}` };
        this.tally.found({ ...placeOf(account), mark: "blocked", blocked });
    }

    private show({ account, declaration }: Declared, observed: Seen): void {
        this.tally.found(accountInReport(placeOf(account), observed, declaration));
    }
}

/** False in a run without an identity: a result of an earlier such run would look the same. */
function isOfThisRun({ __observedInRun: run }: RootCredentialOutputs): boolean {
    return run !== "" && run === storeOfRun().id;
}

function outputsOf(resource: RootCredentialsAbsent) {
    const { loginProfile, accessKeys, signingCertificates, mfaDevices, auditError } = resource;
    const { auditErrorDetail, __nextStep, evidence, unreadableBecause, __observedInRun: run } = resource;
    const compared = { loginProfile, accessKeys, signingCertificates, mfaDevices, auditError };
    return pulumi.output({ ...compared, auditErrorDetail, __nextStep, evidence, unreadableBecause, run });
}

function placeOf({ id, name, organizationalUnit }: MemberAccount) {
    return { id, name, organizationalUnit };
}

/** A hook that acts in previews and never fails one: an account without a result is counted as not looked at. */
function inPreview(
    name: string,
    look: (args: pulumi.ResourceHookArgs) => void | Promise<void>,
): pulumi.ResourceHook {
    const act = async (args: pulumi.ResourceHookArgs) => {
        if (!pulumi.runtime.isDryRun()) return;
        try {
            await look(args);
        } catch (error) {
            warn(
                `account ${args.name} could not be looked at: ${error instanceof Error ? error.message : String(error)}`,
            );
        }
    };
    // The engine calls hooks outside of the run's context, which an inline program (Automation API) needs to know its run.
    return new pulumi.ResourceHook(name, AsyncLocalStorage.bind(act), { onDryRun: true });
}
