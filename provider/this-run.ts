/**
 * What this run has seen of the accounts: which were looked at, and which the program still declares.
 *
 * It stands between an innocent Pulumi delete (a renamed resource, a new parent, `--replace`) and a re-opened
 * account: see `lifecycle.ts`. It lasts for one phase (preview, update) and no longer, and is shared by all provider
 * processes of the phase (`run-journal.ts`).
 */
import * as pulumi from "@pulumi/pulumi";
import type { OnDelete } from "./root-credentials-absent";
import { RunJournal } from "./run-journal";

/** Something that happened to an account in this run. */
type Event =
    | { is: "read"; accountId: string; onDelete: OnDelete }
    | { is: "gone"; accountId: string }
    | { is: "declared"; accountId: string; maxRemovals?: number };

/** Members of the organization that `read` looked at, and what a delete would do to them. */
const read = new Map<string, OnDelete>();
/** Accounts that the program declares in this run: `check` saw them. */
const declared = new Set<string>();
let declaredLimit: number | undefined;

export const thisRun = {
    wasRead(accountId: string, onDelete: OnDelete): void {
        happened({ is: "read", accountId, onDelete });
    },

    hasRead(accountId: string): boolean {
        catchUp();
        return read.has(accountId);
    },

    /** The account left the organization or is not active any more: nothing of it can be restored, so it does not count as leaving. */
    isGone(accountId: string): void {
        happened({ is: "gone", accountId });
    },

    isDeclared(accountId: string, maxRemovals: number | undefined): void {
        happened({ is: "declared", accountId, ...(maxRemovals !== undefined && { maxRemovals }) });
    },

    declares(accountId: string): boolean {
        catchUp();
        return declared.has(accountId);
    },

    /** Accounts that would be restored because the program no longer declares them. Whole once the engine deletes: that comes last. */
    leaving(): string[] {
        catchUp();
        return [...read].flatMap(([id, onDelete]) => (onDelete === "retain" || declared.has(id) ? [] : [id]));
    },

    /** True in `pulumi destroy`, where the program declares nothing because it does not run. */
    declaresNothing(): boolean {
        catchUp();
        return declared.size === 0;
    },

    /** How many accounts may have their recovery allowed in this run because they left the program. */
    maxRemovals(): number {
        catchUp();
        return declaredLimit ?? Math.max(5, Math.ceil(read.size / 10));
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
    if (shared) shared.append(event);
    else remember(event);
}

function catchUp(): void {
    for (const event of journal()?.news() ?? []) remember(event as Event);
}

function remember(event: Event): void {
    const { accountId } = event;
    switch (event.is) {
        case "read":
            read.set(accountId, event.onDelete);
            break;
        case "gone":
            read.delete(accountId);
            break;
        case "declared":
            declared.add(accountId);
            if (event.maxRemovals !== undefined)
                declaredLimit = Math.max(event.maxRemovals, declaredLimit ?? 0);
            break;
    }
}

let opened: RunJournal | "none" | undefined;

/** The journal of this run; none outside of an engine, and where it cannot be kept: memory has to do then. */
function journal(): RunJournal | undefined {
    opened ??= open();
    return opened === "none" ? undefined : opened;
}

function open(): RunJournal | "none" {
    const engine = thisRun.id();
    if (engine === "") return "none";
    try {
        // A port is used again sooner or later; two of them at once hardly are.
        return new RunJournal(`${engine} ${process.env.PULUMI_LOG_OTLP_ENDPOINT ?? ""}`);
    } catch (error) {
        const because = error instanceof Error ? error.message : String(error);
        console.log(
            `what this run sees cannot be shared between Pulumi's provider processes (${because}): a run with a changed configuration will be refused`,
        );
        return "none";
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
