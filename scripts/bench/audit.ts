/**
 * Lists and inspects the accounts without Pulumi, once through the package and once with the command `root-credentials`.
 *
 * This is the least time that an inspection of an organization takes. At AWS's latency, the time depends on the number of
 * calls that wait for another call.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import type * as provider from "pulumi-aws-root-credentials";
import type { Report } from "pulumi-aws-root-credentials/report";
import type { BenchOptions, Measurement } from "./measurement";
import { bareEnvironment, BIN } from "../../test/temporary-project";
import { RemoteOrganization } from "./organization";

/** The most seconds that 500 accounts in 6 units may take at AWS's latency in milliseconds. The command lists the units twice. */
const BAR = { accounts: 500, latency: 750, seconds: { package: 9, command: 15 } };
const UNITS = ["Security", "Infrastructure", "Prod", "Test", "Sandbox", "Suspended"];
const PAGE = 20;

export async function audit({ accounts: sizes, latency, says }: BenchOptions): Promise<Measurement> {
    const rows: Measurement["rows"] = [];
    const misses: string[] = [];
    for (const accounts of sizes ?? [BAR.accounts]) {
        for (const milliseconds of latency === undefined ? [20, BAR.latency] : [latency]) {
            for (const method of ["package", "command"] as const) {
                says(`${accounts} accounts at ${milliseconds} ms a call, ${method}`);
                const result = await measured(accounts, milliseconds, METHODS[method]);
                rows.push({
                    accounts,
                    "ms a call": milliseconds,
                    method,
                    ...cells(result, accounts, milliseconds),
                });
                if (result.inspected !== accounts)
                    misses.push(`${method}: ${result.inspected} of ${accounts} accounts inspected`);
                const hasBar = accounts === BAR.accounts && milliseconds === BAR.latency;
                if (hasBar && result.seconds > BAR.seconds[method])
                    misses.push(
                        `${method}: ${result.seconds.toFixed(1)} s at ${milliseconds} ms a call, more than ${BAR.seconds[method]} s`,
                    );
            }
        }
    }
    return { title: "Accounts listed and inspected without the engine", rows, misses };
}

function cells(result: Awaited<ReturnType<typeof measured>>, accounts: number, milliseconds: number) {
    const pages = Math.ceil((accounts + 1) / PAGE);
    return {
        seconds: result.seconds.toFixed(1),
        "listed after": result.listed?.toFixed(1) ?? "",
        "page after page": ((pages * milliseconds) / 1000).toFixed(1),
        inspected: result.inspected,
        "calls per account": ((result.calls.AssumeRoot + result.calls.GetAccountSummary) / accounts).toFixed(
            2,
        ),
        "Organizations calls": result.organizationsCalls,
        throttled: result.throttled,
        connections: result.connections,
    };
}

interface Audit {
    /** Accounts with a complete result. */
    inspected: number;
    /** Seconds until the last account was listed. */
    listed?: number;
}

const METHODS = { package: inThisProcess, command: asCommand };

async function inThisProcess(environment: Record<string, string>): Promise<Audit> {
    const { memberAccounts, observeRootCredentials, preflight } = freshProvider(environment);
    const started = performance.now();
    const inspections: Promise<boolean>[] = [];
    const inspect = async ({ id }: { id: string }) => {
        await ready;
        return isComplete(await observeRootCredentials(id));
    };
    const ready = preflight();
    await memberAccounts({ arrival: (active) => inspections.push(...active.map(inspect)) });
    const listed = (performance.now() - started) / 1000;
    return { listed, inspected: (await Promise.all(inspections)).filter(Boolean).length };
}

async function asCommand(environment: Record<string, string>): Promise<Audit> {
    const child = spawn(join(BIN, "root-credentials"), ["audit", "--format", "json"], {
        env: { ...bareEnvironment(), ...environment },
        stdio: ["ignore", "pipe", "inherit"],
    });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
    await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
    const { totals } = JSON.parse(printed) as Report;
    return { inspected: totals.inspected };
}

async function measured(accounts: number, latencyMilliseconds: number, work: typeof asCommand) {
    const options = { accounts, latencyMilliseconds, limits: "aws", units: UNITS } as const;
    const organization = await RemoteOrganization.start({ ...options, units: UNITS });
    try {
        await organization.statistics();
        const started = performance.now();
        const audit = await work(organization.environment);
        const seconds = (performance.now() - started) / 1000;
        const { calls, throttled, connections } = await organization.statistics();
        const { AssumeRoot = 0, GetAccountSummary = 0, ...others } = calls;
        const organizationsCalls = Object.entries(others).reduce(
            (sum, [action, count]) => (/^(List|Describe)/.test(action) ? sum + count : sum),
            0,
        );
        return {
            seconds,
            ...audit,
            calls: { AssumeRoot, GetAccountSummary },
            organizationsCalls,
            throttled: Object.values(throttled).reduce((sum, each) => sum + each, 0),
            connections,
        };
    } finally {
        await organization.stop();
    }
}

type Provider = typeof provider;
type Observation = Awaited<ReturnType<Provider["observeRootCredentials"]>>;

function isComplete(observation: Observation): boolean {
    return (
        observation.is === "member" &&
        Object.values(observation.listings).every((each) => "credentials" in each)
    );
}

/** A copy of the package without clients and learned rates, which finds the organization in the environment. */
function freshProvider(environment: Record<string, string>): Provider {
    Object.assign(process.env, environment);
    for (const name of Object.keys(require.cache)) {
        if (/[\\/]provider[\\/]dist[\\/]/.test(name)) delete require.cache[name];
    }
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require("pulumi-aws-root-credentials") as Provider;
}
