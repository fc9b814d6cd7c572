/** The two calls that the audit of a clean account takes, with the bare SDK. */
import { Agent } from "node:http";
import { GetAccountSummaryCommand, IAMClient } from "@aws-sdk/client-iam";
import { STSClient } from "@aws-sdk/client-sts";
import { auditSession } from "./audit-session";

// The SDK's default handler opens 50 sockets at most, and new ones for each client.
const requestHandler = { httpAgent: new Agent({ keepAlive: true, maxSockets: 1024 }) };
const sts = new STSClient({ requestHandler });

export async function auditWithBareCalls(accountId: string): Promise<void> {
    const credentials = await auditSession(sts, accountId);
    const { SummaryMap } = await new IAMClient({ requestHandler, credentials }).send(
        new GetAccountSummaryCommand({}),
    );
    if (SummaryMap?.AccountPasswordPresent !== 0) throw new Error(`account ${accountId} is not clean`);
}
