/**
 * What this run has seen of accounts, and of policies that are to be unlocked: which were looked at, and which the program still declares.
 *
 * It stands between an innocent Pulumi delete (a renamed resource, a new parent, `--replace`) and a re-opened
 * account: see `departures.ts`, and `unlock/restore.ts` for a policy. It lasts for one phase (preview, update) and no longer, and is shared by the program and
 * all provider processes of the phase (`run-journal.ts`). The program declares for itself, since the engine does not
 * call `check` for resources outside of `--target`, and calls it late for those that depend on others.
 */
import { engineOfRun, isProviderProcess, type Engine } from "./engine";
import { oncePerRun } from "../process/once-per-run";
import type { MemberAccount, MemberAccounts } from "../organization/member-accounts";
import type { OnDelete } from "../resources/root-credentials-absent";
import { print } from "../process/printable";
import { messageOf } from "../aws/errors/diagnose";
import type { AccountInReport } from "../report/model";
import { RunJournal } from "./journal";
import { TERMS, type Terms } from "../credentials/state";
import type { OnPolicyDelete, PolicyHistory } from "../resource-policies/declaration";

/** Something that happened in this run. */
type Event =
    | { is: "program" }
    | ({ is: "read"; accountId: string } & Read)
    | ({ is: "gone"; accountId: string; refreshed: boolean } & Gone)
    | ({ is: "listing" } & ListingState)
    | ({ is: "arrived" } & ListedBy<MemberAccount[]>)
    | { is: "declared"; accountId: string; onDelete?: OnDelete; maxRemovals?: number }
    | { is: "checked" }
    | { is: "answered"; id: string }
    | { is: "failures are reported" }
    | ({ is: "failed"; accountId: string } & Failure)
    | { is: "result"; account: AccountInReport }
    | { is: "organization"; organizationId: string }
    | ({ is: "policy read"; id: string } & PolicyRead)
    | { is: "policy declared" | "policy forgotten"; id: string }
    | { is: "policy saved"; id: string; texts: string[] };

/** The result of inspecting an account, and the terms that the last `up` declared for it. */
interface Read extends Terms {
    /** What a delete would do to it. */
    onDelete: OnDelete;
    /** AWS has confirmed it as an active member. */
    confirmed: boolean;
    /** Everything was looked at, and nothing found. */
    clean: boolean;
    /** The account's name and unit, as the stack stores them. */
    accountName?: string;
    organizationalUnit?: string;
}

/** An account that is no active member any more, as far as it is known. */
interface Gone {
    /** In words that follow its number. */
    because?: string;
    accountName?: string;
    organizationalUnit?: string;
    /** An earlier run has kept it in the state already, since more were gone at once than may be. */
    keptBefore?: boolean;
    /** As the last `up` has declared it. */
    maxRemovals?: number;
}

/** Why an account is not as declared after its create or update. */
interface Failure {
    accountName?: string;
    cause: string;
    /** Sentences that name the cause, the answer of AWS and the next step. */
    detail: string;
}

/** What a look at a policy has told, and what the stack remembers of it. */
interface PolicyRead extends PolicyHistory {
    accountId: string;
    accountName?: string;
    /** The bucket's name or the queue's URL. */
    resource: string;
    onDelete: OnPolicyDelete;
    currentPolicy: string;
    locatedIn: string;
    /** False once the resource that has seen it is deleted. */
    inState?: boolean;
}

/** How far a listing of the organization's accounts has come, that one process makes for all of the run. */
interface ListingState {
    /** The process's id. */
    by: number;
    listed?: number;
    /** How it has ended, if it has. */
    ended?: "whole" | "failed";
}

/** Accounts of an organization as one process passes them on, and whom AWS has given them to. */
interface ListedBy<Accounts> {
    organizationId: string;
    callerAccountId: string;
    accounts: Accounts;
}

/** Where the accounts lie beside the journal. */
const ACCOUNTS = "accounts";

/** What is remembered of one run: one process may see several, where a program is run in its caller's process. */
class RunMemory {
    /** Accounts that `read` looked at and did not find gone. */
    readonly read = new Map<string, Read>();
    /** Accounts that the refresh has found gone. */
    readonly gone = new Map<string, Gone>();
    /** Accounts that the program declares, with what a delete shall do to them as far as that is known. */
    readonly declared = new Map<string, OnDelete | undefined>();
    /** Buckets and queues whose policy `read` looked at, and those that the program declares, by their ids in the stack. */
    readonly policiesRead = new Map<string, PolicyRead>();
    readonly policiesDeclared = new Set<string>();
    /** What backups hold of each. */
    readonly policiesSaved = new Map<string, string[]>();
    declaredLimit: number | undefined;
    /** The engine has asked to check a resource that the program declares. */
    hasChecked = false;
    /** Ids of the resources that the engine has given the program before. */
    readonly answeredUnchecked = new Set<string>();
    aProgramRuns = false;
    failuresAreReported = false;
    /** Accounts whose failure the provider has stored in this run. */
    readonly failed = new Map<string, Failure>();
    /** Accounts as their create or update has left them. */
    readonly results = new Map<string, AccountInReport>();
    /** Those that the stack's accounts were last seen in. */
    readonly organizations = new Set<string>();
    listing: ListingState | undefined;
    /** Accounts that the listing has found and no caller has taken yet. */
    arrived: ListedBy<MemberAccount[]>[] = [];
    /** Why the processes of the run cannot share what they see, if they cannot. */
    notShared: string | undefined;
    /** Shared by the processes of the run. Outside of a run there is one process only, and its memory is enough. */
    private journal: RunJournal | undefined;
    /** Events of this process, held back until it has joined the run's journal. */
    private waiting: Event[] | undefined;
    /** Settles once the run has an identity, or cannot have one. Rejects if this process cannot write its events to the journal. */
    readonly isReady: Promise<void>;

    constructor() {
        const engine = engineOfRun();
        this.isReady = engine === undefined ? Promise.resolve() : this.join(engine);
    }

    /** Empty until the run is ready, and where it has no identity. */
    get id(): string {
        return this.journal?.id ?? "";
    }

    private async join(engine: Engine): Promise<void> {
        // `pulumi destroy` runs no program.
        const waiting: Event[] = isProviderProcess() ? [] : [{ is: "program" }];
        this.waiting = waiting;
        // A program may have nothing else that keeps its process from ending.
        const alive = setInterval(() => {}, 60_000);
        try {
            this.journal = await RunJournal.join(engine);
        } catch (error) {
            this.notShared = messageOf(error);
            print(
                `this run's processes cannot share what they see (${this.notShared}). No account is opened because it left the program.`,
            );
        } finally {
            clearInterval(alive);
        }
        this.waiting = undefined;
        for (const event of waiting) this.happened(event);
    }

    happened(event: Event): void {
        if (this.waiting) this.waiting.push(event);
        else if (this.journal) this.journal.append(event);
        else this.remember(event);
    }

    /** Throws if the run has a journal that this process cannot use any more. */
    assertShared(): this {
        this.catchUp().journal?.assertOpen();
        if (this.journal && this.notShared) throw new Error(this.notShared);
        return this;
    }

    attach(label: string, value: unknown): void {
        if (!this.journal) throw new Error("no other process of the run could take it");
        this.journal.attach(label, value);
    }

    take(label: string): unknown {
        if (!this.journal) throw new Error("no other process of the run has given it");
        return this.journal.take(label);
    }

    catchUp(): this {
        try {
            for (const event of this.journal?.news() ?? []) this.remember(event as Event);
        } catch (error) {
            this.notShared ??= `what another process told cannot be read: ${messageOf(error)}`;
        }
        return this;
    }

    private remember(event: Event): void {
        switch (event.is) {
            case "program":
                this.aProgramRuns = true;
                break;
            case "read":
                this.read.set(event.accountId, event);
                this.gone.delete(event.accountId);
                break;
            case "gone":
                this.read.delete(event.accountId);
                if (event.refreshed) this.gone.set(event.accountId, event);
                break;
            case "declared":
                this.declared.set(event.accountId, event.onDelete ?? this.declared.get(event.accountId));
                if (event.maxRemovals !== undefined) {
                    this.declaredLimit = Math.max(event.maxRemovals, this.declaredLimit ?? 0);
                }
                break;
            case "checked":
                this.hasChecked = true;
                break;
            case "answered":
                this.answeredUnchecked.add(event.id);
                break;
            case "failures are reported":
                this.failuresAreReported = true;
                break;
            case "failed":
                this.failed.set(event.accountId, event);
                break;
            case "result":
                this.results.set(event.account.id, event.account);
                break;
            case "listing":
                if (!this.listing?.ended) this.listing = event; // a page may be answered after the end
                break;
            case "arrived":
                this.arrived.push(event);
                break;
            case "organization":
                this.organizations.add(event.organizationId);
                break;
            case "policy read":
                this.policiesRead.set(event.id, event);
                break;
            case "policy forgotten": {
                const known = this.policiesRead.get(event.id);
                if (known) this.policiesRead.set(event.id, { ...known, inState: false });
                break;
            }
            case "policy saved":
                this.policiesSaved.set(event.id, [
                    ...(this.policiesSaved.get(event.id) ?? []),
                    ...event.texts,
                ]);
                break;
            case "policy declared":
                this.policiesDeclared.add(event.id);
                break;
        }
    }
}

const memory = oncePerRun(() => new RunMemory());

export const thisRun = {
    /** Settles once this process has joined the run, or cannot. Before that, it sees nothing of the run's other processes. Rejects if it cannot write its events to the journal. */
    isReady(): Promise<void> {
        return memory().isReady;
    },

    /** The value, once this process has joined the run. The engine cannot act on a resource before it has the value. */
    onceReady<T>(value: T): T | Promise<T> {
        const { isReady } = memory();
        return engineOfRun() === undefined ? value : isReady.then(() => value);
    },

    /** A program runs, whatever it declares: this is no `pulumi destroy`. Means nothing outside of a program. */
    isOfAProgram(): void {
        if (engineOfRun() !== undefined && !isProviderProcess()) memory();
    },

    programRuns(): boolean {
        const { aProgramRuns, declared, policiesDeclared } = memory().catchUp();
        return aProgramRuns || declared.size > 0 || policiesDeclared.size > 0;
    },

    /** The program's own process has joined this run. */
    programTells(): boolean {
        return memory().catchUp().aProgramRuns;
    },

    wasRead(accountId: string, told: Read): void {
        memory().happened({ is: "read", accountId, ...told });
    },

    hasRead(accountId: string): boolean {
        return memory().catchUp().read.has(accountId);
    },

    /** Accounts that this run has looked at and not found gone. */
    accountsRead(): ({ id: string } & Read)[] {
        return [...memory().catchUp().read].map(([id, told]) => ({ ...told, id }));
    },

    /** What the refresh has told of the account, if it has looked at it and not found it gone. */
    accountRead(accountId: string): Read | undefined {
        return memory().catchUp().read.get(accountId);
    },

    /** This run has found the account clean, and it is declared as it was: nothing is left to do there. */
    hasNothingToDo(accountId: string, terms: Terms): boolean {
        const told = memory().catchUp().read.get(accountId);
        if (!told?.clean || terms.until !== undefined) return false;
        return TERMS.every((term) => told[term] === terms[term]);
    },

    hasReadAny(): boolean {
        return memory().catchUp().read.size > 0;
    },

    /** Accounts that AWS has confirmed as active members in this run. */
    confirmedMembers(): string[] {
        return [...memory().catchUp().read].flatMap(([id, { confirmed }]) => (confirmed ? [id] : []));
    },

    /** A process has begun to list the organization's accounts for all of the run. */
    isListing(state: ListingState): void {
        memory().happened({ is: "listing", ...state });
    },

    /** It has shown active member accounts, each once. */
    haveArrived(listed: ListedBy<MemberAccount[]>): void {
        memory().happened({ is: "arrived", ...listed });
    },

    /** Those that have arrived since this was last asked. */
    takeArrived(): ListedBy<MemberAccount[]>[] {
        const seen = memory().catchUp();
        const { arrived } = seen;
        seen.arrived = [];
        return arrived;
    },

    hasListed({ by, ...listed }: ListedBy<MemberAccounts> & Pick<ListingState, "by">): void {
        memory().attach(ACCOUNTS, listed);
        this.isListing({ by, ended: "whole" });
    },

    listing(): ListingState | undefined {
        return memory().catchUp().listing;
    },

    /** Once a listing is whole; once. */
    takeAccountsListed(): ListedBy<MemberAccounts> {
        return memory().take(ACCOUNTS) as ListedBy<MemberAccounts>;
    },

    /** The account left the organization or is not active any more: nothing of it can be restored, so it does not count as leaving. */
    isGone(accountId: string, { refreshed = false, ...told }: { refreshed?: boolean } & Gone = {}): void {
        memory().happened({ is: "gone", accountId, refreshed, ...told });
    },

    /** Accounts of the stack that the refresh has found gone. */
    accountsGone(): ({ id: string } & Gone)[] {
        return [...memory().catchUp().gone].map(([id, told]) => ({ ...told, id }));
    },

    /** The refresh has found the account gone, whatever a list says. */
    hasFoundGone(accountId: string): boolean {
        return memory().catchUp().gone.has(accountId);
    },

    isDeclared(accountId: string, terms: { onDelete?: OnDelete; maxRemovals?: number } = {}): void {
        memory().happened({ is: "declared", accountId, ...terms });
    },

    declares(accountId: string): boolean {
        return memory().catchUp().declared.has(accountId);
    },

    /** The engine asks to check a resource that the program declares, as it does in every run that may change one. */
    isChecked(): void {
        if (!memory().catchUp().hasChecked) memory().happened({ is: "checked" });
    },

    /** The engine has answered the program with a resource that is in the state. */
    isAnswered(id: string): void {
        if (!memory().catchUp().hasChecked) memory().happened({ is: "answered", id });
    },

    /** True if `pulumi destroy --run-program` deletes this although the program declares it, under any name. Undefined if the run cannot tell. */
    isDestroyedThoughDeclared(id: string): boolean | undefined {
        const { hasChecked, answeredUnchecked, ...seen } = memory().catchUp();
        if (hasChecked || answeredUnchecked.size === 0) return false;
        if (answeredUnchecked.has(id)) return true;
        if (!seen.declared.has(id) && !seen.policiesDeclared.has(id)) return false;
        // An update with --target reads its targets only, and checks each that the program declares under its name.
        if ([...answeredUnchecked].some((given) => seen.read.has(given) || seen.policiesRead.has(given)))
            return true;
        return seen.read.size + seen.policiesRead.size > 0 ? false : undefined;
    },

    /** The program will fail at its end for each account that fails, and name it (decision 19). */
    reportsFailures(): void {
        memory().happened({ is: "failures are reported" });
    },

    /** The program has said that it reports failures. False without shared memory. */
    failuresAreReported(): boolean {
        return memory().catchUp().failuresAreReported;
    },

    /** Throws if the program cannot be told. */
    hasFailed(accountId: string, failure: Failure): void {
        memory()
            .assertShared()
            .happened({ is: "failed", accountId, ...failure });
    },

    /** Accounts that are not as declared, although Pulumi was told that their create or update succeeded. Throws if that is not known. */
    accountsFailed(): ({ id: string } & Failure)[] {
        return [...memory().assertShared().catchUp().failed].map(([id, failure]) => ({ ...failure, id }));
    },

    failureOf(accountId: string): Failure | undefined {
        return memory().catchUp().failed.get(accountId);
    },

    /** An account as its create or update has left it, for the report of the run. */
    hasResult(account: AccountInReport): void {
        memory().happened({ is: "result", account });
    },

    results(): AccountInReport[] {
        return [...memory().catchUp().results.values()];
    },

    declaredAccounts(): number {
        return memory().catchUp().declared.size;
    },

    policyWasRead(id: string, told: PolicyRead): void {
        memory().happened({ is: "policy read", id, ...told });
    },

    /** What the refresh has seen of it, and what the stack remembers, under whatever name the resource has. */
    policyRead(id: string): PolicyRead | undefined {
        return memory().catchUp().policiesRead.get(id);
    },

    /** Its resource is gone from the stack: what that has seen last is in no state any more. */
    policyIsForgotten(id: string): void {
        memory().happened({ is: "policy forgotten", id });
    },

    /** A backup in the stack holds these texts of it. */
    policyIsSaved(id: string, texts: string[]): void {
        memory().happened({ is: "policy saved", id, texts });
    },

    savedPolicies(id: string): string[] {
        return memory().catchUp().policiesSaved.get(id) ?? [];
    },

    /** Policies that the program no longer declares, and whether a delete puts back what this stack replaced. */
    policiesLeaving(): ({ id: string; isPutBack: boolean } & PolicyRead)[] {
        const { policiesRead, policiesDeclared } = memory().catchUp();
        return [...policiesRead].flatMap(([id, told]) => {
            const { onDelete, savedPolicy } = told;
            const isPutBack = onDelete !== "retain" && savedPolicy !== undefined;
            return policiesDeclared.has(id) ? [] : [{ ...told, id, isPutBack }];
        });
    },

    hasReadPolicy(id: string): boolean {
        return memory().catchUp().policiesRead.has(id);
    },

    hasReadAnyPolicy(): boolean {
        return memory().catchUp().policiesRead.size > 0;
    },

    policyIsDeclared(id: string): void {
        memory().happened({ is: "policy declared", id });
    },

    declaresPolicy(id: string): boolean {
        return memory().catchUp().policiesDeclared.has(id);
    },

    declaredPolicies(): number {
        return memory().catchUp().policiesDeclared.size;
    },

    /** True if this run gives another value to an account that had this one: the setting is being changed. */
    changesFrom(onDelete: OnDelete): boolean {
        const { read, declared } = memory().catchUp();
        return [...read].some(([id, before]) => {
            const now = declared.get(id);
            return before.onDelete === onDelete && now !== undefined && now !== onDelete;
        });
    },

    /** Accounts that would be restored because the program no longer declares them. */
    leaving(): string[] {
        const { read, declared } = memory().catchUp();
        return [...read].flatMap(([id, { onDelete }]) =>
            onDelete === "retain" || declared.has(id) ? [] : [id],
        );
    },

    /** The setting as this run's program declares it, as far as it has. */
    declaredMaxRemovals(): number | undefined {
        return memory().catchUp().declaredLimit;
    },

    /** How many accounts may have their recovery allowed in this run because they left the program. */
    maxRemovals(): number {
        const { read, declaredLimit } = memory().catchUp();
        return declaredLimit ?? Math.min(50, Math.max(5, Math.ceil(read.size / 10)));
    },

    /** The stack holds accounts of this organization, be it the caller's or not. */
    isOfOrganization(organizationId: string): void {
        if (!memory().catchUp().organizations.has(organizationId))
            memory().happened({ is: "organization", organizationId });
    },

    /** The organizations of which the refresh has met accounts in the stack. */
    organizations(): string[] {
        return [...memory().catchUp().organizations];
    },

    /** Why what is seen cannot be shared between the processes of this run, if it cannot. Then no account may be restored. */
    notShared(): string | undefined {
        return memory().catchUp().notShared;
    },

    /** The run's identity: the same in program and provider, and in no other run. Empty if it is not known. */
    id(): string {
        return memory().id;
    },
};
