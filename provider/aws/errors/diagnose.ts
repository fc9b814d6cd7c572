/**
 * Explains failed AWS calls: the cause, and what the user can do about it.
 *
 * AWS answers most failures with the code `AccessDenied`, so only the text tells them apart. `facts.ts` reads an error, `rules/`
 * has all causes and their sentences, and `docs/refusals.md` has the table for users.
 */
import { factsOf, isRefused, type AttemptedCall, type Facts } from "./facts";
import { WriteNotLogged } from "./error-classes";
import { FALLBACK, RULES } from "./rules/index";
import type { FailureReason, RuleText } from "./rules/rule";

export type { AttemptedCall } from "./facts";
export type { FailureReason } from "./rules/rule";

export interface AwsFailure {
    /** For code. */
    reason: FailureReason;
    /** For one line of a diff: at most 120 characters, with the cause first. */
    cause: string;
    /** For the user, in full. */
    detail: string;
    /** The next step for the user. `detail` has it too. */
    next?: string;
}

/** Permanent reasons that concern one account only. Other failures may be gone in the next run. */
const ACCOUNT_SPECIFIC: ReadonlySet<FailureReason> = new Set(["own-account", "scp", "rcp"]);

export function isAccountSpecific(reason: FailureReason): boolean {
    return ACCOUNT_SPECIFIC.has(reason);
}

/** A failure as an error, for functions that can only throw. The message is the failure's `detail`. */
export class AwsCallFailed extends Error {
    override readonly name = "AwsCallFailed";

    constructor(
        readonly failure: AwsFailure,
        options?: ErrorOptions,
    ) {
        super(failure.detail, options);
    }
}

/** A failed call that all accounts need. One sentence is both cause and detail. */
export function callFailed(reason: FailureReason, sentence: string, cause?: unknown): AwsCallFailed {
    return new AwsCallFailed({ reason, cause: sentence, detail: sentence }, { cause });
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

/** A failure of this machine and not of AWS. The write was not made, or was made without a complete log. */
function writeNotLogged(
    { message, written }: WriteNotLogged,
    { accountId, action }: AttemptedCall,
): AwsFailure {
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
