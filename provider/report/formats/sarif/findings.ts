/** The findings of a report, one for each thing that needs attention, and grouped if they are too many. */
import type {
    AccountInReport,
    CredentialInReport,
    CredentialKindInReport,
    LeavingAccount,
    PolicyInReport,
    Report,
} from "../../model";
import { accountInWords, counted, credentialInWords, day, factsInWords } from "../../words";
import { ALL_RULES, RULES, type Rule } from "./rules";

export interface Finding {
    rule: Rule;
    /** Distinguishes findings of one rule and account. It is the same in every run. */
    identity: string;
    accountId?: string;
    organizationalUnit: string;
    text: string;
    /** The accounts, if the finding is a group. */
    accounts?: string[];
    /** The reason why it needs no action. */
    accepted?: string;
}

export function findingsOf({ problems, accounts, leaving, policies }: Report): Finding[] {
    return [
        ...(problems.length > 0 ? [incomplete(problems)] : []),
        ...accounts.flatMap(findingsIn),
        ...leaving.map(findingOfLeaving),
        ...policies.flatMap(findingOfPolicy),
    ];
}

function incomplete(problems: string[]): Finding {
    const text = `Not everything could be inspected: ${problems.join(" ")}`;
    return { rule: RULES.incomplete, identity: "", organizationalUnit: "", text };
}

function findingsIn(account: AccountInReport): Finding[] {
    const { credentials = [], unreadable, exception, acknowledged, because, mark } = account;
    const allowed = credentials.filter((credential) => isAllowed(credential, account));
    const subject = `Account ${accountInWords(account)}`;
    const found = (rule: Rule, text: string, more: Partial<Finding> = {}): Finding => ({
        ...placeOf(account),
        rule,
        identity: "",
        text: `${subject} ${text}`,
        ...more,
    });
    const findings = credentials
        .filter((credential) => !allowed.includes(credential))
        .map((credential) => {
            const stays = credential.stays ? ` It stays: ${credential.stays}.` : "";
            const text = `holds root ${factual(credential)}.${stays}`;
            return found(RULES[credential.kind], text, { identity: credential.id });
        });
    if (exception) {
        const holds = allowed.length > 0 ? ` It holds root ${allowed.map(factual).join("; ")}.` : "";
        const opens = exception.opens ? "is about to be opened" : "is open";
        const until = `by an exception until ${day(exception.until)}: ${exception.reason}.`;
        findings.push(found(RULES.exception, `${opens} ${until}${holds}`));
    }
    if (mark === "unreadable") {
        const { cause = "no reason was given", detail = "", next = "" } = unreadable ?? {};
        findings.push(found(RULES.unreadable, `could not be inspected: ${cause}. ${detail} ${next}`));
    }
    if (acknowledged) {
        const { until, reason } = acknowledged;
        const text = `could not be inspected: ${unreadable?.cause}. Acknowledged until ${day(until)}: ${reason}.`;
        findings.push(found(RULES.acknowledged, text, { accepted: `${reason} (until ${until})` }));
    }
    if (mark === "not inspected")
        findings.push(found(RULES.notInspected, `was not inspected${because ? `: ${because}` : ""}.`));
    return findings;
}

/** During an exception the password and the MFA devices are as desired. */
function isAllowed({ kind, stays }: CredentialInReport, { exception, mark }: AccountInReport): boolean {
    const covered: CredentialKindInReport[] = ["loginProfile", "mfaDevice"];
    return exception !== undefined && covered.includes(kind) && (mark === "excepted" || stays !== undefined);
}

function findingOfLeaving(account: LeavingAccount): Finding {
    const reopens = account.then === "allow-recovery";
    const act = reopens ? "allows recovery of its root password" : "changes nothing in it";
    const text = `\`pulumi up\` ${act}: account ${accountInWords(account)}, which the program no longer declares.`;
    return { ...placeOf(account), rule: reopens ? RULES.reopened : RULES.retained, identity: "", text };
}

function findingOfPolicy({ accountId, accountName, resource, finding, text }: PolicyInReport): Finding[] {
    if (finding === "as declared" || finding === "skipped") return [];
    const unknown = finding === "unknown" || finding === "not inspected";
    const known = finding === "locked" ? RULES.policyLocks : RULES.policyDiffers;
    const account = accountInWords({ id: accountId, name: accountName ?? accountId });
    return [
        {
            rule: unknown ? RULES.policyNotInspected : known,
            identity: resource,
            accountId,
            organizationalUnit: "",
            text: `The policy of ${resource} in account ${account}: ${finding}. ${text}`,
        },
    ];
}

function placeOf({ id, organizationalUnit }: AccountInReport | LeavingAccount) {
    return { accountId: id, organizationalUnit };
}

function factual(credential: CredentialInReport): string {
    return `${credentialInWords(credential)} (${factsInWords(credential)})`;
}

/** Groups the findings of the least severe rules, first by unit and then into one for the organization, until at most `most` are left. */
export function groupedToFit(findings: Finding[], most: number): Finding[] {
    const order = ALL_RULES.toSorted((a, b) => Number(a.severity) - Number(b.severity));
    let told = findings;
    for (const whole of [false, true]) {
        for (const rule of order) {
            if (told.length <= most) return told;
            const others = told.filter((each) => each.rule !== rule);
            const own = told.filter((each) => each.rule === rule);
            told = [...others, ...groupsOf(rule, own, whole)];
        }
    }
    return told;
}

function groupsOf(rule: Rule, findings: Finding[], whole: boolean): Finding[] {
    const byUnit = Map.groupBy(findings, ({ organizationalUnit }) => (whole ? "" : organizationalUnit));
    return [...byUnit].map(([organizationalUnit, held]): Finding => {
        const ids = held.flatMap(({ accountId, accounts }) => accounts ?? accountId ?? []);
        const accounts = [...new Set(ids)].sort();
        const where = whole ? "the organization" : organizationalUnit || "the root";
        const text =
            `${rule.title}: ${counted(accounts.length, "account")} of ${where}. ` +
            "The accounts are in this result's properties, because they are too many for a result each. The report in JSON, CSV or HTML has each finding.";
        return { rule, identity: whole ? "all" : "unit", organizationalUnit, text, accounts };
    });
}
