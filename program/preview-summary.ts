/** Collects the result of each account. An account without a result counts as not inspected. */
import {
    MOST_LINES,
    pulumiTags,
    reportOf,
    textLines,
    accountsOfRun,
    type AccountInReport,
    type MemberAccount,
    type PolicyInReport,
    type Report,
    type ReportHeader,
} from "pulumi-aws-root-credentials";
import { removedAccounts } from "./removed-accounts";
import { infoInColours } from "./log";
import type { Scope } from "./selection";

export class PreviewSummary {
    private readonly results = new Map<string, AccountInReport>();

    /** The result of an inspection, a create or an update. */
    setResult(account: AccountInReport): void {
        this.results.set(account.id, account);
    }

    /** The refresh found nothing to change. Never overrides another result. */
    setUnchanged(account: AccountInReport): void {
        if (!this.results.has(account.id)) this.results.set(account.id, account);
    }

    report(scope: Scope, header: ReportHeader, policies: PolicyInReport[], problems: string[]): Report {
        return reportOf({
            ...header,
            accounts: this.allAccounts(scope),
            leaving: removedAccounts(scope).map(({ id, name, organizationalUnit, onDelete: then }) => ({
                id,
                name,
                organizationalUnit,
                then,
            })),
            policies,
            problems,
        });
    }

    private allAccounts({ active, excluded, skipped }: Scope): AccountInReport[] {
        const listed = new Set([...active, ...excluded, ...skipped].map(({ id }) => id));
        const gone = accountsOfRun()
            .gone()
            .filter(({ id }) => !listed.has(id));
        return [
            ...gone.map(({ id, accountName: name = id, organizationalUnit = "", because = "is gone" }) =>
                withMark({ id, name, organizationalUnit }, "skipped", because),
            ),
            ...active.map((each) => this.results.get(each.id) ?? withMark(each, "not inspected", NO_RESULT)),
            ...excluded.map((each) => withMark(each, "out of scope", each.rule)),
            ...skipped.map((each) => withMark(each, "skipped", each.reason)),
        ];
    }
}

const NO_RESULT = "this run has no result for it";

function withMark(
    { id, name, organizationalUnit }: Pick<MemberAccount, "id" | "name" | "organizationalUnit">,
    mark: AccountInReport["mark"],
    because: string,
): AccountInReport {
    return { id, name, organizationalUnit, mark, because };
}

/** A terminal of 100 columns, without the four by which the CLI indents messages unless it runs with `--diff`. */
const WIDTH = 96;

/** Prints the tree. It comes last, because the screen shows the end of the output. */
export function showTree(report: Report): void {
    const all = "To see all: ROOT_CREDENTIALS_REPORT=report.html pulumi preview";
    infoInColours(textLines(report, { width: WIDTH, palette: pulumiTags, mostLines: MOST_LINES, all }));
}
