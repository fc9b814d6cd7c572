/**
 * The Pulumi program: every active member account of the organization is declared to hold no root credentials.
 */
import { RootCredentialsAbsent } from "pulumi-aws-root-credentials";
import { accountsInScope } from "./accounts";
import { Evidence } from "./evidence";
import { readSettings } from "./settings";

async function program() {
    const settings = readSettings();
    const accounts = await accountsInScope();
    const evidence = new Evidence(accounts);

    for (const account of accounts.active) {
        const { id, name, organizationalUnit } = account;
        const declaration = { accountId: id, accountName: name, organizationalUnit, ...settings };
        evidence.of(account, new RootCredentialsAbsent(id, declaration, { hooks: evidence.hooks }));
    }

    evidence.summarize();
    return {
        accountsInScope: accounts.active.length,
        accountsSkipped: Object.fromEntries(accounts.skipped.map(({ id, reason }) => [id, reason])),
    };
}

export = program;
