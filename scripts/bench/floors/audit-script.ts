/** The calls of `root-credentials audit` in an organization of clean accounts, made by a bare script with the same SDK clients. */
import { enableCompileCache } from "node:module";
import { GetAccountSummaryCommand, IAMClient, ListOrganizationsFeaturesCommand } from "@aws-sdk/client-iam";
import {
    DescribeOrganizationCommand,
    ListOrganizationalUnitsForParentCommand,
    ListRootsCommand,
    OrganizationsClient,
    paginateListAccounts,
    type Account,
} from "@aws-sdk/client-organizations";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { auditSession } from "./audit-session";

enableCompileCache();

const sts = new STSClient();
const iam = new IAMClient();
const organizations = new OrganizationsClient();

async function main(): Promise<void> {
    const [{ Organization }, accounts] = await Promise.all([
        organizations.send(new DescribeOrganizationCommand({})),
        listAccounts(),
        listUnits(),
        sts.send(new GetCallerIdentityCommand({})),
        iam.send(new ListOrganizationsFeaturesCommand({})),
    ]);
    const members = accounts.filter(({ Id }) => Id !== Organization?.MasterAccountId);
    const summaries = await Promise.all(members.map(({ Id = "" }) => summaryOf(Id)));
    for (const [index, summary] of summaries.entries())
        console.log(members[index]?.Id, summary?.AccountPasswordPresent, summary?.AccountAccessKeysPresent);
    process.exit(); // keep-alive connections would hold the process
}

async function listAccounts(): Promise<Account[]> {
    const accounts: Account[] = [];
    for await (const { Accounts = [] } of paginateListAccounts({ client: organizations }, {}))
        accounts.push(...Accounts);
    return accounts;
}

async function listUnits(): Promise<void> {
    const { Roots = [] } = await organizations.send(new ListRootsCommand({}));
    for (const { Id: ParentId } of Roots)
        await organizations.send(new ListOrganizationalUnitsForParentCommand({ ParentId }));
}

async function summaryOf(accountId: string) {
    const session = new IAMClient({ credentials: await auditSession(sts, accountId) });
    const { SummaryMap } = await session.send(new GetAccountSummaryCommand({}));
    return SummaryMap;
}

void main();
