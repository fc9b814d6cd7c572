/**
 * Accounts that are not as declared after their create or update (decision 19).
 *
 * A failed resource would stop the engine from trying the other accounts. So the provider stores the failure, and Pulumi
 * reports success. This program fails at its end and names the accounts. If a program fails, the engine deletes nothing.
 */
import * as pulumi from "@pulumi/pulumi";
import { printableLines, policiesOfRun, resultsOfRun, type OnDelete } from "pulumi-aws-root-credentials";
import { removedAccounts } from "./removed-accounts";
import { messageOf } from "./errors";
import { warn } from "./log";
import type { Scope } from "./selection";
import { count } from "./words";

/** Tells the provider to store failures. The program must call `failIfNotAsDeclared` at its end. */
export function storeFailures(): void {
    if (!pulumi.runtime.isDryRun()) resultsOfRun().announceReport();
}

/** Warns at the account's row, because Pulumi shows the account as created or updated. */
export function warnOfFailure(accountId: string, resource: pulumi.Resource): void {
    const failure = resultsOfRun().failureOf(accountId);
    if (failure)
        warn(`${idAndName({ ...failure, id: accountId })} is not as declared: ${failure.cause}`, resource);
}

/**
 * Ends the program if an account failed or a report could not be written. Call it after the engine has finished every
 * account. It stores the outputs in any case, because sibling stacks read them.
 */
export function failIfNotAsDeclared(
    scope: Scope,
    outputs: Record<string, unknown>,
    unwritten: string[],
): void {
    const failed = accountsFailed();
    if (failed.length + unwritten.length === 0) return;
    // Pulumi's published types lack `registerOutputs`. A stack registers its outputs once.
    const stack = pulumi.runtime.getStackResource() as unknown as Registering | undefined;
    stack?.registerOutputs(outputs);
    if (failed.length === 0) throw new pulumi.RunError(printableLines(unwritten.join("\n")));
    const lines = failed
        .sort((a, b) => a.id.localeCompare(b.id))
        .map((failure) => `  ${idAndName(failure)}: ${failure.detail.replaceAll("\n", "\n    ")}`);
    throw new pulumi.RunError(
        printableLines(
            [
                `${count(failed.length, "account is", "accounts are")} not as declared:`,
                ...lines,
                ...notDeleted(scope),
                ...unwritten,
                "Put this right and run pulumi up again. If an account must stay blocked, acknowledge it (docs/recovery.md).",
            ].join("\n"),
        ),
    );
}

function accountsFailed() {
    try {
        return resultsOfRun().failures();
    } catch (error) {
        throw new pulumi.RunError(
            `the program does not know which accounts failed: ${messageOf(error)}. Run pulumi up again.`,
        );
    }
}

interface Registering {
    registerOutputs(outputs: Record<string, unknown>): void;
}

/** The engine deletes last, and deletes nothing in a run that fails. */
function notDeleted(scope: Scope): string[] {
    const removed = removedAccounts(scope);
    const policies = policiesOfRun()
        .removedFromProgram()
        .flatMap(({ id, isPutBack }) => (isPutBack ? [id] : []));
    const removedWith = (rule: OnDelete) =>
        removed.filter(({ onDelete }) => onDelete === rule).map((account) => account.description);
    return [
        ...notDeletedLines(removedWith("allow-recovery"), "account", "not opened"),
        ...notDeletedLines(removedWith("retain"), "account", "not dropped from the stack"),
        ...notDeletedLines(policies.sort(), "policy", "not put back"),
    ];
}

function notDeletedLines(left: string[], what: keyof typeof PLURAL, deed: string): string[] {
    if (left.length === 0) return [];
    const [noun, were] = left.length === 1 ? [what, "was"] : [PLURAL[what], "were"];
    return [
        `${left.length} ${noun} that left the program ${were} ${deed}, because Pulumi deletes nothing in a run that fails:`,
        ...left.map((each) => `  ${each}`),
        "If that cannot wait, run pulumi up --target with its URN (pulumi stack --show-urns).",
    ];
}

const PLURAL = { account: "accounts", policy: "policies" };

function idAndName({ id, accountName }: { id: string; accountName?: string }): string {
    return accountName ? `${id} ${accountName}` : id;
}
