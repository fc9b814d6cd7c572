/** The two calls that the audit of a clean account takes, with the bare SDK. */
import { Agent } from "node:http";
import { GetAccountSummaryCommand, IAMClient } from "@aws-sdk/client-iam";
import { AssumeRootCommand, STSClient } from "@aws-sdk/client-sts";

// The SDK's default handler opens 50 sockets at most, and new ones for each client.
const requestHandler = { httpAgent: new Agent({ keepAlive: true, maxSockets: 1024 }) };
const sts = new STSClient({ requestHandler });

export async function auditWithBareCalls(accountId: string): Promise<void> {
    const { Credentials } = await sts.send(
        new AssumeRootCommand({
            TargetPrincipal: accountId,
            TaskPolicyArn: { arn: "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials" },
            DurationSeconds: 600,
        }),
    );
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
    const credentials = {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
    };
    const { SummaryMap } = await new IAMClient({ requestHandler, credentials }).send(
        new GetAccountSummaryCommand({}),
    );
    if (SummaryMap?.AccountPasswordPresent !== 0) throw new Error(`account ${accountId} is not clean`);
}
