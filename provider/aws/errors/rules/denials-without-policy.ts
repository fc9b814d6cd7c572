/** Rules for denials in which AWS names no policy. */
import { accountIdInArn, type Facts } from "../facts";
import { grant, caller, isAccessDenied, isAssumeRootDenied } from "./denial-words";
import type { Rule } from "./rule";

export const DENIALS: Rule[] = [
    {
        reason: "own-account",
        applies: (facts) =>
            isAssumeRootDenied(facts) && accountIdInArn(facts.denial?.principal) === facts.accountId,
        because: "the account is the caller's own",
        next:
            "Leave it to the management account: a delegated administrator may be refused in its own account. An audit that runs as the management account inspects " +
            "this account too. A stack leaves it out (the setting exclude), and a stack that runs as the management account includes it. " +
            "If it is the management account itself, remove it from the program: central root access does not cover its root user.",
    },
    {
        reason: "not-allowed",
        applies: isAssumeRootDenied,
        because: "the caller may not assume root there",
        next: (facts) => `${possibleCauses(facts)} See docs/permissions.md.`,
    },
    {
        reason: "not-allowed",
        applies: ({ code, inRootSession, denial }) =>
            isAccessDenied(code) && !inRootSession && denial !== undefined,
        because: "the caller lacks the permission",
        next: (facts) => `${grant(facts)} in an identity-based policy (docs/permissions.md), then run again.`,
    },
    {
        reason: "not-allowed",
        applies: ({ code, action, denial }) =>
            isAccessDenied(code) && action.startsWith("s3:") && denial === undefined,
        because: "S3 denied the call without a reason",
        next: ({ accountId }) =>
            `S3 gives no reason if a bucket belongs to another account than ${accountId}, or if an SCP or RCP denies. Check the bucket's owner first, then the policies.`,
    },
    {
        reason: "not-allowed",
        applies: ({ code }) => isAccessDenied(code),
        because: "AWS denied the call",
        next: ({ inRootSession }) =>
            inRootSession
                ? "Check the SCPs of the account first (docs/permissions.md). AWS's answer says all that is known about the reason."
                : "Run as the management account or as the delegated administrator for IAM (docs/permissions.md). AWS's answer says all that is known about the reason.",
    },
    {
        reason: "busy",
        applies: ({ code }) => /^(EntityTemporarilyUnmodifiable|ConcurrentModification)/.test(code),
        because: "AWS was still busy with another change to it",
        next: "Run again in a minute.",
    },
];

/** The causes that fit the denial, because AWS's text is the same for all. Follow-up calls may have ruled out some of them. */
function possibleCauses({ accountId, denial, taskPolicy, followUp = {} }: Facts): string {
    const may = `sts:AssumeRoot on arn:aws:iam::${accountId}:root with the condition key sts:TaskPolicyArn${taskPolicy ? ` ${taskPolicy}` : ""}`;
    const permission = `Allow ${caller(denial)} ${may}.`;
    if (followUp.isActiveMember && followUp.centralRootAccess === "on") {
        return (
            "The permission is missing, or AWS has not applied a recent change yet (some minutes). " +
            `A later call confirmed that the account is an active member and that central root access is on. ${permission}`
        );
    }
    const others = [
        ...(followUp.centralRootAccess === "on"
            ? []
            : [
                  "a delegation that was removed (aws organizations list-delegated-administrators --service-principal iam.amazonaws.com)",
              ]),
        ...(followUp.isActiveMember
            ? []
            : ["an account that is no active member, and the management account"]),
    ];
    return `AWS gives the same answer for a missing permission, ${others.join(", and for ")}. ${permission}`;
}
