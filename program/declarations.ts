/** Declares accounts to Pulumi, each once: as soon as that can be, and as cheaply as ten thousand of them must be. */
import * as pulumi from "@pulumi/pulumi";
import { RootCredentialsAbsent, thisRun, type MemberAccount } from "pulumi-aws-root-credentials";
import type { Evidence } from "./evidence";
import type { Exceptions } from "./exceptions";
import type { Settings, Terms } from "./settings";

interface How {
    open?: Exceptions;
    dependsOn?: pulumi.Resource[];
    hooks: pulumi.ResourceHookBinding;
}

export class Declarations {
    private readonly declared = new Set<string>();

    constructor(
        private readonly terms: Terms,
        private readonly evidence: Evidence,
    ) {}

    /** Those that are declared already stay as they are. */
    declare(accounts: MemberAccount[], { open, dependsOn = [], hooks }: How): void {
        withoutStacks();
        const options = { dependsOn, hooks };
        for (const account of accounts) {
            const { id, name, organizationalUnit } = account;
            if (this.declared.has(id)) continue;
            this.declared.add(id);
            const names = { accountId: id, accountName: name, organizationalUnit };
            const declaration = { ...names, ...this.terms, ...open?.of(id) };
            const resource = new RootCredentialsAbsent(id, declaration, options);
            this.evidence.of(account, declaration, resource);
        }
    }

    /**
     * A preview of an empty stack changes nothing, and no account can leave there. If the settings do not tell accounts apart
     * either, none needs to wait until the last one is listed; else undefined.
     */
    early(settings: Settings): ((accounts: MemberAccount[]) => void) | undefined {
        if (!pulumi.runtime.isDryRun() || thisRun.hasReadAny() || tellsAccountsApart(settings))
            return undefined;
        return (accounts) => this.declare(accounts, { hooks: this.evidence.hooks });
    }
}

function tellsAccountsApart({ selection, exceptions, siblingStacks, foundation }: Settings): boolean {
    const lists = [selection.include, selection.exclude, exceptions, siblingStacks];
    return foundation !== undefined || lists.some(({ length }) => length > 0);
}

/**
 * Pulumi's SDK takes a stack trace, mapped to its sources, for each of the promises behind a resource: more than half of what a
 * registration costs. They are shown where a promise is never settled (PULUMI_DEBUG_PROMISE_LEAKS asks for that), and the engine would
 * store one with every resource.
 */
function withoutStacks(): void {
    if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) Error.stackTraceLimit = 0;
}
