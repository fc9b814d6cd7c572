/**
 * The service control policy that denies root users everything except sessions of `sts:AssumeRoot`.
 *
 * A request has the key `aws:AssumedRoot` only if such a session signs it. So `Null` matches an ordinary root user and no
 * other principal. `Bool` with "false" would never match, because the key is missing. No SCP applies to the management account.
 *
 * AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-assumedroot
 */

/** @param openAccounts accounts with an open exception (break-glass), whose root user must work */
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
