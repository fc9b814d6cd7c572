/**
 * The Pulumi program. It declares that every active member account in scope holds no root credentials, except for
 * accounts with an open exception.
 */
import * as pulumi from "@pulumi/pulumi";
import { Acknowledgements } from "./acknowledgements";
import { accountsInScope } from "./accounts";
import { assertWritesCanBeLogged, joinRun, storeOfRun } from "pulumi-aws-root-credentials";
import { Evidence } from "./evidence";
import { orEndProgram } from "./errors";
import { Exceptions } from "./exceptions";
import { storeFailures, failIfNotAsDeclared } from "./failures";
import { planFoundation } from "./foundation";
import { checkRemovedAccounts, refuseTooManyGone } from "./removed-accounts";
import { countByRule } from "./selection";
import { Declarations } from "./declarations";
import { readSettings } from "./settings";
import { RunReports } from "./reports";
import { switchOffDebugging } from "./sdk-debugging";
import { ACCOUNTS_DECLARED, SiblingStacks } from "./sibling-stacks";
import { showTree } from "./preview-summary";
import { Unlocks } from "./unlocks";
import { count } from "./words";

async function program() {
    joinRun();
    const reports = await orEndProgram(() => RunReports.begin());
    try {
        return await declareAccounts(reports);
    } catch (error) {
        reports.writeIncomplete(error);
        throw error;
    }
}

async function declareAccounts(reports: RunReports) {
    const settings = readSettings();
    await orEndProgram(assertWritesCanBeLogged);
    await storeOfRun().isReady;
    const { selection, sharedArguments, exceptions, siblingStacks } = settings;
    storeFailures();
    refuseTooManyGone(sharedArguments);
    const foundation = await orEndProgram(() => planFoundation(settings.foundation));
    const evidence = new Evidence();
    const declarations = new Declarations(sharedArguments, evidence);
    const scope = await accountsInScope(selection, foundation.caller);
    const open = new Exceptions(exceptions, scope);
    const acknowledged = new Acknowledgements(settings.acknowledged, scope);
    const unlocks = new Unlocks(settings.unlock, scope);
    const siblings = await SiblingStacks.read(siblingStacks);
    siblings.refuseOverlap(scope.active);
    checkRemovedAccounts(scope, sharedArguments, siblings);
    const dependsOn = await foundation.register(open.openAccounts());

    const restoreDebugging = switchOffDebugging();
    let refused: number;
    try {
        const hooks = foundation.canInspect ? evidence.hooks : {};
        declarations.declare(scope.active, { open, acknowledged, dependsOn, hooks });
        // The accounts come first, because a policy that fails stops the engine.
        if (!pulumi.runtime.isDryRun()) await declarations.countRefused();
        unlocks.declare(dependsOn, foundation.canInspect);
        refused = (await declarations.countRefused()) + (await unlocks.countRefused());
        await applyCallbacksHaveRun();
    } finally {
        restoreDebugging();
    }
    const problems =
        refused === 0 ? [] : [`Pulumi refused ${count(refused, "resource")}. Pulumi's output says why.`];
    const header = reports.header(refused === 0, scope.organizationId);
    const report = evidence.report(scope, header, unlocks.reportEntries(), problems);
    const unwritten = reports.write(report);
    if (pulumi.runtime.isDryRun()) {
        open.report();
        acknowledged.report(report);
        showTree(report);
    }
    const outputs = {
        accountsInScope: scope.active.length,
        accountsExcluded: countByRule(scope),
        accountsSkipped: Object.fromEntries(scope.skipped.map(({ id, reason }) => [id, reason])),
        ...(siblingStacks.length > 0 && { [ACCOUNTS_DECLARED]: scope.active.map(({ id }) => id) }),
    };
    failIfNotAsDeclared(scope, outputs, unwritten);
    return outputs;
}

/** A resource's outputs resolve together with its URN. This lets callbacks of `apply` run first. */
function applyCallbacksHaveRun(): Promise<void> {
    return new Promise((resolve) => void setImmediate(resolve));
}

export = program;
