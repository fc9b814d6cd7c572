/** Counts what a preview found. An account without a result was not looked at, whatever the reason. */
import * as pulumi from "@pulumi/pulumi";
import { RECENTLY, type MemberAccounts } from "pulumi-aws-root-credentials";

type Finding = "clean" | "dirty" | "blocked" | "exception";

export class Tally {
    private readonly findings = new Map<string, Finding>();
    private readonly used: string[] = [];

    constructor(private readonly accounts: MemberAccounts) {}

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
    report(): void {
        const { active, skipped } = this.accounts;
        if (this.used.length > 0) {
            const list = this.used.sort().map((each) => `  ${each}`);
            void pulumi.log.warn(
                `used in the last ${RECENTLY} days, and removed by pulumi up (refuseIfUsedWithinDays keeps them):\n${list.join("\n")}`,
            );
        }
        const counts = {
            accounts: active.length,
            lookedAt: this.findings.size,
            clean: this.count("clean"),
            dirty: this.count("dirty"),
            blocked: this.count("blocked"),
            notLookedAt: active.length - this.findings.size,
            exceptions: this.count("exception"),
            skipped: Object.fromEntries(skipped.map(({ id, reason }) => [id, reason])),
        };
        void pulumi.log.info(`${sentence(counts)}\nroot-credentials-summary ${JSON.stringify(counts)}`);
    }

    private count(finding: Finding): number {
        return [...this.findings.values()].filter((found) => found === finding).length;
    }
}

function sentence(counts: {
    accounts: number;
    lookedAt: number;
    clean: number;
    dirty: number;
    blocked: number;
    exceptions: number;
    skipped: Record<string, string>;
}): string {
    return (
        `looked at ${counts.lookedAt} of ${counts.accounts} member accounts: ${counts.clean} clean, ` +
        `${counts.dirty} with root credentials, ${counts.blocked} that could not be looked at` +
        `${counts.exceptions > 0 ? `, ${counts.exceptions} open by an exception` : ""}; ` +
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
