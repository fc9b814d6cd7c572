/**
 * What this provider process has seen of the accounts in this run.
 *
 * The engine starts one provider process for each phase (preview, update) and serves every resource from it, so
 * module-level memory is exactly "this run". It is what stands between an innocent Pulumi delete (a renamed resource, a
 * new parent, `--replace`) and a re-opened account: see `lifecycle.ts`.
 */
import * as pulumi from "@pulumi/pulumi";
import type { OnDelete } from "./root-credentials-absent";

/** Members of the organization that `read` looked at, and what a delete would do to them. */
const read = new Map<string, OnDelete>();
/** Accounts that the program declares in this run: `check` saw them. */
const declared = new Set<string>();
let declaredLimit: number | undefined;

export const thisRun = {
    wasRead(accountId: string, onDelete: OnDelete): void {
        read.set(accountId, onDelete);
    },

    hasRead(accountId: string): boolean {
        return read.has(accountId);
    },

    /** The account left the organization or is not active any more: nothing of it can be restored, so it does not count as leaving. */
    isGone(accountId: string): void {
        read.delete(accountId);
    },

    isDeclared(accountId: string, maxRemovals: number | undefined): void {
        declared.add(accountId);
        if (maxRemovals !== undefined) declaredLimit = Math.max(maxRemovals, declaredLimit ?? 0);
    },

    declares(accountId: string): boolean {
        return declared.has(accountId);
    },

    /** Accounts that would be restored because the program no longer declares them. Whole once the engine deletes: that comes last. */
    leaving(): string[] {
        return [...read].flatMap(([id, onDelete]) => (onDelete === "retain" || declared.has(id) ? [] : [id]));
    },

    /** True in `pulumi destroy`, where the program declares nothing because it does not run. */
    declaresNothing(): boolean {
        return declared.size === 0;
    },

    /** How many accounts may have their recovery allowed in this run because they left the program. */
    maxRemovals(): number {
        return declaredLimit ?? Math.max(5, Math.ceil(read.size / 10));
    },

    /**
     * A name for this run that program and provider agree on: the engine's address, which Pulumi hands to both and
     * which is another for every phase. Empty where Pulumi tells neither; nothing then counts as looked at.
     */
    id(): string {
        return hostAndPort(engineOfProgram()) || hostAndPort(process.argv.at(-1) ?? "");
    },

    /** Starts over. For tests that play several runs in one process. */
    forget(): void {
        read.clear();
        declared.clear();
        declaredLimit = undefined;
    },
};

function engineOfProgram(): string {
    if (!pulumi.runtime.hasEngine()) return "";
    const engine = pulumi.runtime.getEngine() as { getChannel?(): { getTarget(): string } } | undefined;
    return engine?.getChannel?.().getTarget() ?? "";
}

function hostAndPort(address: string): string {
    return /(?:^|[/:])(127\.0\.0\.1:\d+)$/.exec(address)?.[1] ?? "";
}
