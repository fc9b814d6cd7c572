/** The lifecycle over a simulated organization, on two hosts: as a module, and in the process that Pulumi starts for it. */
import assert from "node:assert/strict";
import {
    startSimulator,
    type AccountSeed,
    type Caller,
    type OrganizationSeed,
    type Simulator,
    type SimulatorOptions,
} from "../../simulator";
import { imported } from "./imported";
import { providerProcess } from "./provider-process";
import type { RootCredentialOutputs } from "./package";
import { PartialFailure, type Host, type Run } from "./run";
import { EARLIER_RUN } from "./stored";

export { desired, ROOT_CREDENTIALS_PROVIDER, stored } from "./stored";
export type { RootCredentialOutputs } from "./package";
export { PartialFailure, type Run } from "./run";

export interface WorldOptions extends Omit<SimulatorOptions, "seed"> {
    caller?: Caller;
    /** Variables in addition to the simulator's. `undefined` removes one. */
    environment?: Record<string, string | undefined>;
}

/** A simulated organization and the provider's current run on it. */
export class World {
    /** The current run. There is one at a time. */
    run!: Run;
    private readonly said: string[] = [];

    private constructor(
        readonly host: Host,
        readonly simulator: Simulator,
        private readonly options: WorldOptions,
    ) {}

    static async begin(host: Host, seed: OrganizationSeed, options: WorldOptions): Promise<World> {
        const simulator = await startSimulator({ seed, ...options });
        const world = new World(host, simulator, options);
        await world.startRun();
        return world;
    }

    get organization() {
        return this.simulator.organization;
    }

    get requests() {
        return this.simulator.requests;
    }

    /** The account's root credentials on the server. */
    rootOf(accountId: string) {
        return this.organization.account(accountId).root;
    }

    /** A result with the identity of an earlier run, as `stored` returns it. Checks that the result has an identity. */
    anonymous(outputs: RootCredentialOutputs): RootCredentialOutputs {
        assert.match(outputs.__observedInRun, this.host.identity);
        return { ...outputs, __observedInRun: EARLIER_RUN };
    }

    /** The credentials of the IAM user that the provider runs as. */
    get operator() {
        return this.organization.principals.userIn(this.organization.managementAccountId).credentials;
    }

    /** Ends the current run, returns its output, and starts another run without its events. */
    async nextRun(): Promise<string> {
        const printed = await this.endRun();
        await this.startRun();
        return printed;
    }

    /** Ends the current run and returns its output. */
    async endRun(): Promise<string> {
        const printed = await this.run.end();
        this.said.push(printed);
        this.run = ENDED;
        return printed;
    }

    /** Checks that no result, error or output of a run contains a secret of the simulator. */
    async close(): Promise<void> {
        if (this.run !== ENDED) await this.endRun();
        await this.simulator.close();
        assert.doesNotMatch(this.said.join("\n"), SECRETS);
    }

    private async startRun(): Promise<void> {
        const { caller, environment } = this.options;
        const variables = { ...this.simulator.environment(caller), ...environment };
        const given = Object.entries(variables).filter(([, value]) => value !== undefined);
        this.run = listenedTo(
            await this.host.start(Object.fromEntries(given) as Record<string, string>),
            (text) => void this.said.push(text),
        );
    }
}

/** The beginning of every secret key and session token of the simulator. */
export const SECRETS = /simulated\/secret\/|SimulatedSessionToken/;

const ENDED = {} as Run;

/** The run. `say` receives a copy of each result and each error. */
function listenedTo(run: Run, say: (text: string) => void): Run {
    return new Proxy(run, {
        get(target, name: keyof Run) {
            const method = target[name].bind(target) as (...given: unknown[]) => Promise<unknown>;
            return async (...given: unknown[]) => {
                try {
                    const answer = await method(...given);
                    say(JSON.stringify(answer) ?? "");
                    return answer;
                } catch (error) {
                    say(String(error) + JSON.stringify(error instanceof PartialFailure ? error : ""));
                    throw error;
                }
            };
        },
    });
}

export type Begin = (accounts: AccountSeed[] | OrganizationSeed, options?: WorldOptions) => Promise<World>;

/** Describes one behaviour of the lifecycle on both hosts. Each test has its own organization. */
export function describeLifecycle(title: string, suite: (begin: Begin) => void): void {
    for (const host of [imported, providerProcess()]) {
        describe(`${title}, ${host.name}`, () => {
            const worlds: World[] = [];

            afterEach(async () => {
                for (const world of worlds.splice(0)) await world.close();
            });

            after(() => host.stop?.());

            suite(async (accounts, options = {}) => {
                const seed = Array.isArray(accounts) ? { accounts } : accounts;
                const world = await World.begin(host, seed, options);
                worlds.push(world);
                return world;
            });
        });
    }
}

/** The partial failure of a create or update, with the properties that Pulumi stores. */
export async function partialFailure(outcome: Promise<unknown>): Promise<PartialFailure> {
    const error = await outcome.then(
        () => assert.fail("it succeeded"),
        (reason: unknown) => reason,
    );
    if (error instanceof PartialFailure) return error;
    throw error;
}
