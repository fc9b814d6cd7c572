/** The simulated organization of a bench, in a process of its own, so that its CPU time is not part of the measurement. */
import { startSimulator, type AccountSeed, type Limits, type OrganizationSeed } from "../../test/simulator";

export interface OrganizationOptions {
    accounts: number;
    latencyMilliseconds: number;
    limits: "aws" | Limits;
    /** Paths of the organizational units, which get equal numbers of accounts. */
    units: string[];
}

/** Calls since the last request for statistics. */
export interface CallStatistics {
    /** Answered calls, by action. */
    calls: Record<string, number>;
    /** Throttled calls, by action. */
    throttled: Record<string, number>;
    connections: number;
    /** CPU time of the simulator itself. */
    cpuSeconds: number;
}

export interface Replies {
    start: { environment: Record<string, string> };
    statistics: CallStatistics;
    drift: Record<string, never>;
}

export type Request =
    { ask: "start"; options: OrganizationOptions } | { ask: "statistics" } | { ask: "drift"; every: number };

type Running = Awaited<ReturnType<typeof startSimulator>>;
let simulator: Running;
let last = { cpu: process.cpuUsage(), connections: 0 };

async function answer(request: Request): Promise<Replies[Request["ask"]]> {
    switch (request.ask) {
        case "start": {
            const { latencyMilliseconds, limits } = request.options;
            simulator = await startSimulator({ seed: seedOf(request.options), latencyMilliseconds, limits });
            return { environment: simulator.environment() };
        }
        case "statistics":
            return statistics();
        case "drift":
            addCredentials(request.every);
            return {};
    }
}

function seedOf({ accounts, units }: OrganizationOptions): OrganizationSeed {
    return {
        accounts: Array.from({ length: accounts }, (_, index): AccountSeed => ({
            id: String(100_000_000_000 + index),
            name: `account-${index}`,
            unit: units[index % units.length] ?? "",
        })),
    };
}

/** Gives one in `every` member accounts a password, and half of these an access key. */
function addCredentials(every: number): void {
    const { organization } = simulator;
    const members = organization.accounts().filter(({ id }) => id !== organization.managementAccountId);
    const chosen = members.filter((_, index) => index % every === 0);
    for (const [index, { id }] of chosen.entries()) {
        organization.setRootPassword(id);
        if (index % 2 === 0) organization.createRootAccessKey(id);
    }
}

function statistics(): CallStatistics {
    const { requests } = simulator;
    const calls: Record<string, number> = {};
    const throttled: Record<string, number> = {};
    for (const { action, errorCode = "" } of requests) {
        const counts = /^(Throttling|TooManyRequests)/.test(errorCode) ? throttled : calls;
        counts[action] = (counts[action] ?? 0) + 1;
    }
    requests.clear();
    const { user, system } = process.cpuUsage(last.cpu);
    const connections = simulator.connections - last.connections;
    last = { cpu: process.cpuUsage(), connections: simulator.connections };
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
process.on("disconnect", () => process.exit()); // the bench has ended
