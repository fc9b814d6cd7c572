/** Declares accounts to Pulumi, each once: as soon as that can be, and as cheaply as ten thousand of them must be. */
import * as pulumi from "@pulumi/pulumi";
import { RootCredentialsAbsent, accountsOfRun, type MemberAccount } from "pulumi-aws-root-credentials";
import type { Acknowledgements } from "./acknowledgements";
import type { Evidence } from "./evidence";
import type { Exceptions } from "./exceptions";
import { warnOfFailure } from "./failures";
import { Places } from "./places";
import type { Terms } from "./settings";

interface How {
    open?: Exceptions;
    acknowledged?: Acknowledgements;
    dependsOn?: pulumi.Resource[];
    hooks: pulumi.ResourceHookBinding;
}

/**
 * How many accounts are on their way through the engine. Each costs some 100 KiB of memory as long as it is, and ten thousand at
 * once make the collector of garbage the largest part of the work.
 */
const UNDER_WAY = {
    /** The engine takes those in which nothing is to be done one by one: it must only never wait for the next. */
    nothingToDo: 64,
    /** The others it has AWS asked for side by side, as many as PULUMI_PARALLEL says: more than anybody sets. */
    somethingToDo: 1024,
};

export class Declarations {
    private readonly declared = new Set<string>();
    private readonly places = {
        nothingToDo: new Places(UNDER_WAY.nothingToDo),
        somethingToDo: new Places(UNDER_WAY.somethingToDo),
    };
    private last = Promise.resolve();
    private readonly through: Promise<boolean>[] = [];

    constructor(
        private readonly terms: Terms,
        private readonly evidence: Evidence,
    ) {}

    /** After those that it was called with before. What is declared already stays as it is. */
    declare(accounts: MemberAccount[], how: How): Promise<void> {
        // Those that wait for a place are declared as well: the engine may delete before the last one's turn has come.
        const { onDelete, maxRemovals } = this.terms;
        const terms = { onDelete, ...(maxRemovals !== undefined && { maxRemovals }) };
        for (const { id } of accounts) if (!this.declared.has(id)) accountsOfRun().addDeclared(id, terms);
        this.last = this.last.then(() => this.declareInTurn(accounts, how));
        return this.last;
    }

    /** Waits until the engine has finished every account. Returns the number that it refused. */
    async areThrough(): Promise<number> {
        const refused = await Promise.all(this.through);
        return refused.filter(Boolean).length;
    }

    private async declareInTurn(
        accounts: MemberAccount[],
        { open, acknowledged, dependsOn = [], hooks }: How,
    ): Promise<void> {
        withoutDebugging();
        const options = { dependsOn, hooks };
        for (const account of accounts) {
            const { id, name, organizationalUnit } = account;
            if (this.declared.has(id)) continue;
            this.declared.add(id);
            const names = { accountId: id, accountName: name, organizationalUnit };
            const declaration = { ...names, ...this.terms, ...open?.of(id), ...acknowledged?.of(id) };
            const places =
                this.places[accountsOfRun().needsNoChange(id, declaration) ? "nothingToDo" : "somethingToDo"];
            await places.take();
            const resource = withoutTrace(() => new RootCredentialsAbsent(id, declaration, options));
            this.evidence.of(account, declaration, resource);
            const through = isRefused(resource).then((refused) => {
                places.leave();
                warnOfFailure(id, resource);
                return refused;
            });
            this.through.push(through);
        }
    }
}

/** Waits until the engine has finished all of them. Returns the number that it refused. */
export async function countRefused(resources: pulumi.Resource[]): Promise<number> {
    const refused = await Promise.all(resources.map(isRefused));
    return refused.filter(Boolean).length;
}

/** Once the engine is done with it. `apply` would not tell of a failure. */
function isRefused({ urn }: pulumi.Resource): Promise<boolean> {
    // Pulumi's own code calls `promise`, and its published types leave it out.
    const done = (urn as unknown as { promise: () => Promise<unknown> }).promise();
    return done.then(
        () => false,
        () => true,
    );
}

/**
 * Pulumi's SDK helps with debugging, which costs more than all the rest of a registration. It takes a stack trace, mapped to its sources, for
 * each promise behind a resource. It sends the engine three messages about each resource, which `--debug` shows.
 * PULUMI_DEBUG_PROMISE_LEAKS asks for both.
 */
function withoutDebugging(): void {
    if (isDebugged()) return;
    Error.stackTraceLimit = 0;
    Object.assign(pulumi.log, { debug: () => Promise.resolve() });
}

/** One trace the SDK takes without a limit: the engine would store it with every resource, a quarter of the state. */
function withoutTrace<T>(make: () => T): T {
    if (isDebugged()) return make();
    const { prepareStackTrace } = Error as { prepareStackTrace?: unknown };
    Object.assign(Error, { prepareStackTrace: () => "" });
    try {
        return make();
    } finally {
        Object.assign(Error, { prepareStackTrace });
    }
}

function isDebugged(): boolean {
    return Boolean(process.env.PULUMI_DEBUG_PROMISE_LEAKS);
}
