/**
 * The Pulumi program: every active member account that the settings select is declared to hold no root credentials,
 * except for those that are open for a while.
 */
import * as pulumi from "@pulumi/pulumi";
import { Acknowledgements } from "./acknowledgements";
import { accountsInScope, orEndProgram } from "./accounts";
import { assertWritesCanBeLogged, startRun, storeOfRun } from "pulumi-aws-root-credentials";
import { Evidence } from "./evidence";
import { Exceptions } from "./exceptions";
import { announceFailures, failIfNotAsDeclared } from "./failures";
import { planFoundation } from "./foundation";
import { announceLeaving, refuseTooManyGone } from "./leaving";
import { countedByRule } from "./selection";
import { Declarations } from "./declarations";
import { readSettings } from "./settings";
import { RunReports } from "./reports";
import { ACCOUNTS_DECLARED, SiblingStacks } from "./sibling-stacks";
import { showTree } from "./tally";
import { Unlocks } from "./unlocks";

async function program() {
    startRun();
    const reports = RunReports.begin();
    try {
        return await declareAccounts(reports);
    } catch (error) {
        reports.writeIncomplete(error);
        throw error;
    }
}

async function declareAccounts(reports: RunReports) {
    const settings = readSettings();
    await orEndProgram(() => Promise.resolve(assertWritesCanBeLogged()));
    await storeOfRun().isReady;
    const { selection, terms, exceptions, siblingStacks } = settings;
    announceFailures();
    refuseTooManyGone(terms);
    const foundation = await orEndProgram(() => planFoundation(settings.foundation));
    const evidence = new Evidence();
    const declarations = new Declarations(terms, evidence);
    const scope = await accountsInScope(selection, foundation.caller);
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

    const refused = (await declarations.areThrough()) + (await unlocks.areThrough());
    await outputsAreKnown();
    const problems =
        refused === 0
            ? []
            : [
                  `Pulumi refused ${refused === 1 ? "1 resource" : `${refused} resources`}. Pulumi's output says why.`,
              ];
    const header = reports.header(refused === 0, scope.organizationId);
    const report = evidence.report(scope, header, unlocks.inReport(), problems);
    const unwritten = reports.write(report);
    if (pulumi.runtime.isDryRun()) {
        open.report();
        acknowledged.report(report);
        showTree(report);
    }
    const outputs = {
        accountsInScope: scope.active.length,
        accountsExcluded: countedByRule(scope),
        accountsSkipped: Object.fromEntries(scope.skipped.map(({ id, reason }) => [id, reason])),
        ...(siblingStacks.length > 0 && { [ACCOUNTS_DECLARED]: scope.active.map(({ id }) => id) }),
    };
    failIfNotAsDeclared(scope, outputs, unwritten);
    return outputs;
}

/** The outputs of a resource settle together with its URN. Callbacks that wait for them go first. */
function outputsAreKnown(): Promise<void> {
    return new Promise((resolve) => void setImmediate(resolve));
}

export = program;
