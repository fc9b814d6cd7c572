/** Rules for responses that do not come from AWS, are incomplete, or report throttling or a failure inside AWS. */
import { timeouts } from "../../../process/timeouts";
import { IncompleteAnswer, WrongAccount } from "../error-classes";
import type { Facts } from "../facts";
import { isThrottled } from "../throttling";
import type { Rule } from "./rule";

export const RESPONSES: Rule[] = [
    {
        reason: "wrong-account",
        applies: ({ error }) => error instanceof WrongAccount,
        because: ({ error }) => `AWS handed out a session of account ${(error as WrongAccount).actual}`,
        next: "Nothing was written. Run again; if it happens again, check what answers at the STS endpoint (AWS_ENDPOINT_URL).",
    },
    {
        reason: "throttled",
        applies: ({ error }) => isThrottled(error),
        because: "AWS throttled the call until the deadline",
        next: () =>
            `AWS throttled the call for ${inMinutes(timeouts.operationDeadline)}, which says nothing about the account. ` +
            "Run again, with fewer accounts at a time (PULUMI_PARALLEL) or when less else is calling AWS.",
    },
    {
        reason: "unreachable",
        applies: (facts) => !facts.fromAws && (facts.status ?? 0) >= 300 && isUnreadable(facts),
        because: ({ status }) =>
            `the AWS endpoint could not be reached: HTTP ${status} without AWS's request id`,
        next: ({ status }) =>
            (status === 407
                ? "A proxy on the way asks for a sign-in: let this machine through to AWS without one"
                : "The answer does not come from AWS: look for a proxy or gateway on the way, and check AWS_ENDPOINT_URL") +
            ", then run again.",
    },
    {
        reason: "incomplete-answer",
        applies: (facts) => facts.error instanceof IncompleteAnswer || isUnreadable(facts),
        because: "AWS's answer was incomplete",
        next: "The missing part counts as unknown. Run again; if it persists, look for a proxy between here and AWS.",
    },
    {
        reason: "service-error",
        applies: ({ status }) => (status ?? 0) >= 500,
        because: ({ status }) => `the endpoint answered HTTP ${status}`,
        next: "Everything that could not be inspected counts as unknown. Run again in some minutes; https://health.aws.amazon.com lists known disturbances.",
    },
];

/** True if the body is cut off or does not follow AWS's protocols. */
function isUnreadable({ error, code, message }: Facts): boolean {
    return /parse error/i.test(message) || error instanceof SyntaxError || /^Unknown(Error)?$/.test(code);
}

function inMinutes(milliseconds: number): string {
    const minutes = Math.round(milliseconds / 60_000);
    return minutes === 1 ? "a minute" : `${minutes} minutes`;
}
