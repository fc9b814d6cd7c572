/**
 * Which accounts are in scope, and why the others are not.
 *
 * A selector that matches no account ends the program. Otherwise a misspelt `exclude` would remove credentials that must
 * stay, and a misspelt `include` would let accounts leave the stack.
 */
import * as pulumi from "@pulumi/pulumi";
import type { AccountTags, MemberAccount, MemberAccounts } from "pulumi-aws-root-credentials";
import { SelectionRule } from "./selection-rule";
import type { Selection } from "./settings/selectors";

/** An active account that is out of scope. */
export interface ExcludedAccount extends MemberAccount {
    /** `exclude[0] (organizationalUnit Sandbox)`, or `not in include`. */
    rule: string;
}

/** Every account of the organization: in scope (`active`), out of scope, or skipped. */
export interface SelectedAccounts extends Pick<MemberAccounts, "active" | "skipped"> {
    excluded: ExcludedAccount[];
}

export interface Scope extends SelectedAccounts {
    /** The caller's organization (`o-...`). */
    organizationId: string;
}

export function findAccount(scope: SelectedAccounts, id: string): MemberAccount | undefined {
    return [...scope.active, ...scope.excluded, ...scope.skipped].find((account) => account.id === id);
}

export function reasonToSkip({ skipped }: SelectedAccounts, id: string): string | undefined {
    return skipped.find((account) => account.id === id)?.reason;
}

/** How many accounts each rule puts out of scope. */
export function countByRule({ excluded }: SelectedAccounts): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { rule } of excluded) counts[rule] = (counts[rule] ?? 0) + 1;
    return counts;
}

const NOT_INCLUDED = "not in include";

export class AccountSelection {
    private readonly include: SelectionRule[];
    private readonly exclude: SelectionRule[];

    constructor(
        private readonly accounts: MemberAccounts,
        { include, exclude }: Selection,
    ) {
        this.include = include.map((each, index) => new SelectionRule(`include[${index}]`, each, accounts));
        this.exclude = exclude.map((each, index) => new SelectionRule(`exclude[${index}]`, each, accounts));
    }

    /** Ids of the accounts whose scope depends on their tags. */
    accountsThatNeedTags(): string[] {
        const byTag = this.rules.filter(({ needsTags }) => needsTags);
        const undecided = this.accounts.active.filter((account) =>
            byTag.some((rule) => rule.matchesWithoutTags(account)),
        );
        return undecided.map(({ id }) => id);
    }

    /** Ends the program with a sentence for each rule that cannot be applied or matches no account. */
    select(tags: AccountTags): SelectedAccounts {
        const problems = this.rules.flatMap((rule) => rule.problem(tags) ?? []);
        if (problems.length > 0) throw new pulumi.RunError(problems.join("\n"));
        const active: MemberAccount[] = [];
        const excluded: ExcludedAccount[] = [];
        for (const account of this.accounts.active) {
            const rule = this.exclusionRule(account, tags);
            if (rule === undefined) active.push(account);
            else excluded.push({ ...account, rule });
        }
        return { active, excluded, skipped: this.accounts.skipped };
    }

    private get rules(): SelectionRule[] {
        return [...this.include, ...this.exclude];
    }

    private exclusionRule(account: MemberAccount, tags: AccountTags): string | undefined {
        const excluding = this.exclude.find((rule) => rule.matches(account, tags));
        if (excluding) return excluding.description;
        const included =
            this.include.length === 0 || this.include.some((rule) => rule.matches(account, tags));
        return included ? undefined : NOT_INCLUDED;
    }
}
