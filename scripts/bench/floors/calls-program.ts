/**
 * The call floor's program: lists the accounts with the SDK's paginator, and in a first preview looks at each as it is
 * registered.
 */
import * as pulumi from "@pulumi/pulumi";
import { OrganizationsClient, paginateListAccounts } from "@aws-sdk/client-organizations";
import { AccountResource, providerText } from "./account-resource";
import { auditBarely } from "./bare-calls";

async function program(): Promise<void> {
    const client = new OrganizationsClient({ retryMode: "adaptive", maxAttempts: 20 });
    const accounts: { id: string; name: string }[] = [];
    for await (const { Accounts = [] } of paginateListAccounts({ client }, {})) {
        for (const { Id = "", Name = "" } of Accounts) accounts.push({ id: Id, name: Name });
    }
    Error.stackTraceLimit = 0;
    const text = providerText("calls-provider.js");
    const look = new pulumi.ResourceHook("look", ({ name }) => auditBarely(name), { onDryRun: true });
    const hooks = pulumi.runtime.isDryRun() ? { beforeCreate: [look] } : {};
    for (const account of accounts.slice(1)) new AccountResource(account, text, { hooks });
}

export = program;
