/** The outcome of a report, and the exit codes of programs. */
import type { Report } from "./model";

/**
 * - `incomplete`: something could not be inspected, or no account is in scope. The state of the organization is unknown.
 * - `findings`: every account was inspected or is acknowledged, and there is something to do.
 * - `clean`: every account was inspected or is acknowledged, and there is nothing to do.
 */
export type Outcome = "clean" | "findings" | "incomplete";

export function outcomeOf({ complete, totals, accounts, policies, leaving, problems }: Report): Outcome {
    const found = new Set(policies.map(({ finding }) => finding));
    const unseen = totals.unreadable + totals.notInspected > 0 || totals.accounts === 0;
    if (!complete || problems.length > 0 || unseen || found.has("unknown") || found.has("not inspected"))
        return "incomplete";
    const opens = accounts.some(({ exception }) => exception?.opens);
    for (const finding of ["as declared", "skipped"] as const) found.delete(finding);
    return totals.drifted > 0 || leaving.length > 0 || opens || found.size > 0 ? "findings" : "clean";
}

/** The exit codes of a program. `pulumi preview --expect-no-changes` also ends with 7 if there is something to change. */
export const EXIT_CODES: Record<Outcome, number> = { clean: 0, findings: 7, incomplete: 1 };
