/**
 * What this run has seen of the accounts: which were looked at, and which the program still declares.
 *
 * It stands between an innocent Pulumi delete (a renamed resource, a new parent, `--replace`) and a re-opened
 * account: see `departures.ts`. It lasts for one phase (preview, update) and no longer, and is shared by the program and
 * all provider processes of the phase (`run-journal.ts`). The program declares for itself, since the engine does not
 * call `check` for resources outside of `--target`, and calls it late for those that depend on others.
 */
import * as pulumi from "@pulumi/pulumi";
import type { OnDelete } from "./root-credentials-absent";
import { RunJournal } from "./run-journal";

/** Something that happened in this run. */
type Event =
    | { is: "program" }
    | { is: "read"; accountId: string; onDelete: OnDelete; confirmed: boolean }
    | { is: "gone"; accountId: string }
    | { is: "declared"; accountId: string; onDelete?: OnDelete; maxRemovals?: number }
    | { is: "foreign"; organizationId: string };

/** Accounts that `read` looked at and did not find gone: what a delete would do to them, and whether AWS confirmed them as members. */
const read = new Map<string, { onDelete: OnDelete; confirmed: boolean }>();
/** Accounts that the program declares in this run. */
const declared = new Set<string>();
const declaredOnDelete = new Set<OnDelete>();
let declaredLimit: number | undefined;
let aProgramRuns = false;
let foreignOrganization: string | undefined;

export const thisRun = {
    /** A program runs, whatever it declares: this is no `pulumi destroy`. */
    isOfAProgram(): void {
        happened({ is: "program" });
    },

    programRuns(): boolean {
        catchUp();
        return aProgramRuns || declared.size > 0;
    },

    wasRead(accountId: string, onDelete: OnDelete, confirmed: boolean): void {
        happened({ is: "read", accountId, onDelete, confirmed });
    },

    hasRead(accountId: string): boolean {
        catchUp();
        return read.has(accountId);
    },

    /** Accounts that AWS has confirmed as active members in this run. */
    confirmedMembers(): string[] {
        catchUp();
        return [...read].flatMap(([id, { confirmed }]) => (confirmed ? [id] : []));
    },

    /** The account left the organization or is not active any more: nothing of it can be restored, so it does not count as leaving. */
    isGone(accountId: string): void {
        happened({ is: "gone", accountId });
    },

    isDeclared(accountId: string, terms: { onDelete?: OnDelete; maxRemovals?: number } = {}): void {
        happened({ is: "declared", accountId, ...terms });
    },

    declares(accountId: string): boolean {
        catchUp();
        return declared.has(accountId);
    },

    declaredAccounts(): number {
        catchUp();
        return declared.size;
    },

    /** True if the program says so of none of its accounts: then the setting has changed, and the old value no longer holds. */
    declaresNowhere(onDelete: OnDelete): boolean {
        catchUp();
        return declaredOnDelete.size > 0 && !declaredOnDelete.has(onDelete);
    },

    /** Accounts that would be restored because the program no longer declares them. */
    leaving(): string[] {
        catchUp();
        return [...read].flatMap(([id, { onDelete }]) =>
            onDelete === "retain" || declared.has(id) ? [] : [id],
        );
    },

    /** How many accounts may have their recovery allowed in this run because they left the program. */
    maxRemovals(): number {
        catchUp();
        return declaredLimit ?? Math.max(5, Math.ceil(read.size / 10));
    },

    /** The stack holds accounts of this organization, which is not the caller's. */
    isOfForeignOrganization(organizationId: string): void {
        happened({ is: "foreign", organizationId });
    },

    foreignOrganization(): string | undefined {
        catchUp();
        return foreignOrganization;
    },

    /** Why what is seen cannot be shared between the processes of this run; then no account may be restored. */
    notShared(): string | undefined {
        const shared = journal();
        return shared !== undefined && "because" in shared ? shared.because : undefined;
    },

    /**
     * A name for this run that program and provider agree on: the engine's address, which Pulumi hands to both and
     * which is another for every phase. Empty where Pulumi tells neither; nothing then counts as looked at.
     */
    id(): string {
        return hostAndPort(engineOfProgram()) || hostAndPort(process.argv.at(-1) ?? "");
    },
};

function happened(event: Event): void {
    const shared = journal();
    if (shared instanceof RunJournal) shared.append(event);
    else remember(event);
}

function catchUp(): void {
    const shared = journal();
    if (!(shared instanceof RunJournal)) return;
    for (const event of shared.news()) remember(event as Event);
}

function remember(event: Event): void {
    switch (event.is) {
        case "program":
            aProgramRuns = true;
            break;
        case "read":
            read.set(event.accountId, { onDelete: event.onDelete, confirmed: event.confirmed });
            break;
        case "gone":
            read.delete(event.accountId);
            break;
        case "declared":
            declared.add(event.accountId);
            if (event.onDelete !== undefined) declaredOnDelete.add(event.onDelete);
            if (event.maxRemovals !== undefined)
                declaredLimit = Math.max(event.maxRemovals, declaredLimit ?? 0);
            break;
        case "foreign":
            foreignOrganization = event.organizationId;
            break;
    }
}

let opened: RunJournal | { because: string } | "no engine" | undefined;

/** The journal of this run, or why there is none. Outside of an engine there is one process only, and memory does. */
function journal(): RunJournal | { because: string } | undefined {
    opened ??= open();
    return opened === "no engine" ? undefined : opened;
}

function open(): RunJournal | { because: string } | "no engine" {
    const engine = thisRun.id();
    if (engine === "") return "no engine";
    try {
        return new RunJournal(engine);
    } catch (error) {
        return { because: error instanceof Error ? error.message : String(error) };
    }
}

function engineOfProgram(): string {
    if (!pulumi.runtime.hasEngine()) return "";
    const engine = pulumi.runtime.getEngine() as { getChannel?(): { getTarget(): string } } | undefined;
    return engine?.getChannel?.().getTarget() ?? "";
}

function hostAndPort(address: string): string {
    return /(?:^|[/:])(127\.0\.0\.1:\d+)$/.exec(address)?.[1] ?? "";
}
