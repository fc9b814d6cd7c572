/** Denials in which AWS names no policy. */
import { accountIdInArn, type Facts } from "../facts";
import { grant, caller, isAccessDenied, isAssumeRootDenied } from "./denial";
import type { Rule } from "./rule";

/** Denials without a policy's name. */
export const DENIALS: Rule[] = [
    {
        reason: "own-account",
        applies: (facts) =>
            isAssumeRootDenied(facts) && accountIdInArn(facts.denial?.principal) === facts.accountId,
        because: "the account is the caller's own",
        next:
            "A delegated administrator that may not assume root in its own account leaves that one to the management account: an audit that runs as that one looks at it too; " +
            "a stack leaves it out (the setting exclude), and one that runs as the management account includes it. The management account's own root user is outside of central root access: remove it from the program.",
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
        next: (facts) =>
            `${grant(facts)} in an identity-based policy (docs/permissions.md), then run again.`,
    },
    {
        reason: "not-allowed",
        applies: ({ code, action, denial }) =>
            isAccessDenied(code) && action.startsWith("s3:") && denial === undefined,
        because: "S3 denied the call without a reason",
        next: ({ accountId }) =>
            `It says no more where a bucket belongs to another account than ${accountId}, and where an SCP or RCP denies: look whose bucket it is, then at the policies.`,
    },
    {
        reason: "not-allowed",
        applies: ({ code }) => isAccessDenied(code),
        because: "AWS denied the call",
        next: ({ inRootSession }) =>
            inRootSession
                ? "AWS's text tells what it does about the reason; SCPs of the account are the first to look at (docs/permissions.md)."
                : "AWS's text tells what it does about the reason; run as the management account or as the delegated administrator for IAM (docs/permissions.md).",
    },
    {
        reason: "busy",
        applies: ({ code }) => /^(EntityTemporarilyUnmodifiable|ConcurrentModification)/.test(code),
        because: "AWS was still busy with another change to it",
        next: "Run again in a minute.",
    },
];

/** What fits the denial, without what AWS has ruled out meanwhile: its text is the same for all of them. */
function possibleCauses({ accountId, denial, taskPolicy, followUp: meanwhile = {} }: Facts): string {
    const may = `sts:AssumeRoot on arn:aws:iam::${accountId}:root with the condition key sts:TaskPolicyArn${taskPolicy ? ` ${taskPolicy}` : ""}`;
    const permission = `Allow ${caller(denial)} ${may}.`;
    if (meanwhile.isActiveMember && meanwhile.centralRootAccess === "on") {
        return (
            "Asked meanwhile, AWS called the account an active member, and central root access on for the caller's account; what remains is the permission, " +
            `or a change that AWS has not followed yet (some minutes). ${permission}`
        );
    }
    const others = [
        ...(meanwhile.centralRootAccess === "on"
            ? []
            : [
                  "a delegation that was removed (aws organizations list-delegated-administrators --service-principal iam.amazonaws.com)",
              ]),
        ...(meanwhile.isActiveMember
            ? []
            : ["an account that is no active member, and the management account"]),
    ];
    return `AWS gives the same answer for a missing permission, ${others.join(", and for ")}. ${permission}`;
}
