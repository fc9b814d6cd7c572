/**
 * The service control policy that leaves a member account's root user nothing but the sessions of `sts:AssumeRoot`.
 *
 * `aws:AssumedRoot` is part of a request only if such a session signs it. `Null` is therefore true of an ordinary root user
 * and of nobody else; `Bool` with "false" would never be, since the key is missing and not false. An SCP binds no one in the management account.
 *
 * AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-assumedroot
 */

/** `openAccounts`: accounts in an exception (break-glass), whose root user is to be of use while it lasts. */
export function rootUserScp({
    partition,
    openAccounts = [],
}: {
    partition: string;
    openAccounts?: string[];
}): ServiceControlPolicy {
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "DenyRootUserExceptAssumeRoot",
                Effect: "Deny",
                Action: "*",
                Resource: "*",
                Condition: {
                    ArnLike: { "aws:PrincipalArn": `arn:${partition}:iam::*:root` },
                    Null: { "aws:AssumedRoot": "true" },
                    ...(openAccounts.length > 0 && {
                        StringNotEquals: { "aws:PrincipalAccount": [...openAccounts].sort() },
                    }),
                },
            },
        ],
    };
}

export interface ServiceControlPolicy {
    Version: "2012-10-17";
    Statement: {
        Sid: string;
        Effect: "Deny";
        Action: string;
        Resource: string;
        Condition: Record<string, Record<string, string | string[]>>;
    }[];
}
