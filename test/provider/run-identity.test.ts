/** A run uses only its own journal, even if the folder has others: see `docs/decisions/0004-naming-a-run.md`. */
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
    appendFileSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { startSimulator, type Simulator } from "../simulator";
import { stored, type Run } from "./harness";
import { StandInEngine } from "./harness/engine";
import { freshProviderModule, joinedRun, MODULES } from "./harness/package";
import { ProviderProcess } from "./harness/provider-process";
import { inOrganization } from "./harness/surroundings";
import type { Joined } from "./run-identity-container";

const PAYMENTS = "111122223333";
const OTHERS = Array.from({ length: 11 }, (_, index) => String(200_000_000_001 + index));
const CALLER = {
    accountId: "999988887777",
    arn: "arn:aws:iam::999988887777:user/admin",
    region: "us-east-1",
    organizationId: "o-simulated1",
};
const SEED = { accounts: [PAYMENTS, ...OTHERS].map((id) => ({ id, name: `account ${id}` })) };
const ARGV = process.argv;
const SETTINGS = { onDelete: "allow-recovery", confirmed: true, clean: true } as const;

describe("A run whose engine has the address of an earlier engine", function () {
    this.timeout(60_000);
    const engines: StandInEngine[] = [];
    const providers: ProviderProcess[] = [];
    let temporary: string | undefined;
    let folder: string;

    beforeEach(() => {
        temporary = process.env.TMPDIR;
        folder = mkdtempSync(join(tmpdir(), "run-identity-"));
    });
    afterEach(async () => {
        for (const provider of providers.splice(0)) await provider.stop();
        process.argv = ARGV;
        if (temporary === undefined) delete process.env.TMPDIR;
        else process.env.TMPDIR = temporary;
        for (const engine of engines.splice(0)) engine.stop();
        rmSync(folder, { recursive: true });
    });

    /** Loads new modules, so that this process acts as a process of this engine's run. */
    async function processOf(engine: StandInEngine) {
        process.argv = [ARGV[0] ?? "", "dynamic-provider", engine.address];
        const { memberAccountsOfThisRun } = freshProviderModule("run/shared-listing");
        return { ...(await joinedRun()), memberAccountsOfThisRun };
    }

    /** A real process for the provider's methods, because they end their process after the engine. */
    async function providerOf(engine: StandInEngine, simulator: Simulator): Promise<Run> {
        const provider = await ProviderProcess.start(engine);
        providers.push(provider);
        return provider.run({ ...simulator.environment(), TMPDIR: folder });
    }

    /** Writes a line into the journal of the current run, which is the newest one. */
    function write(line: string): void {
        const [runs = ""] = readdirSync(folder).filter((file) => file.startsWith("root-credentials-runs"));
        const journals = readdirSync(join(folder, runs)).filter((file) => file.includes("."));
        appendFileSync(join(folder, runs, journals.sort().at(-1) ?? ""), `${line}\n`);
    }

    async function engineAt(port = 0, runsProgram = false): Promise<StandInEngine> {
        const engine = await StandInEngine.start({ port, runsProgram });
        engines.push(engine);
        return engine;
    }

    type Process = Awaited<ReturnType<typeof processOf>>;

    /** An earlier run appends the events of `tell`. Then a later run has the same address. */
    function afterRunThat(
        tell: (earlier: Process) => void,
        later: (engine: StandInEngine, simulator: Simulator) => Promise<void>,
        runsProgram = false,
    ): Promise<void> {
        return inOrganization({ seed: SEED }, async (simulator) => {
            process.env.TMPDIR = folder;
            const first = await engineAt();
            tell(await processOf(first));
            first.stop();
            await later(await engineAt(first.port, runsProgram), simulator);
        });
    }

    it("shares its events among its own processes", () =>
        inOrganization({ seed: SEED }, async () => {
            process.env.TMPDIR = folder;
            const engine = await engineAt();
            const one = await processOf(engine);
            one.accounts.addInspected(PAYMENTS, SETTINGS);

            const other = await processOf(engine);

            assert.ok(other.accounts.isInspected(PAYMENTS));
            assert.equal(other.store.id, one.store.id);
        }));

    it("is joined by the first call of an exported function", () =>
        inOrganization({ seed: SEED }, async () => {
            process.env.TMPDIR = folder;
            const engine = await engineAt();
            const one = await processOf(engine);
            one.accounts.addOrganization("o-another");
            const exported = freshProviderModule("index");

            const caller = await exported.preflight();
            await exported.storeOfRun().isReady;

            assert.throws(
                () => exported.refuseForeignStack(caller),
                /this stack holds accounts of the organization o-another/,
            );
        }));

    it("shares its events even if the temporary folder has a long path", () =>
        inOrganization({ seed: SEED }, async () => {
            process.env.TMPDIR = join(folder, "long".repeat(25));
            mkdirSync(process.env.TMPDIR);
            const engine = await engineAt();
            const one = await processOf(engine);
            one.accounts.addInspected(PAYMENTS, SETTINGS);

            assert.ok((await processOf(engine)).accounts.isInspected(PAYMENTS));
        }));

    it("assumes neither that a failure is reported nor that all accounts are clean once the connection to its engine is closed", () =>
        inOrganization({ seed: SEED }, async () => {
            process.env.TMPDIR = folder;
            const engine = await engineAt();
            const program = await processOf(engine);
            program.results.announceReport();
            const provider = await processOf(engine);
            assert.ok(provider.results.isReportAnnounced());
            provider.results.addFailure(PAYMENTS, { cause: "blocked", detail: "blocked by an SCP" });
            assert.equal(program.results.failures().length, 1);

            engine.stop();
            await sleep(200);

            const closed = /the connection to Pulumi's engine is closed/;
            assert.throws(
                () => provider.results.addFailure(PAYMENTS, { cause: "blocked", detail: "blocked" }),
                closed,
            );
            assert.throws(() => program.results.failures(), closed);
        }));

    it("has another identity", () => {
        let earlier = "";
        return afterRunThat(
            (run) => (earlier = run.store.id),
            async (engine) => {
                const { store } = await processOf(engine);
                assert.match(store.id, /^[0-9a-f-]{36}$/);
                assert.notEqual(store.id, earlier);
            },
        );
    });

    it("refuses --refresh=false, although the earlier run has inspected the account", () =>
        afterRunThat(
            (run) => run.accounts.addInspected(PAYMENTS, SETTINGS),
            async (engine, simulator) => {
                const run = await providerOf(engine, simulator);

                const { failures } = await run.check(stored(PAYMENTS), { accountId: PAYMENTS });

                assert.match(failures[0]?.reason ?? "", /was not inspected in this run/);
            },
        ));

    it("can declare an account that the earlier run has found gone", () =>
        afterRunThat(
            (run) => run.accounts.addGone(PAYMENTS, { refreshed: true }),
            async (engine) => {
                const { memberAccountsOfThisRun } = await processOf(engine);

                const { active } = await memberAccountsOfThisRun(CALLER);

                assert.ok(active.some(({ id }) => id === PAYMENTS));
            },
        ));

    it("lists the accounts itself, although the earlier run has left its list", () =>
        afterRunThat(
            (run) =>
                run.listing.give(process.pid, {
                    organizationId: CALLER.organizationId,
                    callerAccountId: CALLER.accountId,
                    accounts: { active: [], skipped: [], units: [] },
                }),
            async (engine) => {
                const { memberAccountsOfThisRun } = await processOf(engine);

                const { active } = await memberAccountsOfThisRun(CALLER);

                assert.equal(active.length, SEED.accounts.length);
            },
        ));

    it("restores in pulumi destroy an account that the earlier run has declared", () =>
        afterRunThat(
            (run) => run.accounts.addDeclared(PAYMENTS),
            async (engine, simulator) => {
                const run = await providerOf(engine, simulator);

                await run.delete(PAYMENTS, stored(PAYMENTS));

                assert.ok(simulator.organization.account(PAYMENTS).root.password);
            },
        ));

    it("opens no more accounts than its own maxRemovals allows", () =>
        afterRunThat(
            (run) => run.accounts.addDeclared(PAYMENTS, { maxRemovals: 100 }),
            async (engine, simulator) => {
                const { accounts } = await processOf(engine);
                const run = await providerOf(engine, simulator);
                write('{"is":"program"}');
                accounts.addDeclared(PAYMENTS);
                for (const id of [PAYMENTS, ...OTHERS]) accounts.addInspected(id, SETTINGS);
                const [leaver = ""] = OTHERS;

                await assert.rejects(
                    run.delete(leaver, stored(leaver)),
                    /11 accounts would leave the program in this run, and maxRemovals is 5/,
                );
                assert.equal(simulator.organization.account(leaver).root.password, undefined);
            },
            true,
        ));

    it("opens no account while its program has not joined it", () =>
        inOrganization({ seed: SEED }, async (simulator) => {
            const engine = await engineAt(0, true);
            const run = await providerOf(engine, simulator);
            const [leaver = ""] = OTHERS;
            for (const id of [PAYMENTS, leaver]) await run.read(id, stored(id));
            await run.check(stored(PAYMENTS), { accountId: PAYMENTS });

            await assert.rejects(
                run.delete(leaver, stored(leaver)),
                /recovery of account \d+ was not allowed: this run has no declarations from the program/,
            );
            assert.equal(simulator.organization.account(leaver).root.password, undefined);
        }));

    it("opens no account once a line of its journal cannot be read", () =>
        inOrganization({ seed: SEED }, async (simulator) => {
            const engine = await engineAt();
            const run = await providerOf(engine, simulator);
            await run.read(PAYMENTS, stored(PAYMENTS));
            write('{"is":"declared","acc{"is":"read"}');

            await assert.rejects(
                run.delete(PAYMENTS, stored(PAYMENTS)),
                /was not allowed: Pulumi.s processes cannot share the results of this run .*the events of another process cannot be read/,
            );
            assert.equal(simulator.organization.account(PAYMENTS).root.password, undefined);
        }));

    describe("and that finds a journal there,", () => {
        const servers: Server[] = [];
        afterEach(() => servers.splice(0).forEach((server) => server.close()));

        /** A journal of a run that has inspected and declared the account. `listen` acts as its witness. */
        async function withJournal(
            listen: (path: string) => Server | undefined,
            look: (process: Process) => void,
            text = (journal: string) => journal,
        ): Promise<void> {
            await inOrganization({ seed: SEED }, async () => {
                process.env.TMPDIR = folder;
                const first = await engineAt();
                const { accounts } = await processOf(first);
                accounts.addInspected(PAYMENTS, SETTINGS);
                first.stop();
                const [runs = ""] = readdirSync(folder);
                const name = readdirSync(join(folder, runs)).find((file) => file.includes(".")) ?? "";
                const path = join(folder, runs, name);
                const witness = join(folder, runs, "witness");
                const journal = readFileSync(path, "utf8").replace(
                    /"witness":"[^"]*"/,
                    `"witness":"${witness}"`,
                );
                writeFileSync(path, text(journal));
                const server = listen(witness);
                if (server) servers.push(server);
                look(await processOf(await engineAt(first.port)));
            });
        }

        const remembers = (earlier: boolean) => (later: Process) => {
            assert.equal(later.store.notShared, undefined);
            assert.equal(later.accounts.isInspected(PAYMENTS), earlier);
        };

        it("uses it if its writer confirms that it belongs to this run", () =>
            withJournal((path) => createServer((socket) => socket.end("yes")).listen(path), remembers(true)));

        for (const [what, listen] of [
            ["whose writer has ended", () => undefined],
            [
                "whose writer's run has ended",
                (path: string) => createServer((socket) => socket.destroy()).listen(path),
            ],
            [
                "at whose socket another program answers",
                (path: string) => createServer((socket) => socket.end("yes, and more")).listen(path),
            ],
        ] as const) {
            it(`${what}, begins its own journal`, () => withJournal(listen, remembers(false)));
        }

        for (const [what, text] of [
            ["that is empty", () => ""],
            ["whose first line is not whole", (journal: string) => journal.slice(0, 20)],
        ] as const) {
            it(`${what}, begins its own journal once no process can be writing the first line any more`, async () => {
                const { now } = Date;
                const begun = now();
                // In this test, a hundred milliseconds count as ten seconds.
                Date.now = () => begun + (now() - begun) * 100;
                try {
                    await withJournal(() => undefined, remembers(false), text);
                } finally {
                    Date.now = now;
                }
            });
        }
    });
});

describe("A provider process", function () {
    this.timeout(60_000);
    let folder: string;
    let simulator: Simulator;
    const processes: ProviderProcess[] = [];

    beforeEach(async () => {
        folder = mkdtempSync(join(tmpdir(), "run-identity-"));
        simulator = await startSimulator({ seed: SEED });
    });
    afterEach(async () => {
        for (const each of processes.splice(0)) await each.stop();
        await simulator.close();
        rmSync(folder, { recursive: true });
    });

    async function processAt(engine: StandInEngine, preamble = "") {
        const process = await ProviderProcess.start(engine);
        processes.push(process);
        return { process, run: process.run({ ...simulator.environment(), TMPDIR: folder }, preamble) };
    }

    it("whose engine is killed leaves no events to the next run at the same port", async () => {
        const first = await StandInEngine.start();
        const { run } = await processAt(first);
        await run.read(PAYMENTS, stored(PAYMENTS));

        first.stop();
        const second = await StandInEngine.start({ port: first.port });
        const later = await processAt(second);

        const { failures } = await later.run.check(stored(PAYMENTS), { accountId: PAYMENTS });
        assert.match(failures[0]?.reason ?? "", /was not inspected in this run/);
    });

    it("opens no account if a stopped process of an earlier run does not answer", async () => {
        const first = await StandInEngine.start();
        const earlier = await processAt(first);
        await earlier.run.read(PAYMENTS, stored(PAYMENTS));
        earlier.process.signal("SIGSTOP");
        first.stop();
        const second = await StandInEngine.start({ port: first.port });
        const soon = `require(${JSON.stringify(join(MODULES, "process/timeouts"))}).timeouts.witnessTimeout = 200;`;

        const later = await processAt(second, soon);

        const { failures } = await later.run.check(stored(PAYMENTS), { accountId: PAYMENTS });
        assert.match(failures[0]?.reason ?? "", /was not inspected in this run/);
        await assert.rejects(
            later.run.delete(PAYMENTS, stored(PAYMENTS)),
            /recovery of account 111122223333 was not allowed: .*did not answer/,
        );
        assert.equal(simulator.organization.account(PAYMENTS).root.password, undefined);

        earlier.process.signal("SIGCONT");
        await earlier.process.hasEnded();
        const { props } = await later.run.read(PAYMENTS, stored(PAYMENTS));
        assert.equal(props.auditError, "");
    });
});

describe("Two containers that share a temporary folder, process ids and a port", function () {
    this.timeout(60_000);
    const UNSHARE = [
        "--map-root-user",
        "--net",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
        "bash",
        "-c",
    ];
    const containers: Container[] = [];
    let folder: string;

    before(function () {
        if (spawnSync("unshare", [...UNSHARE, "ip link set lo up"]).status !== 0) this.skip();
        folder = mkdtempSync(join(tmpdir(), "run-identity-"));
    });
    after(() => {
        for (const container of containers) container.child.kill("SIGKILL");
        if (folder) rmSync(folder, { recursive: true });
    });

    interface Container {
        child: ChildProcess;
        answers: AsyncIterator<string>;
    }

    function begin(): Container {
        const script = join(__dirname, "run-identity-container.js");
        const child = spawn(
            "unshare",
            [...UNSHARE, 'ip link set lo up; "$0" "$1"; true', process.execPath, script],
            { env: { ...process.env, TMPDIR: folder }, stdio: ["pipe", "pipe", "inherit"] },
        );
        const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
        const container = { child, answers };
        containers.push(container);
        return container;
    }

    /** Lets another process join the container's run, and returns the events that it reads. */
    async function joined({ child, answers }: Container): Promise<Joined> {
        child.stdin?.write("join\n");
        const answer = await answers.next();
        return JSON.parse(String(answer.value)) as Joined;
    }

    it("run at the same time, and each uses its own journal", async () => {
        const one = begin();
        const first = await joined(one);
        one.child.stdin?.write(`tell ${PAYMENTS}\n`);
        const other = begin();

        const inOther = await joined(other);
        const inOne = await joined(one);

        assert.equal(inOther.pid, first.pid);
        assert.equal(inOther.engine, first.engine);
        assert.notEqual(inOther.id, first.id);
        assert.deepEqual(inOther.read, []);
        assert.deepEqual(inOne, { ...first, read: [PAYMENTS] });
    });
});
