/**
 * Finding the accounts and looking into each, without Pulumi: the least time in which anything of this kind can tell what an
 * organization holds. At AWS's latency it is the wire that takes it, so what counts is how many calls wait for another.
 *
 * Once as a call of the package, and once as the command that people type, which has to be started and writes a report.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import type * as provider from "pulumi-aws-root-credentials";
import type { Report } from "pulumi-aws-root-credentials/report";
import type { BenchOptions, Measurement } from "../bench";
import { bareEnvironment, BIN } from "../../test/temporary-project";
import { RemoteOrganization } from "./organization";

/** At AWS's latency, milliseconds a call, 500 accounts in 6 units are to take no longer. The command walks the units twice. Seconds. */
const BAR = { accounts: 500, latency: 750, seconds: { package: 9, command: 15 } };
const UNITS = ["Security", "Infrastructure", "Prod", "Test", "Sandbox", "Suspended"];
const PAGE = 20;

export async function audit({ accounts: sizes, latency, says }: BenchOptions): Promise<Measurement> {
    const rows: Measurement["rows"] = [];
    const misses: string[] = [];
    for (const accounts of sizes ?? [BAR.accounts]) {
        for (const milliseconds of latency === undefined ? [20, BAR.latency] : [latency]) {
            for (const what of ["package", "command"] as const) {
                says(`${accounts} accounts at ${milliseconds} ms a call, ${what}`);
                const took = await audited(accounts, milliseconds, WAYS[what]);
                rows.push({
                    accounts,
                    "ms a call": milliseconds,
                    what,
                    ...cells(took, accounts, milliseconds),
                });
                if (took.lookedInto !== accounts)
                    misses.push(`${what}: ${took.lookedInto} of ${accounts} accounts looked into`);
                const barred = accounts === BAR.accounts && milliseconds === BAR.latency;
                if (barred && took.seconds > BAR.seconds[what])
                    misses.push(
                        `${what}: ${took.seconds.toFixed(1)} s at ${milliseconds} ms a call, more than ${BAR.seconds[what]} s`,
                    );
            }
        }
    }
    return { title: "Discovery and audit without the engine", rows, misses };
}

function cells(took: Awaited<ReturnType<typeof audited>>, accounts: number, milliseconds: number) {
    const pages = Math.ceil((accounts + 1) / PAGE);
    return {
        seconds: took.seconds.toFixed(1),
        "listed after": took.listed?.toFixed(1) ?? "",
        "page after page": ((pages * milliseconds) / 1000).toFixed(1),
        "looked into": took.lookedInto,
        "calls per account": ((took.calls.AssumeRoot + took.calls.GetAccountSummary) / accounts).toFixed(2),
        "Organizations calls": took.organizationsCalls,
        throttled: took.throttled,
        connections: took.connections,
    };
}

/** What one way has found out, and when. Seconds. */
interface Audited {
    lookedInto: number;
    listed?: number;
}

const WAYS = { package: inThisProcess, command: asCommand };

async function inThisProcess(environment: Record<string, string>): Promise<Audited> {
    const { memberAccounts, observeRootCredentials, preflight } = freshProvider(environment);
    const started = performance.now();
    const looks: Promise<boolean>[] = [];
    const look = async ({ id }: { id: string }) => {
        await usable;
        return isKnown(await observeRootCredentials(id));
    };
    const usable = preflight();
    await memberAccounts({ arrival: (active) => looks.push(...active.map(look)) });
    const listed = (performance.now() - started) / 1000;
    return { listed, lookedInto: (await Promise.all(looks)).filter(Boolean).length };
}

async function asCommand(environment: Record<string, string>): Promise<Audited> {
    const child = spawn(join(BIN, "root-credentials"), ["audit", "--format", "json"], {
        env: { ...bareEnvironment(), ...environment },
        stdio: ["ignore", "pipe", "inherit"],
    });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
    await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
    const { totals } = JSON.parse(printed) as Report;
    return { lookedInto: totals.inspected };
}

async function audited(accounts: number, latencyMilliseconds: number, work: typeof asCommand) {
    const setting = { accounts, latencyMilliseconds, limits: "aws", units: UNITS } as const;
    const organization = await RemoteOrganization.start({ ...setting, units: UNITS });
    try {
        await organization.asked();
        const started = performance.now();
        const found = await work(organization.environment);
        const seconds = (performance.now() - started) / 1000;
        const { calls, throttled, connections } = await organization.asked();
        const { AssumeRoot = 0, GetAccountSummary = 0, ...others } = calls;
        const organizationsCalls = Object.entries(others).reduce(
            (sum, [action, count]) => (/^(List|Describe)/.test(action) ? sum + count : sum),
            0,
        );
        return {
            seconds,
            ...found,
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

function isKnown(observation: Observation): boolean {
    return (
        observation.is === "member" &&
        Object.values(observation.listings).every((each) => "credentials" in each)
    );
}

/** A copy that has no clients and has learned no rate yet, and finds the organization in the environment. */
function freshProvider(environment: Record<string, string>): Provider {
    Object.assign(process.env, environment);
    for (const name of Object.keys(require.cache)) {
        if (/[\\/]provider[\\/]dist[\\/]/.test(name)) delete require.cache[name];
    }
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require("pulumi-aws-root-credentials") as Provider;
}
