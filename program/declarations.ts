/** Declares each account to Pulumi once, with little memory and CPU time for each, because there may be ten thousand. */
import type * as pulumi from "@pulumi/pulumi";
import pLimit from "p-limit";
import { RootCredentialsAbsent, accountsOfRun, type MemberAccount } from "pulumi-aws-root-credentials";
import type { Acknowledgements } from "./acknowledgements";
import type { Evidence } from "./evidence";
import type { Exceptions } from "./exceptions";
import { warnOfFailure } from "./failures";
import { withoutTrace } from "./sdk-debugging";
import type { SharedArguments } from "./settings";

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
    /** The engine calls the provider for PULUMI_PARALLEL accounts at a time. This limit is higher than that. */
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

    /** Queues new accounts. A queued account counts as declared at once, because the engine may delete before its turn. */
    declare(
        accounts: MemberAccount[],
        { open, acknowledged, dependsOn = [], hooks }: DeclarationOptions,
    ): void {
        const { onDelete, maxRemovals } = this.sharedArguments;
        const deletion = { onDelete, ...(maxRemovals !== undefined && { maxRemovals }) };
        const added = accounts.filter(({ id }) => !this.declared.has(id));
        for (const { id } of added) {
            this.declared.add(id);
            accountsOfRun().addDeclared(id, deletion);
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
                this.limits[accountsOfRun().needsNoChange(id, declaration) ? "nothingToDo" : "somethingToDo"];
            const register = async () => {
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

    /** Waits until the engine has finished every account. Returns the number that it refused. */
    async countRefused(): Promise<number> {
        return (await Promise.all(this.registrations)).filter(Boolean).length;
    }
}

/** Waits until the engine has finished all resources. Returns the number that it refused. */
export async function countRefused(resources: pulumi.Resource[]): Promise<number> {
    const refused = await Promise.all(resources.map(isRefused));
    return refused.filter(Boolean).length;
}

/** Waits for the URN, because `apply` does not report a failure. */
function isRefused({ urn }: pulumi.Resource): Promise<boolean> {
    // Pulumi's published types lack `promise`.
    const done = (urn as unknown as { promise: () => Promise<unknown> }).promise();
    return done.then(
        () => false,
        () => true,
    );
}
