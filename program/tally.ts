/** Collects the result of each account. An account without a result was not inspected, whatever the reason. */
import {
    MOST_LINES,
    pulumiTags,
    reportOf,
    textLines,
    thisRun,
    type AccountInReport,
    type MemberAccount,
    type PolicyInReport,
    type Report,
    type ReportHeader,
} from "pulumi-aws-root-credentials";
import { leaving } from "./leaving";
import { infoInColours } from "./log";
import type { Scope } from "./selection";

export class Tally {
    private readonly findings = new Map<string, AccountInReport>();

    /** The result of an inspection, or of a create or update. */
    found(account: AccountInReport): void {
        this.findings.set(account.id, account);
    }

    /** The refresh found nothing to change. Never overrides another result. */
    unchanged(account: AccountInReport): void {
        if (!this.findings.has(account.id)) this.findings.set(account.id, account);
    }

    report(scope: Scope, header: ReportHeader, policies: PolicyInReport[], problems: string[]): Report {
        return reportOf({
            ...header,
            accounts: this.everyAccount(scope),
            leaving: leaving(scope).map(({ id, name, organizationalUnit, onDelete: then }) => ({
                id,
                name,
                organizationalUnit,
                then,
            })),
            policies,
            problems,
        });
    }

    private everyAccount({ active, excluded, skipped }: Scope): AccountInReport[] {
        const listed = new Set([...active, ...excluded, ...skipped].map(({ id }) => id));
        const gone = thisRun.accountsGone().filter(({ id }) => !listed.has(id));
        return [
            ...gone.map(({ id, accountName: name = id, organizationalUnit = "", because = "is gone" }) =>
                placed({ id, name, organizationalUnit }, "skipped", because),
            ),
            // An account that was declared early may turn out to be skipped, so the scope decides.
            ...active.map((each) => this.findings.get(each.id) ?? placed(each, "not inspected", NO_RESULT)),
            ...excluded.map((each) => placed(each, "out of scope", each.rule)),
            ...skipped.map((each) => placed(each, "skipped", each.reason)),
        ];
    }
}

const NO_RESULT = "this run has no result for it";

function placed(
    { id, name, organizationalUnit }: Pick<MemberAccount, "id" | "name" | "organizationalUnit">,
    mark: AccountInReport["mark"],
    because: string,
): AccountInReport {
    return { id, name, organizationalUnit, mark, because };
}

/** Without `--diff` the CLI indents messages by four, and a terminal has 100 columns. */
const WIDTH = 96;

/** Shows the organization as a tree. It comes last, because the screen shows the end of the output. */
export function showTree(report: Report): void {
    const all = "To see all: ROOT_CREDENTIALS_REPORT=report.html pulumi preview";
    infoInColours(textLines(report, { width: WIDTH, palette: pulumiTags, mostLines: MOST_LINES, all }));
}
