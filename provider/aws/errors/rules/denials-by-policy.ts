/** Rules for denials in which AWS names the policy or its type. AWS names one policy, even if several deny. */
import { accountIdInArn, type Denial, type Facts, type PolicyType } from "../facts";
import { grant, caller } from "./denial-words";
import type { Rule } from "./rule";

export const RULES_BY_POLICY: Rule[] = [
    {
        reason: "scp-of-caller",
        applies: (facts) => isDeniedBy(facts, "service control policy") && !facts.inRootSession,
        because: ({ denial }) => `blocked on the caller's side by ${policyLabel("SCP", denial)}`,
        next: ({ accountId, denial, action }) =>
            `It applies to the calling account${accountId && `, not ${accountId}`}: allow ${caller(denial)} ${action} in this policy (${commandToRead("SCP", denial, "SERVICE_CONTROL_POLICY")}), ` +
            "or run as the management account, which no SCP binds.",
    },
    {
        reason: "scp",
        applies: (facts) => isDeniedBy(facts, "service control policy") && !facts.denial?.explicit,
        because: "blocked by SCP: none allows it",
        next: ({ action }) =>
            `Allow ${action} for root sessions in the service control policies that apply to the account and to every unit above it, then run again.`,
    },
    {
        reason: "scp",
        applies: (facts) => isDeniedBy(facts, "service control policy") && isRemoval(facts.action),
        because: ({ denial }) => `blocked by ${policyLabel("SCP", denial)}`,
        next: ({ action, denial }) =>
            `A root session of this run could list, so the policy denies ${action} and not everything. Control Tower's ExemptAssumeRoot would not help. ` +
            `Read it in the management account (${commandToRead("SCP", denial, "SERVICE_CONTROL_POLICY")}) and let root sessions through in the statement that denies ${action}, ` +
            `for example with ${EXEMPTION} beside the conditions that it has. Then run again.`,
    },
    {
        reason: "scp",
        applies: (facts) => isDeniedBy(facts, "service control policy"),
        because: ({ denial }) => `blocked by ${policyLabel("SCP", denial)}`,
        next: ({ action, denial }) =>
            `Read it in the management account (${commandToRead("SCP", denial, "SERVICE_CONTROL_POLICY")}). If it denies everything to the root user, let root sessions through ` +
            `with ${EXEMPTION} in that statement (Control Tower's AWS-GR_RESTRICT_ROOT_USER: set the control's parameter ExemptAssumeRoot). If it denies ${action} to ` +
            "everybody, let them through in the statement that does; ExemptAssumeRoot does not help there. Then run again.",
    },
    {
        reason: "rcp",
        applies: (facts) => isDeniedBy(facts, "resource control policy"),
        because: ({ denial }) => `blocked by ${policyLabel("RCP", denial)}`,
        next: ({ accountId, action, denial }) =>
            `It applies to account ${accountId}, not to the caller: allow ${caller(denial)} ${action} in this policy ` +
            `(in the management account: ${commandToRead("RCP", denial, "RESOURCE_CONTROL_POLICY")}), then run again.`,
    },
    {
        reason: "permissions-boundary",
        applies: (facts) => isDeniedBy(facts, "permissions boundary"),
        because: "blocked by the caller's permissions boundary",
        next: (facts) =>
            `${grant(facts)} in the permissions boundary ${facts.denial?.policyArn ?? "of that user or role"}, then run again.`,
    },
    {
        reason: "session-policy",
        applies: (facts) => isDeniedBy(facts, "session policy") && facts.inRootSession,
        because: "AWS's task policy leaves this call out of root sessions",
        next: "Nothing in the account can change that. Run again with the newest version of this package; if it persists, report it with this message.",
    },
    {
        reason: "session-policy",
        applies: (facts) => isDeniedBy(facts, "session policy"),
        because: "blocked by the session policy of the caller's session",
        next: (facts) =>
            `${grant(facts)} in the policy that is passed when the session is made, or make it without one, then run again.`,
    },
    {
        reason: "endpoint-policy",
        applies: (facts) => isDeniedBy(facts, "VPC endpoint policy"),
        because: "blocked by the policy of a VPC endpoint",
        next: (facts) =>
            `${grant(facts)} in the policy of the VPC endpoint ${facts.denial?.policyArn ?? `for ${SERVICE_NAMES[serviceOf(facts.action)] ?? "the service"}`} ` +
            "that this machine uses, or run on a machine that reaches AWS without it.",
    },
    {
        reason: "identity-policy",
        applies: (facts) => isDeniedBy(facts, "identity-based policy") && facts.denial?.explicit === true,
        because: "denied by a policy of the caller",
        next: (facts) =>
            `A Deny outweighs every permission: take ${facts.action} out of it for ${caller(facts.denial)}${facts.denial?.policyArn ? ` (${facts.denial.policyArn})` : ""}, or run as somebody else. ` +
            "If the statement demands MFA (aws:MultiFactorAuthPresent), assume a role with MFA and run again in that session.",
    },
];

/** A condition that exempts root sessions from a statement that denies. The statement still denies the root user itself. */
const EXEMPTION = '"Condition": {"Null": {"aws:AssumedRoot": "true"}}';

function isDeniedBy({ denial }: Facts, type: PolicyType): boolean {
    return denial?.by === type;
}

/** The provider removes only credentials that a root session of this run has listed. */
function isRemoval(action: string): boolean {
    return /^iam:(Delete|Deactivate)/.test(action);
}

export function policyLabel(type: "SCP" | "RCP", denial: Denial | undefined): string {
    return denial?.policyId ? `${type} ${denial.policyId}` : `an ${type} that AWS did not name`;
}

/** The command that shows the policy, or all policies that may deny if AWS names none. */
function commandToRead(type: "SCP" | "RCP", denial: Denial | undefined, filter: string): string {
    if (denial?.policyId) return `aws organizations describe-policy --policy-id ${denial.policyId}`;
    const bound = accountIdInArn(type === "SCP" ? denial?.principal : denial?.resource) || "ACCOUNT";
    return `aws organizations list-policies-for-target --target-id ${bound} --filter ${filter}, and the same for the units above it`;
}

const SERVICE_NAMES: Record<string, string> = {
    sts: "STS",
    iam: "IAM",
    organizations: "Organizations",
    s3: "S3",
    sqs: "SQS",
};

function serviceOf(action: string): string {
    return action.split(":")[0] ?? "";
}
