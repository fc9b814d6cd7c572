/**
 * What AWS refused, why, and what the reader can do about it, in one shape for everybody who reports it.
 *
 * AWS answers most failures with the one code `AccessDenied`; only the text tells them apart. What is read off an error is in
 * `failure-facts.ts`, every cause and its sentences in `failure-rules.ts`, and the table for users in `docs/refusals.md`.
 */
import { factsOf, isRefused, type AttemptedCall, type Facts } from "./facts";
import { WriteNotLogged } from "./error-classes";
import { FALLBACK, RULES } from "./rules/index";
import type { FailureReason, RuleText } from "./rules/rule";

export type { AttemptedCall } from "./facts";
export type { FailureReason } from "./rules/rule";

/** A failure in three lengths: for code, for one line of a diff (cause first, 120 characters), and for a reader; with what to do. */
export interface AwsFailure {
    reason: FailureReason;
    cause: string;
    detail: string;
    next?: string;
}

/** Reasons that keep the stack out of one account and no other. Any other obstacle may be gone with the next run. */
const ACCOUNT_SPECIFIC: ReadonlySet<FailureReason> = new Set(["own-account", "scp", "rcp"]);

export function isAccountSpecific(reason: FailureReason): boolean {
    return ACCOUNT_SPECIFIC.has(reason);
}

/** A failure as an error, for where nothing else can be reported. The message is the failure's `detail`. */
export class AwsCallFailed extends Error {
    override readonly name = "AwsCallFailed";

    constructor(
        readonly failure: AwsFailure,
        options?: ErrorOptions,
    ) {
        super(failure.detail, options);
    }
}

/** Explains an error of an AWS call in one account. */
export function diagnose(error: unknown, attempt: AttemptedCall): AwsFailure {
    if (error instanceof AwsCallFailed) return error.failure;
    if (error instanceof WriteNotLogged) return writeNotLogged(error, attempt);
    const facts = factsOf(error, attempt);
    const rule = RULES.find(({ applies }) => applies(facts)) ?? FALLBACK;
    const because = textOf(rule.because, facts);
    const { accountId, action, code, message } = facts;
    const next = textOf(rule.next, facts);
    const happened = isRefused(facts) ? "was refused" : "failed";
    const said = facts.fromAws ? "AWS said" : "The error was";
    return {
        next,
        reason: rule.reason,
        cause: `${because} (${action})`,
        detail: `${action} ${happened}${accountId && ` in account ${accountId}`}: ${because}. ${next} ${said}: ${code}: ${message}`,
    };
}

/**
 * What to do, out of a failure's `detail` as the state keeps it: what stands between its cause and the words of AWS. Undefined
 * where the cause is told in another form.
 */
export function nextStepIn({ cause, detail }: Pick<AwsFailure, "cause" | "detail">): string | undefined {
    const because = `: ${cause.replace(/ \([^()]*\)$/, "")}. `;
    const [first = ""] = detail.split("\n");
    const begin = first.indexOf(because);
    const end = first.search(/ (AWS said|The error was): /);
    return begin < 0 || end < begin ? undefined : first.slice(begin + because.length, end).trim();
}

/** Why an account is none that root sessions can be opened in, in words that follow its number. */
export function describeAbsence(
    found: { left: true } | { managementAccount: true } | { state: string },
): string {
    if ("left" in found) return "has left the organization";
    if ("state" in found) return `is ${found.state.toLowerCase().replaceAll("_", " ")}`;
    return "is the organization's management account, whose root user AWS leaves out of central root access";
}

/** Not AWS's doing: a write that cannot be recorded is not made, and one that was made without its record is told. */
function writeNotLogged({ message, written }: WriteNotLogged, { accountId, action }: AttemptedCall): AwsFailure {
    const cause = `the record of writes could not be kept (${action})`;
    const happened = written
        ? `${action} was carried out in account ${accountId}, but its record is incomplete`
        : `${action} was not tried in account ${accountId}`;
    return {
        reason: "record-not-kept",
        cause,
        detail: `${cause}: ${message}. ${happened}. Make the file writable, or set ROOT_CREDENTIALS_RECORD_FILE to one that is, then run again.`,
    };
}

function textOf(words: RuleText, facts: Facts): string {
    return typeof words === "string" ? words : words(facts);
}
