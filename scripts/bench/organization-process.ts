/** The simulated organization of a bench, in a process of its own: what it costs is not charged to what is measured. */
import { startSimulator, type AccountSeed, type Limits, type OrganizationSeed } from "../../test/simulator";

/** What an organization is to be like. */
export interface Setting {
    accounts: number;
    latencyMilliseconds: number;
    limits: "aws" | Limits;
    /** Paths of the units that the accounts stand in, evenly. */
    units: string[];
}

/** What it was asked since the last time that it told. */
export interface Asked {
    /** Calls answered, by action. */
    calls: Record<string, number>;
    /** Calls refused because they came too fast, by action. */
    throttled: Record<string, number>;
    connections: number;
    /** Of the simulator itself. */
    cpuSeconds: number;
}

export type Request =
    { ask: "start"; setting: Setting } | { ask: "told" } | { ask: "left" } | { ask: "soil"; every: number };
export type Reply =
    | { environment: Record<string, string> }
    | { asked: Asked }
    | { accountsLeft: number }
    | { soiled: number };

type Running = Awaited<ReturnType<typeof startSimulator>>;
let simulator: Running;
let told = { cpu: process.cpuUsage(), connections: 0 };

async function answer(request: Request): Promise<Reply> {
    switch (request.ask) {
        case "start": {
            const { latencyMilliseconds, limits } = request.setting;
            simulator = await startSimulator({ seed: seedOf(request.setting), latencyMilliseconds, limits });
            return { environment: simulator.environment() };
        }
        case "told":
            return { asked: sinceLastTold() };
        case "left":
            return {
                accountsLeft: new Set(
                    simulator.organization
                        .rootCredentialsLeft({ activeOnly: true })
                        .map(({ accountId }) => accountId),
                ).size,
            };
        case "soil":
            return { soiled: soil(request.every) };
    }
}

function seedOf({ accounts, units }: Setting): OrganizationSeed {
    return {
        accounts: Array.from({ length: accounts }, (_, index): AccountSeed => ({
            id: String(100_000_000_000 + index),
            name: `account-${index}`,
            unit: units[index % units.length] ?? "",
        })),
    };
}

/** Gives one member account in so many a password, and half of those an access key. */
function soil(every: number): number {
    const { organization } = simulator;
    const members = organization.accounts().filter(({ id }) => id !== organization.managementAccountId);
    const chosen = members.filter((_, index) => index % every === 0);
    for (const [index, { id }] of chosen.entries()) {
        organization.setRootPassword(id);
        if (index % 2 === 0) organization.createRootAccessKey(id);
    }
    return chosen.length;
}

function sinceLastTold(): Asked {
    const { requests } = simulator;
    const calls: Record<string, number> = {};
    const throttled: Record<string, number> = {};
    for (const { action, errorCode = "" } of requests) {
        const counts = /^(Throttling|TooManyRequests)/.test(errorCode) ? throttled : calls;
        counts[action] = (counts[action] ?? 0) + 1;
    }
    requests.clear();
    const { user, system } = process.cpuUsage(told.cpu);
    const connections = simulator.connections - told.connections;
    told = { cpu: process.cpuUsage(), connections: simulator.connections };
    return { calls, throttled, connections, cpuSeconds: (user + system) / 1e6 };
}

process.on("message", (request: Request) => {
    answer(request).then(
        (reply) => process.send?.(reply),
        (error: unknown) => {
            console.error(error);
            process.exit(1);
        },
    );
});
process.on("disconnect", () => process.exit()); // the bench is gone
