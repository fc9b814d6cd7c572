/**
 * What a preview shows beside the engine's diff.
 *
 * A first preview has no state to differ from, and what `up` then removes cannot be brought back. So a hook audits each
 * account that is about to be created and says on the resource what was found. Where there is state, the refresh has
 * audited already; a hook only adds what a diff cannot show: the account's name and when each credential was last used.
 * Lines at the end count every account, so that "clean" and "nobody looked" are not confused.
 *
 * Inside a hook never await `pulumi.log`: it waits for the resource's URN, which waits for the hook.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import {
    accountInReport,
    describeCredential,
    foundIn,
    isWhollyUnknown,
    observeRootCredentials,
    RECENTLY,
    stateOf,
    thisRun,
    usedWithin,
    type AccountInReport,
    type AuditMode,
    type Declared as DeclaredState,
    type MemberAccount,
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

/** Collects what this run's preview finds, account by account. */
export class Evidence {
    private readonly declared = new Map<string, Declared>();
    private readonly tally = new Tally(isAsKnown);

    /** To be bound to every resource. They look in previews only. */
    readonly hooks: pulumi.ResourceHookBinding = {
        beforeCreate: [inPreview("look-before-create", (args) => this.lookBeforeCreate(args))],
        beforeUpdate: [inPreview("show-before-update", (args) => this.showBeforeUpdate(args))],
    };

    /** Follows one account's resource. */
    of(account: MemberAccount, declaration: Declaration, resource: RootCredentialsAbsent): void {
        const declared = { account, declaration, resource };
        this.declared.set(account.id, declared);
        const isOfItsOwn = declaration.loginProfile === "present" || declaration.acknowledged;
        if (!pulumi.runtime.isDryRun() || !isOfItsOwn) return;
        // Known only where there is nothing to do, and then no hook runs. What was found in an earlier run (an account
        // that is not among the targets of this one) says nothing about now.
        outputsOf(resource).apply(({ run, ...observed }) => {
            if (run !== "" && run === thisRun.id())
                this.tally.unchanged(accountInReport(placeOf(account), observed, declaration));
        });
    }

    /** Once every resource is registered, says how many of the accounts in scope were looked at and what was found, and what `also` says. */
    summarize(scope: Scope, also: (resultOf: Tally["resultOf"]) => void): void {
        if (!pulumi.runtime.isDryRun()) return;
        const registered = pulumi.all([...this.declared.values()].map(({ resource }) => resource.urn));
        registered.apply(() => {
            // What `of` waits for settles together with the URNs; let it go first.
            setImmediate(() => {
                for (const declared of this.declared.values()) this.countUnchanged(declared);
                also((accountId) => this.tally.resultOf(accountId));
                this.tally.report(scope);
            });
        });
    }

    /** No hook runs where there is nothing to do. The refresh tells what it has seen there, which costs ten thousand accounts less than as many outputs. */
    private countUnchanged({ account, declaration }: Declared): void {
        if (declaration.loginProfile !== "present" && thisRun.accountRead(account.id)?.clean)
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
        const { account, declaration, resource } = declared;
        const observation = await observeRootCredentials(account.id, declaration.audit);
        if (observation.is === "member") return this.show(declared, stateOf(observation.listings));
        const blocked = {
            cause: observation.because,
            detail: `account ${account.id} ${observation.because}`,
        };
        this.tally.found({ ...placeOf(account), mark: "blocked", blocked });
        warn(`${called(account)} ${observation.because}`, resource);
    }

    private show(declared: Declared, observed: Seen): void {
        const { account, declaration, resource } = declared;
        const found = findings(declaration, observed, account);
        if (found.held.length > 0) warn(`${called(account)}: root holds ${listed(found.held)}`, resource);
        if (found.allowed.length > 0) {
            const allowed = listed(found.allowed);
            warn(
                `${called(account)}: root holds ${allowed}, which stays while the exception lasts`,
                resource,
            );
        }
        for (const { detail } of found.kept)
            warn(`${called(account)}: pulumi up will fail for it: ${detail}`, resource);
        this.tally.usedRecently(found.used.map((each) => `${called(account)}: ${each}`));
        if (declaration.loginProfile === "present" && observed.loginProfile === "absent") {
            const { until = "", reason = "" } = declaration;
            warn(
                `${called(account)}: pulumi up will allow password recovery until ${until}: ${reason}`,
                resource,
            );
        }
        const result = accountInReport(placeOf(account), observed, declaration);
        this.tally.found(result);
        if (result.mark !== "blocked") return;
        const what = isWhollyUnknown(observed) ? "could not be looked at" : "could not be looked at in full";
        warn(`${called(account)} ${what}: ${observed.auditErrorDetail}`, resource);
    }
}

/**
 * What `up` would remove, which of that it would refuse to remove, and which was used lately and goes all the same; and what
 * an exception allows, be it from before the exception.
 */
function findings(declaration: Declaration, observed: Seen, { id }: MemberAccount) {
    const found = foundIn(id, observed, declaration);
    const inWords = (each: typeof found) =>
        each.map(({ name, credential }) => describeCredential(name, credential));
    const removed = found.filter(({ stays }) => stays === undefined);
    return {
        held: inWords(found.filter(({ stays }) => stays?.because !== "exception")),
        allowed: inWords(found.filter(({ stays }) => stays?.because === "exception")),
        kept: found.flatMap(({ stays }) => (stays?.because === "in use" ? [stays.refusal] : [])),
        used: inWords(removed.filter(({ credential }) => usedWithin(credential, RECENTLY) === true)),
    };
}

/** False in a run without an identity: a result of an earlier such run would look the same. */
function isOfThisRun({ __observedInRun: run }: RootCredentialOutputs): boolean {
    return run !== "" && run === thisRun.id();
}

function outputsOf(resource: RootCredentialsAbsent) {
    const { loginProfile, accessKeys, signingCertificates, mfaDevices, auditError } = resource;
    const { auditErrorDetail, evidence, unreadableBecause, __observedInRun: run } = resource;
    const compared = { loginProfile, accessKeys, signingCertificates, mfaDevices, auditError };
    return pulumi.output({ ...compared, auditErrorDetail, evidence, unreadableBecause, run });
}

function placeOf({ id, name, organizationalUnit }: MemberAccount) {
    return { id, name, organizationalUnit };
}

/** An account that is new to the stack is in its steps with the names of now; one that it holds, with those of its last `up`. */
function isAsKnown({ id, name, organizationalUnit }: AccountInReport): boolean {
    const known = thisRun.accountRead(id);
    if (known === undefined) return true;
    return (known.accountName ?? "") === name && (known.organizationalUnit ?? "") === organizationalUnit;
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

function called({ id, name, organizationalUnit }: MemberAccount): string {
    return `${id} ${name}${organizationalUnit ? ` (${organizationalUnit})` : ""}`;
}

/** `a`, `a and b`, `a, b and c`. */
function listed(items: string[]): string {
    return new Intl.ListFormat("en-GB").format(items);
}
