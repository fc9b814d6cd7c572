/**
 * The Pulumi program: every active member account that the settings select is declared to hold no root credentials,
 * except for those that are open for a while.
 */
import * as pulumi from "@pulumi/pulumi";
import { Acknowledgements } from "./acknowledgements";
import { accountsInScope, orEndProgram } from "./accounts";
import { thisRun } from "pulumi-aws-root-credentials";
import { Evidence } from "./evidence";
import { Exceptions } from "./exceptions";
import { announceFailures, failForAccounts } from "./failures";
import { planFoundation } from "./foundation";
import { announceLeaving, refuseTooManyGone } from "./leaving";
import { countedByRule } from "./selection";
import { Declarations } from "./declarations";
import { readSettings } from "./settings";
import { ACCOUNTS_DECLARED, SiblingStacks } from "./sibling-stacks";
import { Unlocks } from "./unlocks";

async function program() {
    const settings = readSettings();
    await thisRun.isReady();
    const { selection, terms, exceptions, siblingStacks } = settings;
    announceFailures();
    refuseTooManyGone(terms);
    const foundation = await orEndProgram(() => planFoundation(settings.foundation));
    const evidence = new Evidence();
    const declarations = new Declarations(terms, evidence);
    const scope = await accountsInScope(selection, foundation.caller, declarations.early(settings));
    const open = new Exceptions(exceptions, scope);
    const acknowledged = new Acknowledgements(settings.acknowledged, scope);
    const unlocks = new Unlocks(settings.unlock, scope);
    const siblings = await SiblingStacks.read(siblingStacks);
    siblings.refuseOverlap(scope.active);
    announceLeaving(scope, terms, siblings);
    const dependsOn = await foundation.lay(open.openAccounts());

    await declarations.declare(scope.active, {
        open,
        acknowledged,
        dependsOn,
        hooks: foundation.isLaid ? evidence.hooks : {},
    });
    // A policy that fails stops the engine. So the accounts come first.
    if (!pulumi.runtime.isDryRun()) await declarations.areThrough();
    unlocks.declare(dependsOn, foundation.isLaid);

    evidence.summarize(scope, (resultOf) => {
        open.report();
        acknowledged.report(resultOf);
    });
    unlocks.summarize();
    const outputs = {
        accountsInScope: scope.active.length,
        accountsExcluded: countedByRule(scope),
        accountsSkipped: Object.fromEntries(scope.skipped.map(({ id, reason }) => [id, reason])),
        ...(siblingStacks.length > 0 && { [ACCOUNTS_DECLARED]: scope.active.map(({ id }) => id) }),
    };
    failForAccounts(scope, outputs);
    return outputs;
}

export = program;
