/**
 * The Pulumi program: every active member account that the settings select is declared to hold no root credentials,
 * except for those that are open for a while.
 */
import { RootCredentialsAbsent } from "pulumi-aws-root-credentials";
import { accountsInScope, orEndProgram } from "./accounts";
import { Evidence } from "./evidence";
import { Exceptions } from "./exceptions";
import { planFoundation } from "./foundation";
import { announceLeaving } from "./leaving";
import { countedByRule } from "./selection";
import { readSettings } from "./settings";
import { ACCOUNTS_DECLARED, SiblingStacks } from "./sibling-stacks";

async function program() {
    const { selection, terms, exceptions, siblingStacks, foundation: wanted } = readSettings();
    const foundation = await orEndProgram(() => planFoundation(wanted));
    const scope = await accountsInScope(selection, foundation.caller);
    const open = new Exceptions(exceptions, scope);
    const siblings = await SiblingStacks.read(siblingStacks);
    siblings.refuseOverlap(scope.active);
    announceLeaving(scope, terms, siblings);
    const evidence = new Evidence(scope);
    const options = {
        dependsOn: await foundation.lay(open.openAccounts()),
        hooks: foundation.isLaid ? evidence.hooks : {},
    };

    for (const account of scope.active) {
        const { id, name, organizationalUnit } = account;
        const declaration = {
            accountId: id,
            accountName: name,
            organizationalUnit,
            ...terms,
            ...open.of(id),
        };
        const resource = new RootCredentialsAbsent(id, declaration, options);
        evidence.of(account, declaration, resource);
    }

    evidence.summarize(() => open.report());
    return {
        accountsInScope: scope.active.length,
        accountsExcluded: countedByRule(scope),
        accountsSkipped: Object.fromEntries(scope.skipped.map(({ id, reason }) => [id, reason])),
        ...(siblingStacks.length > 0 && { [ACCOUNTS_DECLARED]: scope.active.map(({ id }) => id) }),
    };
}

export = program;
