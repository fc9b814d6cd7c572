/** Declares accounts to Pulumi, each once: as soon as that can be, and as cheaply as ten thousand of them must be. */
import * as pulumi from "@pulumi/pulumi";
import pLimit from "p-limit";
import { RootCredentialsAbsent, thisRun, type MemberAccount } from "pulumi-aws-root-credentials";
import type { Acknowledgements } from "./acknowledgements";
import type { Evidence } from "./evidence";
import type { Exceptions } from "./exceptions";
import { warnOfFailure } from "./failures";
import type { Settings, SharedArguments } from "./settings";

interface DeclarationOptions {
    open?: Exceptions;
    acknowledged?: Acknowledgements;
    dependsOn?: pulumi.Resource[];
    hooks: pulumi.ResourceHookBinding;
}

/**
 * How many registrations run at a time. Each takes some 100 KiB of memory until it ends. With ten thousand at once,
 * garbage collection would take most of the time.
 */
const CONCURRENT_REGISTRATIONS = {
    /** The engine processes accounts that need no change one by one, so this only has to keep it busy. */
    nothingToDo: 64,
    /** For the other accounts the engine calls the provider, up to PULUMI_PARALLEL at a time. This is more than anybody sets. */
    somethingToDo: 1024,
};

export class Declarations {
    private readonly declared = new Set<string>();
    private readonly limits = {
        nothingToDo: pLimit(CONCURRENT_REGISTRATIONS.nothingToDo),
        somethingToDo: pLimit(CONCURRENT_REGISTRATIONS.somethingToDo),
    };
    /** One promise for each account; true if the engine refused it. */
    private readonly registrations: Promise<boolean>[] = [];

    constructor(
        private readonly sharedArguments: SharedArguments,
        private readonly evidence: Evidence,
    ) {}

    /** Queues the accounts that are not declared yet. An account in the queue counts as declared, because the engine may delete before its turn. */
    declare(
        accounts: MemberAccount[],
        { open, acknowledged, dependsOn = [], hooks }: DeclarationOptions,
    ): void {
        const { onDelete, maxRemovals } = this.sharedArguments;
        const deletion = { onDelete, ...(maxRemovals !== undefined && { maxRemovals }) };
        const added = accounts.filter(({ id }) => !this.declared.has(id));
        for (const { id } of added) {
            this.declared.add(id);
            thisRun.isDeclared(id, deletion);
        }
        for (const account of added) {
            const { id, name, organizationalUnit } = account;
            const names = { accountId: id, accountName: name, organizationalUnit };
            const declaration = {
                ...names,
                ...this.sharedArguments,
                ...open?.of(id),
                ...acknowledged?.of(id),
            };
            const limit =
                this.limits[thisRun.hasNothingToDo(id, declaration) ? "nothingToDo" : "somethingToDo"];
            const register = async () => {
                withoutDebugging();
                const options = { dependsOn, hooks };
                const resource = withoutTrace(() => new RootCredentialsAbsent(id, declaration, options));
                this.evidence.follow(account, declaration, resource);
                const refused = await isRefused(resource);
                warnOfFailure(id, resource);
                return refused;
            };
            this.registrations.push(limit(register));
        }
    }

    /**
     * Those that can be declared before the last account is listed. None where the settings tell accounts apart, since that is checked against the
     * whole list; then undefined. Else those in which this run has nothing to do, whatever the list will be; and in the
     * preview of an empty stack, which changes nothing, and where no account can leave, all.
     */
    early(settings: Settings): ((accounts: MemberAccount[]) => void) | undefined {
        if (tellsAccountsApart(settings)) return undefined;
        const { hooks } = this.evidence;
        if (thisRun.hasReadAny()) {
            return (accounts) =>
                this.declare(
                    accounts.filter(({ id }) => thisRun.hasNothingToDo(id, this.sharedArguments)),
                    { hooks },
                );
        }
        return pulumi.runtime.isDryRun() ? (accounts) => this.declare(accounts, { hooks }) : undefined;
    }

    /** Waits until the engine has finished every account. Returns the number that it refused. */
    async countRefused(): Promise<number> {
        const refused = await Promise.all(this.registrations);
        return refused.filter(Boolean).length;
    }
}

function tellsAccountsApart({
    selection,
    exceptions,
    acknowledged,
    siblingStacks,
    foundation,
}: Settings): boolean {
    const lists = [selection.include, selection.exclude, exceptions, acknowledged, siblingStacks];
    return foundation !== undefined || lists.some(({ length }) => length > 0);
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
