/**
 * A small model of Pulumi's engine over one stack: what it asks the provider, in which order, and what it stores.
 *
 * A refresh reads everything, side by side. Then the program declares, resource after resource (check, diff), and what has to
 * be created or updated runs side by side; what the program no longer declares is deleted last. Success and partial
 * failure are stored, plain failure is not. Every command is a phase of its own with fresh memory in the provider.
 */
import { isDeepStrictEqual } from "node:util";
import { PartialFailure, type RootCredentialOutputs } from "../provider/harness";
import type { RootCredentialInputs } from "../provider/harness/package";
import type { StagedRun } from "./stage";

export interface Resource {
    accountId: string;
    inputs: RootCredentialInputs;
    outputs: RootCredentialOutputs;
}

/** What the program says about an account. */
export interface Declaration {
    accountId: string;
    [argument: string]: unknown;
}

/** The stack, by the resources' names. */
export type Resources = Map<string, Resource>;

/** One call of the provider and what came of it. */
export interface Operation {
    method: "read" | "create" | "update" | "delete";
    name: string;
    accountId: string;
    before: Resource | undefined;
    /** Undefined for a plain failure, for a delete, and where `read` found the account gone. */
    stored?: { inputs: RootCredentialInputs; outputs: RootCredentialOutputs } | undefined;
    failure?: Error | undefined;
}

/** Stands around each call: to judge it, or to end it. */
export type Attending = <T>(
    about: { method: string; accountId: string },
    call: () => Promise<T>,
) => Promise<T>;

/** What a command came to. `stopped` says why the engine or the program did not go on. */
export interface Outcome {
    stopped?: string;
    failures: Error[];
}

export class Stack {
    resources: Resources = new Map();

    constructor(
        private readonly run: StagedRun,
        private readonly attending: Attending,
        private readonly judge: (operation: Operation) => void,
    ) {}

    async refresh(): Promise<void> {
        const known = [...this.resources];
        await Promise.all(
            known.map(async ([name, before]) => {
                const { accountId } = before;
                const about = { method: "read", accountId, name };
                const { id, props, inputs } = await this.attending(about, () =>
                    this.run.read(accountId, before.outputs),
                );
                const found = id !== undefined && inputs ? { inputs, outputs: props } : undefined;
                this.judge({ method: "read", name, accountId, before, stored: found });
                if (found) this.resources.set(name, { accountId, ...found });
                else this.resources.delete(name);
            }),
        );
    }

    /** The program's part of a preview or an up; `act` is false in a preview. */
    async declare(declarations: Map<string, Declaration>, act: boolean): Promise<Outcome> {
        const work: (() => Promise<Operation>)[] = [];
        for (const [name, news] of declarations) {
            const { accountId } = news;
            const old = this.resources.get(name);
            const about = { accountId, name };
            const { inputs, failures } = await this.attending({ ...about, method: "check" }, () =>
                this.run.check(old?.inputs ?? {}, news),
            );
            if (failures.length > 0) return { stopped: JSON.stringify(failures), failures: [] };
            const desired = inputs as unknown as RootCredentialInputs;
            if (!old) {
                work.push(() => this.create(name, desired));
                continue;
            }
            const { changes } = await this.attending({ ...about, method: "diff" }, () =>
                this.run.diff(accountId, old.outputs, desired),
            );
            if (changes ?? !isDeepStrictEqual(old.inputs, desired)) {
                work.push(() => this.update(name, old, desired));
            } else if (act) {
                this.resources.set(name, { ...old, inputs: desired });
            }
        }
        if (!act) return { failures: [] };
        const operations = await Promise.all(work.map((start) => start()));
        const dropped = [...this.resources].filter(([name]) => !declarations.has(name));
        operations.push(...(await this.delete(dropped)));
        return { failures: operations.flatMap(({ failure }) => (failure ? [failure] : [])) };
    }

    async destroy(): Promise<Outcome> {
        const operations = await this.delete([...this.resources]);
        return { failures: operations.flatMap(({ failure }) => (failure ? [failure] : [])) };
    }

    private create(name: string, desired: RootCredentialInputs): Promise<Operation> {
        const { accountId } = desired;
        return this.storing({ method: "create", name, accountId, before: undefined }, desired, async () => {
            return (await this.run.create(desired)).outs;
        });
    }

    private update(name: string, before: Resource, desired: RootCredentialInputs): Promise<Operation> {
        const { accountId } = before;
        return this.storing({ method: "update", name, accountId, before }, desired, async () => {
            return (await this.run.update(accountId, before.outputs, desired)).outs;
        });
    }

    private delete(dropped: [string, Resource][]): Promise<Operation[]> {
        return Promise.all(
            dropped.map(async ([name, before]) => {
                const { accountId, outputs } = before;
                const operation: Operation = { method: "delete", name, accountId, before };
                operation.failure = await failureOf(
                    this.attending({ method: "delete", accountId }, () =>
                        this.run.delete(accountId, outputs),
                    ),
                );
                this.judge(operation);
                if (!operation.failure) this.resources.delete(name);
                return operation;
            }),
        );
    }

    private async storing(
        operation: Operation,
        inputs: RootCredentialInputs,
        call: () => Promise<RootCredentialOutputs>,
    ): Promise<Operation> {
        const { name, accountId } = operation;
        try {
            operation.stored = { inputs, outputs: await this.attending(operation, call) };
        } catch (error) {
            operation.failure = failed(error);
            if (error instanceof PartialFailure) {
                const { __provider, ...outputs } = error.properties;
                if (!__provider)
                    operation.failure = new Error("a partial failure without the provider's text");
                operation.stored = { inputs, outputs };
            }
        }
        this.judge(operation);
        if (operation.stored) this.resources.set(name, { accountId, ...operation.stored });
        return operation;
    }
}

/** The run was killed while a call was under way: nothing more will be heard of it. */
export class Killed extends Error {}

/** Something that ought to hold does not. */
export class Violation extends Error {}

async function failureOf(call: Promise<unknown>): Promise<Error | undefined> {
    return call.then(() => undefined, failed);
}

function failed(error: unknown): Error {
    if (error instanceof Killed || error instanceof Violation) throw error;
    return error instanceof Error ? error : new Violation(`threw ${String(error)}, which is no Error`);
}
