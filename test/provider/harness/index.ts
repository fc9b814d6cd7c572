/** The lifecycle over a simulated organization, twice: as imported, and in the process that Pulumi runs it in. */
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
    /** Variables beside the simulator's own; `undefined` takes one away. */
    environment?: Record<string, string | undefined>;
}

/** An organization, and the run of the provider that works on it. */
export class World {
    /** The run under way; there is one at a time. */
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

    /** The root credentials that the account holds, whatever the provider says about it. */
    rootOf(accountId: string) {
        return this.organization.account(accountId).root;
    }

    /** A result without the identity of the run that saw it, as `stored` makes them; checks that there is one. */
    anonymous(outputs: RootCredentialOutputs): RootCredentialOutputs {
        assert.match(outputs.__observedInRun, this.host.identity);
        return { ...outputs, __observedInRun: EARLIER_RUN };
    }

    /** The credentials of the IAM user that the provider runs as. */
    get operator() {
        return this.organization.principals.userIn(this.organization.managementAccountId).credentials;
    }

    /** Ends the run under way, answers what it printed, and starts another one without its memory. */
    async nextRun(): Promise<string> {
        const printed = await this.endRun();
        await this.startRun();
        return printed;
    }

    /** Ends the run under way and answers what it printed. */
    async endRun(): Promise<string> {
        const printed = await this.run.end();
        this.said.push(printed);
        this.run = ENDED;
        return printed;
    }

    /** Nothing that a run answered, threw or printed may contain what the simulator gave out as secret. */
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

/** How every secret key and session token of the simulator begins. */
export const SECRETS = /simulated\/secret\/|SimulatedSessionToken/;

const ENDED = {} as Run;

/** The run, with a copy of each answer and each error. */
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

/** Describes one behaviour of the lifecycle on both hosts. Each test begins an organization of its own. */
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

/** What a create or update stored that failed in part. */
export async function partialFailure(outcome: Promise<unknown>): Promise<PartialFailure> {
    const error = await outcome.then(
        () => assert.fail("it succeeded"),
        (reason: unknown) => reason,
    );
    if (error instanceof PartialFailure) return error;
    throw error;
}
