/** Where a case is played: an organization, and the runs of the provider over it. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
    callerEnvironment,
    portlessSimulator,
    startSimulator,
    type Answering,
    type Organization,
} from "../simulator";
import type { OrganizationSeed } from "../simulator";
import { runOfModule } from "../provider/harness/imported";
import { StandInEngine } from "../provider/harness/engine";
import { MODULES } from "../provider/harness/package";
import { ProviderProcess } from "../provider/harness/provider-process";
import type { Run } from "../provider/harness/run";
import { Surroundings } from "../provider/harness/surroundings";
import { copyOfProvider, type Change, type ProviderCopy } from "./provider-copies";

/** One run, with what the program asks beside the provider. */
export interface StagedRun extends Run {
    /** The active member accounts, as the program discovers them. Throws where the program would end. */
    discover(): Promise<string[]>;
    /** Ends it at once: whatever is under way is never answered, nor carried any further. */
    kill(): Promise<string>;
}

export interface Stage {
    readonly organization: Organization;
    startRun(): Promise<StagedRun>;
    /** The record of writes so far, all runs together. */
    record(): string;
    close(): Promise<void>;
}

export type StageFor = (seed: OrganizationSeed) => Promise<Stage>;

/** When every case begins. Time goes on only where the provider waits. */
const BEGINNING = Date.parse("2026-09-12T10:00:00Z");

/** In this process, without sockets and without waits. `changes` break the provider on purpose. */
export function withoutSockets(changes?: readonly Change[]): StageFor {
    return (seed) => {
        const { organization, answer } = portlessSimulator({
            seed,
            now: new Date(BEGINNING),
            loggedRequests: 0,
        });
        const environment = callerEnvironment(organization, "http://aws.invalid", "management");
        const connect = (run: { dead: boolean }, copy: ProviderCopy) => ({
            requestHandler: withoutSocket(answer, run, copy),
        });
        return Promise.resolve(
            stageInProcess(organization, environment, connect, () => Promise.resolve(), changes),
        );
    };
}

/** In this process, over HTTP as the provider is used to, without waits. Runs cannot be killed. */
export const overHttp: StageFor = async (seed) => {
    const simulator = await startSimulator({ seed, now: new Date(BEGINNING) });
    const environment = simulator.environment();
    return stageInProcess(
        simulator.organization,
        environment,
        () => ({}),
        () => simulator.close(),
    );
};

/**
 * In Pulumi's own provider process, over HTTP, with short waits. Killing a run kills the process and its engine. The next run starts others, in the
 * same temporary folder; its engine has the address of the one that was killed. `stop` ends the last one.
 *
 * @param options.breaking what each process does before a run, to break the provider on purpose
 * @param options.oneRunEach ends process and engine after each run, as Pulumi does, so that each run follows another at the same address
 */
export function inProviderProcess({ breaking = "", oneRunEach = false } = {}): {
    stage: StageFor;
    stop: () => Promise<void>;
} {
    let running: Promise<ProviderProcess> | undefined;
    let port = 0;
    let temporary = "";
    const start = async () => {
        const engine = await StandInEngine.start({ port });
        port = engine.port;
        return ProviderProcess.start(engine);
    };
    const stop = async () => {
        const process = running;
        running = undefined;
        await (await process)?.stop();
    };
    const stage: StageFor = async (seed) => {
        const simulator = await startSimulator({ seed });
        const { organization } = simulator;
        const record = recordFile();
        temporary = mkdtempSync(join(record.folder, "run-"));
        const environment = { ...simulator.environment(), ROOT_CREDENTIALS_RECORD_FILE: record.file };
        return {
            organization,
            record: record.read,
            async startRun() {
                if (running) temporary = mkdtempSync(join(record.folder, "run-"));
                const process = await (running ??= start());
                const run = process.run({ ...environment, TMPDIR: temporary }, SHORT_WAITS + breaking);
                const program = programIn(environment);
                return {
                    ...{ check: run.check.bind(run), diff: run.diff.bind(run), read: run.read.bind(run) },
                    ...{
                        create: run.create.bind(run),
                        update: run.update.bind(run),
                        delete: run.delete.bind(run),
                    },
                    async end() {
                        const said = await run.end();
                        if (oneRunEach) await stop();
                        return said;
                    },
                    discover: () => program.discover(),
                    async kill() {
                        program.kill();
                        await stop();
                        return "";
                    },
                };
            },
            async close() {
                record.remove();
                await simulator.close();
            },
        };
    };
    return { stage, stop };
}

/** What a provider process does before a run, so that waiting out faults takes milliseconds. */
const SHORT_WAITS = `
    Object.assign(require(${JSON.stringify(join(MODULES, "process/timeouts"))}).timeouts, {
        operationDeadline: 3_000,
        pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds / 100)),
        retryDelay: 0,
    });`;

/** What the program's process sees of the organization; this one plays its part, until it is done or killed. */
function programIn(environment: Record<string, string>) {
    let leave = () => {};
    return {
        async discover(): Promise<string[]> {
            const surroundings = new Surroundings(environment);
            const copy = copyOfProvider(Date.now);
            leave = () => {
                leave = () => {};
                copy.discard();
                surroundings.restore();
            };
            Object.assign(copy.timeouts, { operationDeadline: 3_000, pause: breath, retryDelay: 0 });
            try {
                const { active } = await copy.organization.memberAccounts();
                return active.map(({ id }) => id);
            } finally {
                leave();
            }
        },
        kill: () => leave(),
    };
}

type Client = ProviderCopy["clientOverrides"];

function stageInProcess(
    organization: Organization,
    environment: Record<string, string>,
    connect: (run: { dead: boolean }, copy: ProviderCopy) => Client,
    close: () => Promise<void>,
    changes?: readonly Change[],
): Stage {
    const record = recordFile();
    return {
        organization,
        record: record.read,
        startRun() {
            const run = { dead: false };
            // First, since a change may not fit: nothing is lent by then.
            const copy = copyOfProvider(() => organization.clock.now().getTime(), changes);
            const surroundings = new Surroundings({
                ...environment,
                ROOT_CREDENTIALS_RECORD_FILE: record.file,
            });
            Object.assign(copy.timeouts, {
                operationDeadline: 60_000,
                pause: async (milliseconds: number) => {
                    organization.clock.advance(milliseconds / 1000);
                    await breath();
                    if (run.dead) await never();
                },
                retryDelay: 0,
            });
            Object.assign(copy.clientOverrides, connect(run, copy));
            const end = () => {
                copy.discard();
                return surroundings.restore();
            };
            return Promise.resolve({
                ...runOfModule(copy.lifecycle, () => Promise.resolve(end())),
                async discover() {
                    const { active } = await copy.organization.memberAccounts();
                    return active.map(({ id }) => id);
                },
                kill() {
                    run.dead = true;
                    return Promise.resolve(end());
                },
            });
        },
        async close() {
            record.remove();
            await close();
        },
    };
}

/** Hands requests to the organization and answers as the SDK's own handler does, broken connections included. */
function withoutSocket(
    answer: Answering,
    run: { dead: boolean },
    { timeouts }: ProviderCopy,
): NonNullable<Client["requestHandler"]> {
    return {
        async handle({ headers, body }: { headers: Record<string, string>; body?: string | Uint8Array }) {
            await breath();
            if (run.dead) await never();
            const text = typeof body === "string" ? body : new TextDecoder().decode(body);
            const reply = await answer(headers, text);
            if (run.dead) await never();
            if (reply === "hangs") {
                await timeouts.pause(timeouts.requestTimeout);
                throw Object.assign(new Error("no answer in time"), { name: "TimeoutError" });
            }
            if (reply === "breaks") {
                throw Object.assign(new Error("read ECONNRESET"), {
                    name: "TimeoutError",
                    code: "ECONNRESET",
                });
            }
            const { status: statusCode, headers: answered, body: said } = reply;
            return { response: { statusCode, headers: answered, body: Buffer.from(said) } };
        },
    } as NonNullable<Client["requestHandler"]>;
}

/** What a killed run waits for. */
function never(): Promise<never> {
    return new Promise(() => {});
}

function breath(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
}

export function recordFile() {
    const folder = mkdtempSync(join(tmpdir(), "properties-"));
    const file = join(folder, "record.jsonl");
    return {
        folder,
        file,
        read: (): string => (existsSync(file) ? readFileSync(file, "utf8") : ""),
        remove: () => rmSync(folder, { recursive: true }),
    };
}
