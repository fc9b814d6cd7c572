/**
 * The call floor's program. It lists the accounts with the SDK's paginator and registers them. A first preview inspects
 * each account before its creation.
 */
import * as pulumi from "@pulumi/pulumi";
import { OrganizationsClient, paginateListAccounts } from "@aws-sdk/client-organizations";
import { AccountResource, providerText } from "./account-resource";
import { auditWithBareCalls } from "./bare-calls";

async function program(): Promise<void> {
    const client = new OrganizationsClient({ retryMode: "adaptive", maxAttempts: 20 });
    const accounts: { id: string; name: string }[] = [];
    for await (const { Accounts = [] } of paginateListAccounts({ client }, {})) {
        for (const { Id = "", Name = "" } of Accounts) accounts.push({ id: Id, name: Name });
    }
    Error.stackTraceLimit = 0;
    const text = providerText("calls-provider.js");
    const inspect = new pulumi.ResourceHook("inspect", ({ name }) => auditWithBareCalls(name), {
        onDryRun: true,
    });
    const hooks = pulumi.runtime.isDryRun() ? { beforeCreate: [inspect] } : {};
    for (const account of accounts.slice(1)) new AccountResource(account, text, { hooks });
}

export = program;
