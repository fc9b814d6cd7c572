/**
 * A table (RFC 4180): one row for each credential, for each account without credentials, and for each other part of the report. A
 * report of evidence alone has one row for each write.
 *
 * An account's name must not become a formula of a spreadsheet, so an apostrophe goes before a text that looks like one.
 */
import { stringify } from "csv-stringify/sync";
import { printableLines } from "../../process/printable";
import { controlsOf, requirementsInWords } from "../controls";
import type { DamagedLine, WriteInEvidence } from "../evidence/model";
import type { AccountInReport, CredentialInReport, LeavingAccount, PolicyInReport, Report } from "../model";

/** The columns of every table. */
const COMMON = {
    row: "What the row is about: credential, account, leaving, policy, problem, write, damaged line",
    account_id: "The account's id",
    kind: "accessKey, signingCertificate, loginProfile, mfaDevice; of a write as its record says: accessKeys, signingCertificates, loginProfile, mfaDevices, bucketPolicy, queuePolicy",
    id: "The credential's id, password for the login profile; of a policy the bucket or queue",
} as const;

/** The columns of accounts and policies. */
const FOUND = {
    account_name: "The account's name",
    organizational_unit: "Names of the units from the root down, with / between them",
    mark: "The account's mark; of a leaving account what pulumi up does, of a policy what was found",
    status: "Of a credential, as AWS says it",
    created: "Of a credential, in UTC",
    last_used: "never, unknown, or when, in UTC; empty if AWS keeps no record",
    last_used_service: "For which service",
    last_used_region: "In which region",
    stays: "Why pulumi up leaves the credential",
    cause: "Why an unreadable account could not be inspected, in one line",
    detail: "The same in full; of an account that is out of scope, skipped or not inspected, why; of a policy the finding; of a problem the sentence",
    next: "What to do about it",
    exception_until: "When the account's exception ends, in UTC",
    exception_reason: "Why it was declared",
    exception_opens: "true if the account is still closed, and pulumi up opens it",
    removed: "Credentials that this run removed from the account",
    removed_at: "When, in UTC",
    removed_in_session: "The access key id of the root session that removed them",
    organization: "The organization that the account belongs to",
    acknowledged_until: "When the acknowledgement of the account ends, in UTC",
    acknowledged_reason: "Why that was declared",
} as const;

/** The columns of evidence. */
const WRITTEN = {
    attempted: "When the write was about to be sent, in UTC",
    answered: "When the answer was there, in UTC",
    action: "As in IAM policies",
    result: "done, already gone, already present, failed, unknown",
    because: "Why the result differs from AWS's answer",
    http_status: "Of the answer to a write that did not succeed",
    attempts: "How often the call was sent, if more than once",
    error: "AWS's error, or the one that took its place; of a damaged line, what is wrong with it",
    operator: "The ARN of the caller",
    session: "The access key id of the root session",
    project: "Pulumi's project, as far as the record has it",
    stack: "Pulumi's stack, as far as the record has it",
    run: "The identity of the run that wrote",
    request_id: "AWS's id of the request; of several attempts, of the last",
    before: "Of a policy, the text before",
    controls: "Controls that evaluate this kind of credential, and the requirements that they are related to",
    event_source: "In CloudTrail",
    event_name: "In CloudTrail",
    event_region: "The region of the event in CloudTrail; empty if the record does not have it",
    in_member_account: "A command for the account: the calls of the session",
    in_caller_account: "A command for the operator's account: the AssumeRoot",
    athena: "A query for both on an organization's trail",
    lines: "The lines of the record, as file:line, with spaces between them",
    text: "Of a damaged line, the line",
} as const;

/** Every column, in order, and what is in it. */
export const COLUMNS = { ...COMMON, ...FOUND, ...WRITTEN };

type Column = keyof typeof COLUMNS;
type Row = Partial<Record<Column, string | undefined>>;

export function csv(report: Report): string {
    const { evidence } = report;
    const found = report.source !== "evidence";
    return stringify(
        [
            ...report.accounts.flatMap((account) => rowsOfAccount(account, report)),
            ...report.leaving.map(rowOfLeaving),
            ...report.policies.map(rowOfPolicy),
            ...report.problems.map((detail): Row => ({ row: "problem", detail })),
            ...(evidence?.writes.map(rowOfWrite) ?? []),
            ...(evidence?.damaged.map(rowOfDamaged) ?? []),
        ],
        {
            header: true,
            columns: Object.keys({ ...COMMON, ...(found && FOUND), ...(evidence && WRITTEN) }),
            quoted: true, // also for readers that separate by something else than a comma
            record_delimiter: "windows",
            escape_formulas: true,
            cast: { string: (text) => hiddenFormula(printableLines(text)) },
        },
    );
}

/** `escape_formulas` checks the first character only, and spreadsheets ignore white space before a formula. */
function hiddenFormula(text: string): string {
    return /^\s+[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
}

function rowsOfAccount(account: AccountInReport, report: Report): Row[] {
    const { credentials = [], unreadable, exception, acknowledged, removed } = account;
    const row: Row = {
        ...placed(account),
        mark: account.mark,
        cause: unreadable?.cause,
        detail: unreadable?.detail ?? account.because,
        next: unreadable?.next,
        exception_until: exception?.until,
        exception_reason: exception?.reason,
        exception_opens: exception?.opens && "true",
        removed: removed?.credentials.join(", "),
        removed_at: removed?.at,
        removed_in_session: removed?.session,
        organization: account.organizationId ?? report.organizationId,
        acknowledged_until: acknowledged?.until,
        acknowledged_reason: acknowledged?.reason,
    };
    if (credentials.length === 0) return [{ row: "account", ...row }];
    return credentials.map((credential) => ({ row: "credential", ...row, ...rowOfCredential(credential) }));
}

function rowOfCredential({ kind, id, status, created, lastUsed, stays }: CredentialInReport): Row {
    const use = typeof lastUsed === "object" ? lastUsed : undefined;
    return {
        kind,
        id,
        status,
        created,
        last_used: typeof lastUsed === "object" ? lastUsed.at : lastUsed,
        last_used_service: use?.service,
        last_used_region: use?.region,
        stays,
    };
}

function rowOfLeaving(account: LeavingAccount): Row {
    return { row: "leaving", ...placed(account), mark: account.then };
}

function placed({ id, name, organizationalUnit }: LeavingAccount | AccountInReport): Row {
    return { account_id: id, account_name: name, organizational_unit: organizationalUnit };
}

function rowOfPolicy({ accountId, accountName, resource, finding, text }: PolicyInReport): Row {
    const account = { account_id: accountId, account_name: accountName };
    return { row: "policy", ...account, id: resource, mark: finding, detail: text };
}

function rowOfWrite(write: WriteInEvidence): Row {
    const { check } = write;
    return {
        row: "write",
        account_id: write.accountId,
        kind: write.kind,
        id: write.id,
        attempted: write.attempted,
        answered: write.answered,
        action: write.action,
        result: write.result,
        because: write.because,
        http_status: write.httpStatus?.toString(),
        attempts: write.attempts?.toString(),
        error: write.error,
        operator: write.operator,
        session: write.session,
        project: write.project,
        stack: write.stack,
        run: write.run,
        request_id: write.requestId,
        before: write.before,
        controls: controlsOf(write.kind)
            .map(({ by, id, requirements }) => `${by} ${id} (${requirementsInWords(requirements)})`)
            .join("; "),
        event_source: check.eventSource,
        event_name: check.eventName,
        event_region: check.region,
        in_member_account: check.inMemberAccount,
        in_caller_account: check.inCallerAccount,
        athena: check.athena,
        lines: write.lines.map(({ file, line }) => `${file}:${line}`).join(" "),
    };
}

function rowOfDamaged({ file, line, because, text }: DamagedLine): Row {
    return { row: "damaged line", error: because, text, lines: `${file}:${line}` };
}
