/** Counts what a preview found. An account without a result was not looked at, whatever the reason. */
import * as pulumi from "@pulumi/pulumi";
import { RECENTLY } from "pulumi-aws-root-credentials";
import { countedByRule, type Scope } from "./selection";

type Finding = "clean" | "dirty" | "blocked" | "exception";

export class Tally {
    private readonly findings = new Map<string, Finding>();
    private readonly used: string[] = [];

    /** Everything was looked at and nothing found. Never overrides what a hook found. */
    clean(accountId: string): void {
        if (!this.findings.has(accountId)) this.findings.set(accountId, "clean");
    }

    /** Everything was looked at and is as the account's open exception allows. Never overrides what a hook found. */
    exception(accountId: string): void {
        if (!this.findings.has(accountId)) this.findings.set(accountId, "exception");
    }

    /** Everything was looked at and root credentials were found. */
    dirty(accountId: string): void {
        this.findings.set(accountId, "dirty");
    }

    /** Something could not be looked at. */
    blocked(accountId: string): void {
        this.findings.set(accountId, "blocked");
    }

    /** Credentials that were used lately, in words; `up` removes them all the same. */
    usedRecently(credentials: string[]): void {
        this.used.push(...credentials);
    }

    /** What was used lately, if anything; then one line for people, one for machines: `root-credentials-summary` and a JSON object. */
    report(scope: Scope): void {
        const { active, skipped } = scope;
        if (this.used.length > 0) {
            const list = this.used.sort().map((each) => `  ${each}`);
            void pulumi.log.warn(
                `used in the last ${RECENTLY} days, and removed by pulumi up (refuseIfUsedWithinDays keeps them):\n${list.join("\n")}`,
            );
        }
        // Declared early, an account may turn out to be none to look into.
        const found = active.flatMap(({ id }) => this.findings.get(id) ?? []);
        const count = (finding: Finding) => found.filter((each) => each === finding).length;
        const counts = {
            accounts: active.length,
            lookedAt: found.length,
            clean: count("clean"),
            dirty: count("dirty"),
            blocked: count("blocked"),
            notLookedAt: active.length - found.length,
            exceptions: count("exception"),
            excluded: countedByRule(scope),
            skipped: Object.fromEntries(skipped.map(({ id, reason }) => [id, reason])),
        };
        void pulumi.log.info(`${sentence(counts)}\nroot-credentials-summary ${JSON.stringify(counts)}`);
    }
}

function sentence(counts: {
    accounts: number;
    lookedAt: number;
    clean: number;
    dirty: number;
    blocked: number;
    exceptions: number;
    excluded: Record<string, number>;
    skipped: Record<string, string>;
}): string {
    const excluded = Object.values(counts.excluded).reduce((sum, each) => sum + each, 0);
    return (
        `looked at ${counts.lookedAt} of ${counts.accounts} member accounts: ${counts.clean} clean, ` +
        `${counts.dirty} with root credentials, ${counts.blocked} that could not be looked at` +
        `${counts.exceptions > 0 ? `, ${counts.exceptions} open by an exception` : ""}; ` +
        `${excluded > 0 ? `${excluded} excluded${rulesInWords(counts.excluded)}, ` : ""}` +
        `${Object.keys(counts.skipped).length} skipped${reasonsInWords(Object.values(counts.skipped))}`
    );
}

/** ` (1 management account, 2 suspended)`. */
function reasonsInWords(reasons: string[]): string {
    const counted = [...new Set(reasons)]
        .sort()
        .map((reason) => `${reasons.filter((each) => each === reason).length} ${reason}`);
    return counted.length === 0 ? "" : ` (${counted.join(", ")})`;
}

/** ` (12 by exclude[0] (organizationalUnit Sandbox), 40 not in include)`. */
function rulesInWords(excluded: Record<string, number>): string {
    const counted = Object.entries(excluded).map(([rule, count]) => `${count} ${rule}`);
    return ` (${counted.join(", ")})`;
}
