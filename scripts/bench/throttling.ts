/**
 * Preview, up and preview of 200 accounts, 40 of them with root credentials, under a limit of 5 AssumeRoot calls a second.
 *
 * The bench compares the time from the first AssumeRoot to the last with the least time that the limit allows (sessions /
 * rate). It also checks that no account is lost: in the simulated AWS after `up`, and in the totals of the previews.
 */
import { Stack, type Run } from "../../test/engine/stack";
import { throttledOrganization } from "../../test/throttled-organization";
import type { BenchOptions, Measurement } from "./measurement";

const ACCOUNTS = 200;
const DIRTY = 40;
const LIMIT = { perSecond: 5, burst: 5 };
const BAR = 1.15;
/** Accounts that are inspected at a time. The engine's default is four times the number of cores. */
const PARALLEL = [undefined, "256"];

const STEPS = [
    { command: "preview", sessions: ACCOUNTS, dirty: DIRTY, left: DIRTY },
    { command: "up", sessions: ACCOUNTS + DIRTY, left: 0 },
    { command: "preview", sessions: ACCOUNTS, dirty: 0, left: 0 },
] as const;

export async function throttling({ says }: BenchOptions): Promise<Measurement> {
    const rows: Measurement["rows"] = [];
    const misses: string[] = [];
    for (const parallel of PARALLEL) {
        const parallelism = parallel ?? "default";
        const stack = await Stack.over(throttledOrganization(ACCOUNTS), { limits: { AssumeRoot: LIMIT } });
        const environment = parallel ? { PULUMI_PARALLEL: parallel } : {};
        let seconds = 0;
        let floor = 0;
        try {
            for (const [index, step] of STEPS.entries()) {
                says(`PULUMI_PARALLEL ${parallelism}: ${step.command}, ${index + 1} of ${STEPS.length}`);
                stack.simulator.requests.clear();
                const run = await (step.command === "up"
                    ? stack.up("--skip-preview", environment)
                    : stack.preview("", environment));
                const phase = assumeRootPhase(stack);
                seconds += phase.seconds;
                floor += step.sessions / LIMIT.perSecond;
                const lost = "dirty" in step ? miscounted(run, step.dirty) : accountsLeft(stack);
                rows.push({
                    PULUMI_PARALLEL: parallelism,
                    command: step.command,
                    sessions: phase.sessions,
                    "attempts per session": (phase.attempts / phase.sessions).toFixed(2),
                    seconds: phase.seconds.toFixed(1),
                    "over least time": (phase.seconds / (step.sessions / LIMIT.perSecond)).toFixed(3),
                    lost,
                });
                const where = `PULUMI_PARALLEL ${parallelism}, command ${index + 1} (${step.command})`;
                if (run.exitCode !== 0) misses.push(`${where}: exit code ${run.exitCode}\n${run.output}`);
                if (lost > 0) misses.push(`${where}: ${lost} accounts lost`);
                if (accountsLeft(stack) !== step.left)
                    misses.push(
                        `${where}: ${accountsLeft(stack)} accounts hold root credentials, not ${step.left}`,
                    );
            }
        } finally {
            await stack.close();
        }
        const ratio = seconds / floor;
        rows.push({
            PULUMI_PARALLEL: parallelism,
            command: "together",
            sessions: STEPS.reduce((sum, { sessions }) => sum + sessions, 0),
            "attempts per session": "",
            seconds: seconds.toFixed(1),
            "over least time": ratio.toFixed(3),
            lost: "",
        });
        if (ratio > BAR)
            misses.push(
                `PULUMI_PARALLEL ${parallelism}: ${ratio.toFixed(3)} of the least time, more than ${BAR}`,
            );
    }
    const title = `${ACCOUNTS} accounts, ${DIRTY} with root credentials, AssumeRoot at ${LIMIT.perSecond}/s, bursts of ${LIMIT.burst}`;
    return { title, rows, misses };
}

function assumeRootPhase({ simulator }: Stack) {
    const calls = simulator.requests.of("AssumeRoot");
    const times = calls.map(({ time }) => time.getTime());
    return {
        attempts: calls.length,
        sessions: calls.filter(({ status }) => status === 200).length,
        seconds: (Math.max(...times) - Math.min(...times)) / 1000,
    };
}

/** The number of accounts that a preview did not inspect or counted wrongly. */
function miscounted({ report }: Run, dirty: number): number {
    if (!report) return ACCOUNTS;
    const { clean, drifted } = report.totals;
    return Math.abs(ACCOUNTS - dirty - clean) + Math.abs(dirty - drifted);
}

function accountsLeft(stack: Stack): number {
    return new Set(stack.organization.rootCredentialsLeft().map(({ accountId }) => accountId)).size;
}
