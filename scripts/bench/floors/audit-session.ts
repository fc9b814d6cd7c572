import { AssumeRootCommand, type STSClient } from "@aws-sdk/client-sts";

/** The credentials of a root session for the audit of one account. */
export async function auditSession(sts: STSClient, accountId: string) {
    const { Credentials } = await sts.send(
        new AssumeRootCommand({
            TargetPrincipal: accountId,
            TaskPolicyArn: { arn: "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials" },
            DurationSeconds: 600,
        }),
    );
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}
