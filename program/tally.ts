/** Counts what a preview found. An account without a result was not looked at, whatever the reason. */
import {
    lineOfAccounts,
    machineLine,
    MOST_LINES,
    pulumiTags,
    RECENTLY,
    reportOf,
    textLines,
    thisRun,
    type AccountInReport,
    type MemberAccount,
} from "pulumi-aws-root-credentials";
import { leaving } from "./leaving";
import { infoForMachines, infoInColours, warn } from "./log";
import { countedByRule, type Scope } from "./selection";

/** Whether the stack calls an account, or has it stand, as it does now. */
type IsAsKnown = (account: AccountInReport) => boolean;

export class Tally {
    private readonly findings = new Map<string, AccountInReport>();
    private readonly used: string[] = [];

    constructor(private readonly isAsKnown: IsAsKnown = () => true) {}

    /** What somebody found who looked. */
    found(account: AccountInReport): void {
        this.findings.set(account.id, account);
    }

    resultOf(accountId: string): AccountInReport | undefined {
        return this.findings.get(accountId);
    }

    /** Nothing is to be done, says the refresh. Never overrides what a hook found. */
    unchanged(account: AccountInReport): void {
        if (!this.findings.has(account.id)) this.findings.set(account.id, account);
    }

    /** Credentials that were used lately, in words; `up` removes them all the same. */
    usedRecently(credentials: string[]): void {
        this.used.push(...credentials);
    }

    /**
     * Warns of credentials that were used lately. Then come two lines for machines: `root-credentials-summary` counts, and
     * `root-credentials-accounts` names the accounts for `root-credentials report`. The tree for people comes last, because the
     * screen shows the end of the output.
     */
    report(scope: Scope): void {
        const { active, skipped } = scope;
        if (this.used.length > 0) {
            const list = this.used.sort().map((each) => `  ${each}`);
            warn(
                `used in the last ${RECENTLY} days, and removed by pulumi up (refuseIfUsedWithinDays keeps them):\n${list.join("\n")}`,
            );
        }
        // Declared early, an account may turn out to be none to look into.
        const found = active.flatMap(({ id }) => this.findings.get(id) ?? []);
        const count = (mark: AccountInReport["mark"]) => found.filter((each) => each.mark === mark).length;
        const counts = {
            accounts: active.length,
            lookedAt: found.length,
            clean: count("clean"),
            dirty: count("drifted"),
            blocked: count("blocked"),
            notLookedAt: active.length - found.length,
            exceptions: count("exception"),
            excluded: countedByRule(scope),
            skipped: Object.fromEntries(skipped.map(({ id, reason }) => [id, reason])),
        };
        infoForMachines(machineLine("root-credentials-summary", counts), sentence(counts));
        const accounts = this.everyAccount(scope);
        infoForMachines(lineOfAccounts(accounts, (each) => !this.isAsKnown(each)));
        infoInColours(tree(accounts, scope));
    }

    private everyAccount({ active, excluded, skipped }: Scope): AccountInReport[] {
        const listed = new Set([...active, ...excluded, ...skipped].map(({ id }) => id));
        const gone = thisRun.accountsGone().filter(({ id }) => !listed.has(id));
        return [
            ...gone.map(({ id, accountName: name = id, organizationalUnit = "", because = "is gone" }) =>
                placed({ id, name, organizationalUnit }, "skipped", because),
            ),
            ...active.map((each) => this.findings.get(each.id) ?? placed(each, "not looked at", NO_RESULT)),
            ...excluded.map((each) => placed(each, "out of scope", each.rule)),
            ...skipped.map((each) => placed(each, "skipped", each.reason)),
        ];
    }
}

/** Without `--diff` the CLI indents messages by four, and a terminal has 100 columns. */
const WIDTH = 96;

function tree(accounts: AccountInReport[], scope: Scope): string[] {
    const leavers = leaving(scope).map(({ onDelete: then, id, name, organizationalUnit }) => ({
        id,
        name,
        organizationalUnit,
        then,
    }));
    const generated = new Date().toISOString();
    return textLines(reportOf({ source: "preview", generated, accounts, leaving: leavers }), {
        width: WIDTH,
        palette: pulumiTags,
        mostLines: MOST_LINES,
        all: "To see all: pulumi preview --json | npx root-credentials report --output report.html",
    });
}

const NO_RESULT = "this preview has no result for it";

function placed(
    { id, name, organizationalUnit }: Pick<MemberAccount, "id" | "name" | "organizationalUnit">,
    mark: AccountInReport["mark"],
    because: string,
): AccountInReport {
    return { id, name, organizationalUnit, mark, because };
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
