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
import * as pulumi from "@pulumi/pulumi";
import {
    describeCredentials,
    isClean,
    isWhollyUnknown,
    observeRootCredentials,
    stateOf,
    thisRun,
    type MemberAccount,
    type MemberAccounts,
    type ObservedState,
    type RootCredentialsAbsent,
} from "pulumi-aws-root-credentials";
import { Tally } from "./tally";

/** Collects what this run's preview finds, account by account. */
export class Evidence {
    private readonly declared = new Map<
        string,
        { account: MemberAccount; resource: RootCredentialsAbsent }
    >();
    private readonly tally: Tally;

    constructor(accounts: MemberAccounts) {
        this.tally = new Tally(accounts);
    }

    /** To be bound to every resource. They look in previews only. */
    readonly hooks: pulumi.ResourceHookBinding = {
        beforeCreate: [inPreview("look-before-create", (args) => this.lookBeforeCreate(args))],
        beforeUpdate: [inPreview("show-before-update", (args) => this.showBeforeUpdate(args))],
    };

    /** Follows one account's resource. */
    of(account: MemberAccount, resource: RootCredentialsAbsent): void {
        this.declared.set(account.id, { account, resource });
        if (!pulumi.runtime.isDryRun()) return;
        // Known only where there is nothing to do, and then no hook runs. What was found in an earlier run (an account
        // that is not among the targets of this one) says nothing about now.
        resource.__observedInRun.apply((run) => {
            if (run !== "" && run === thisRun.id()) this.tally.clean(account.id);
        });
    }

    /** Once every resource is registered, says how many accounts were looked at and what was found. */
    summarize(): void {
        if (!pulumi.runtime.isDryRun()) return;
        const registered = pulumi.all([...this.declared.values()].map(({ resource }) => resource.urn));
        registered.apply(() => {
            // What `of` waits for settles together with the URNs; let it go first.
            setImmediate(() => this.tally.report());
        });
    }

    private async lookBeforeCreate({ newInputs }: pulumi.ResourceHookArgs): Promise<void> {
        const accountId: unknown = newInputs?.accountId;
        const declared = typeof accountId === "string" ? this.declared.get(accountId) : undefined;
        if (declared === undefined) return;
        const { account, resource } = declared;
        const observation = await observeRootCredentials(account.id);
        if (observation.is === "gone") {
            this.tally.blocked(account.id);
            warn(`${called(account)} ${observation.because}`, resource);
        } else {
            this.show(account, resource, stateOf(observation.listings));
        }
    }

    private showBeforeUpdate({ oldOutputs }: pulumi.ResourceHookArgs): void {
        const observed = oldOutputs as
            (ObservedState & { accountId: string; __observedInRun: string }) | undefined;
        const declared = this.declared.get(observed?.accountId ?? "");
        if (!observed || !declared || observed.__observedInRun !== thisRun.id()) return;
        this.show(declared.account, declared.resource, observed);
    }

    private show(account: MemberAccount, resource: RootCredentialsAbsent, observed: ObservedState): void {
        if (isClean(observed)) return this.tally.clean(account.id);
        const found = describeCredentials(observed.evidence);
        if (found.length > 0) warn(`${called(account)}: root holds ${listed(found)}`, resource);
        if (observed.auditError === "") return this.tally.dirty(account.id);
        this.tally.blocked(account.id);
        const what = isWhollyUnknown(observed) ? "could not be looked at" : "could not be looked at in full";
        warn(`${called(account)} ${what}: ${observed.auditErrorDetail}`, resource);
    }
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
    return new pulumi.ResourceHook(name, act, { onDryRun: true });
}

function warn(message: string, resource?: pulumi.Resource): void {
    void pulumi.log.warn(message, resource);
}

function called({ id, name, organizationalUnit }: MemberAccount): string {
    return `${id} ${name}${organizationalUnit ? ` (${organizationalUnit})` : ""}`;
}

/** `a`, `a and b`, `a, b and c`. */
function listed(items: string[]): string {
    return new Intl.ListFormat("en-GB").format(items);
}
