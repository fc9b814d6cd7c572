/**
 * The Pulumi program: every active member account of the organization is declared to hold no root credentials, except
 * for those that are open for a while.
 */
import { RootCredentialsAbsent } from "pulumi-aws-root-credentials";
import { accountsInScope } from "./accounts";
import { Evidence } from "./evidence";
import { Exceptions } from "./exceptions";
import { readSettings } from "./settings";

async function program() {
    const { terms, exceptions } = readSettings();
    const accounts = await accountsInScope();
    const open = new Exceptions(exceptions, accounts);
    const evidence = new Evidence(accounts);

    for (const account of accounts.active) {
        const { id, name, organizationalUnit } = account;
        const declaration = {
            accountId: id,
            accountName: name,
            organizationalUnit,
            ...terms,
            ...open.of(id),
        };
        const resource = new RootCredentialsAbsent(id, declaration, { hooks: evidence.hooks });
        evidence.of(account, declaration, resource);
    }

    evidence.summarize(() => open.report());
    return {
        accountsInScope: accounts.active.length,
        accountsSkipped: Object.fromEntries(accounts.skipped.map(({ id, reason }) => [id, reason])),
    };
}

export = program;
