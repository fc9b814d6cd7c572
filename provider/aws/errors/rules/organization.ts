/** Rules for settings that are off for the whole organization, account or region. */
import { accountIdInArn, type Facts } from "../facts";
import { isAssumeRootDenied } from "./denial-words";
import { delegateTo, TURN_ON } from "../setup-commands";
import type { Rule } from "./rule";

export const ORGANIZATION_SETTINGS: Rule[] = [
    {
        reason: "feature-off",
        applies: (facts) =>
            /root credentials management feature is not enabled/i.test(facts.message) ||
            (followUpSaid(facts, "feature-off") && !isUnlocking(facts)),
        because: "the feature RootCredentialsManagement is off",
        next: (facts) => followUpSource(facts) + turnOn("RootCredentialsManagement"),
    },
    {
        reason: "feature-off",
        applies: (facts) =>
            /root sessions feature is not enabled/i.test(facts.message) ||
            (followUpSaid(facts, "feature-off") && isUnlocking(facts)),
        because: "the feature RootSessions is off",
        next: (facts) => followUpSource(facts) + turnOn("RootSessions"),
    },
    {
        reason: "trusted-access-off",
        applies: (facts) =>
            /service not enabled for aws organizations/i.test(facts.message) ||
            /^ServiceAccessNotEnabled/.test(facts.code) ||
            followUpSaid(facts, "trusted-access-off"),
        because: "trusted access for IAM is off in the organization",
        next: (facts) => followUpSource(facts) + turnOn("trustedAccess"),
    },
    {
        reason: "not-delegated",
        applies: (facts) =>
            /^AccountNotManagementOrDelegatedAdministrator/.test(facts.code) ||
            followUpSaid(facts, "not-delegated"),
        because: "the caller's account is not (or no longer) a delegated administrator for IAM",
        next: (facts) => {
            const { denial, accountId, action } = facts;
            const account =
                accountIdInArn(denial?.principal) || (action === "sts:AssumeRoot" ? "" : accountId);
            return (
                `${followUpSource(facts)}Delegate in the management account: ${delegateTo(account || "ACCOUNT")}; ` +
                "or run as the management account. AWS takes some minutes to follow."
            );
        },
    },
    {
        reason: "region-disabled",
        applies: ({ code }) => /^RegionDisabled/.test(code),
        because: "STS is not active in this region",
        next: "Choose a region in which it is active (AWS_REGION=us-east-1), or activate it in the calling account: IAM console, Account settings, Security Token Service.",
    },
    {
        reason: "global-endpoint",
        applies: ({ code, action }) => code === "InvalidAction" && action === "sts:AssumeRoot",
        because: "this STS endpoint does not know AssumeRoot",
        next:
            "Only regional endpoints know it, and not the global one (sts.amazonaws.com). Set AWS_REGION to a region, and unset AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_STS " +
            "unless they name a regional endpoint.",
    },
];

function turnOn(setting: keyof typeof TURN_ON): string {
    return `Turn it on from the management account: ${TURN_ON[setting]}.`;
}

/** True if AWS's answer about the organization explains a denial that fits several causes. */
function followUpSaid(facts: Facts, access: "feature-off" | "trusted-access-off" | "not-delegated"): boolean {
    return isAssumeRootDenied(facts) && facts.followUp?.centralRootAccess === access;
}

/** Names the call that told the cause, if the denial itself did not. */
function followUpSource({ followUp }: Facts): string {
    return followUp ? "AWS said so in answer to iam:ListOrganizationsFeatures. " : "";
}

/** True if the session's task is to unlock a bucket or a queue. */
function isUnlocking({ taskPolicy = "" }: Facts): boolean {
    return /Unlock(Bucket|Queue)Policy$/.test(taskPolicy);
}
