import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { idleProviders, type Process, processesOf, signal, type Victim } from "./processes";
import { Stack, totalsOf, type Run } from "./stack";

const IDS = ["111111111111", "222222222222", "333333333333", "444444444444"];

/** A moment of an `up`, told by what AWS has been asked since it began. */
interface Moment {
    name: string;
    isCome: (asked: string[]) => boolean;
}

const times = (action: string, count: number) => (asked: string[]) =>
    asked.filter((each) => each === action).length >= count;

const LOOKING: Moment = { name: "while it looks", isCome: times("GetAccountSummary", 2) };
/** Every account was looked at with a session of its own; the next session is for writing. */
const BEFORE_WRITES: Moment = {
    name: "before the first write",
    isCome: times("AssumeRoot", IDS.length + 1),
};
const BETWEEN_WRITES: Moment = {
    name: "between two writes of an account",
    isCome: times("DeleteSigningCertificate", 1),
};
const LAST_LOOK: Moment = { name: "at the last look", isCome: times("DeactivateMFADevice", 1) };

describe("After an up was killed, whoever died and whenever", function () {
    this.timeout(300_000);
    let stack: Stack;
    let record: string;
    let planted: string[];
    let idle: Process[] = [];
    let environment: NodeJS.ProcessEnv;

    before(async function () {
        if (process.platform !== "linux") this.skip(); // where else processes tell their environment is another matter
        const accounts = IDS.map((id) => ({ id, name: `account-${id.slice(0, 1)}` }));
        stack = await Stack.over({ accounts });
        record = join(stack.project, "record.jsonl");
        environment = { ROOT_CREDENTIALS_RECORD_FILE: record };
    });
    after(() => stack?.close());

    beforeEach(() => {
        const { organization } = stack;
        for (const id of IDS.slice(1)) {
            organization.setRootPassword(id);
            organization.createRootAccessKey(id);
            const created = new Date("2026-01-01T00:00:00Z");
            organization.account(id).root.signingCertificates.push({
                id: `XBICROOTCERTIFICATE${id.slice(0, 5)}`,
                status: "Active",
                created,
            });
            organization.account(id).root.mfaDevices.push({
                serial: `GAHT${id.slice(0, 8)}`,
                enabled: created,
            });
        }
        planted = stack.left();
        writeFileSync(record, "");
    });

    /** Runs up and sends the signals when the moment has come. */
    async function interruptedUp(
        moment: Moment,
        strike: () => Promise<void> | void,
        { flags = "--skip-preview", variables = {} }: { flags?: string; variables?: NodeJS.ProcessEnv } = {},
    ): Promise<Run> {
        stack.simulator.requests.clear();
        stack.organization.latency.set(80);
        let ended = false;
        const running = stack.up(flags, { ...environment, ...variables }).finally(() => (ended = true));
        while (!moment.isCome(stack.simulator.requests.actions())) {
            if (ended) assert.fail(`up ended before the moment came: ${(await running).output}`);
            await sleep(3);
        }
        await strike();
        const run = await running;
        await nobodyIsLeft();
        stack.organization.latency.set(0);
        return run;
    }

    function kill(victim: Victim, name: NodeJS.Signals = "SIGKILL"): void {
        idle = victim === "cli" && name === "SIGKILL" ? idleProviders(dirname(stack.project)) : [];
        assert.ok(signal(dirname(stack.project), victim, name) > 0, `there was no ${victim} to kill`);
    }

    async function nobodyIsLeft(): Promise<void> {
        const deadline = Date.now() + 10_000;
        for (const { pid } of idle) process.kill(pid, "SIGKILL");
        const left = () => processesOf(dirname(stack.project));
        while (left().length > 0 && Date.now() < deadline) await sleep(50);
        assert.deepEqual(left(), [], "processes of the run that outlived it by 10 seconds");
    }

    function recorded(): { event: string; accountId: string; id: string; session: string }[] {
        const lines = existsSync(record) ? readFileSync(record, "utf8").split("\n").filter(Boolean) : [];
        return lines.map((line) => JSON.parse(line) as ReturnType<typeof recorded>[number]);
    }

    /** Whatever is gone from the server was announced in the record first. */
    function everythingGoneIsRecorded(): void {
        const attempts = recorded()
            .filter(({ event }) => event === "attempt")
            .map(({ accountId, id }) => `${accountId} ${id}`);
        const left = stack.left();
        for (const credential of planted.filter((each) => !left.includes(each))) {
            const [accountId, , id] = credential.split(" ");
            assert.ok(attempts.includes(`${accountId} ${id}`), `${credential} went without a record`);
        }
    }

    /** The preview counts as clean what is clean on the server, and nothing else. */
    async function previewTellsTheTruth(): Promise<void> {
        const preview = await stack.preview("", environment);
        assert.equal(preview.exitCode, 0, preview.output);
        const dirty = new Set(stack.left().map((credential) => credential.split(" ")[0])).size;
        const clean = { accounts: 4, inspected: 4, clean: 4 - dirty, unreadable: 0, notInspected: 0 };
        assert.partialDeepStrictEqual(totalsOf(preview), { ...clean, drifted: dirty });
    }

    /** The next up, after `pulumi cancel` where the dead CLI left its lock, does the rest. */
    async function nextUpConverges({ locked }: { locked: boolean }): Promise<void> {
        if (locked) {
            const cancelled = await stack.pulumi("cancel --yes", environment);
            assert.equal(cancelled.exitCode, 0, cancelled.output);
        }
        const up = await stack.up("--skip-preview", environment);
        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), []);
        assert.equal(stack.simulator.requests.of("CreateLoginProfile").length, 0);
    }

    /** Beside that up itself, which has looked again after each removal. */
    async function previewFindsAllClean(): Promise<void> {
        const again = await stack.preview("--expect-no-changes", environment);
        assert.equal(again.exitCode, 0, again.output);
        assert.equal(totalsOf(again).clean, 4);
    }

    /** An engine that dies leaves no write half recorded: what AWS was asked was answered, and the answer written down. */
    function everyAttemptHasItsResult(): void {
        const of = (wanted: (event: string) => boolean) =>
            recorded()
                .filter(({ event }) => wanted(event))
                .map(({ accountId, id, session }) => `${accountId} ${id} ${session}`)
                .sort();
        assert.deepEqual(
            of((event) => event === "attempt"),
            of((event) => event !== "attempt"),
        );
    }

    it("in a first up, the CLI between two writes: the rest of the record is written, and the next up goes on", async () => {
        const run = await interruptedUp(BETWEEN_WRITES, () => kill("cli"));

        assert.notEqual(run.exitCode, 0);
        assert.notDeepEqual(stack.left(), []);
        assert.ok((await pendingOperations()).length > 0, "the state tells of creates under way");
        everyAttemptHasItsResult();
        everythingGoneIsRecorded();
        await previewTellsTheTruth();
        const refused = await stack.up("--skip-preview", environment);
        assert.equal(refused.exitCode, 1);
        assert.match(refused.output, /the stack is currently locked by 1 lock.*pulumi cancel/s);
        await nextUpConverges({ locked: true });
        await previewFindsAllClean();

        // What they leave in the state stands in nobody's way, and goes when it is told to.
        assert.ok((await pendingOperations()).length > 0);
        const refresh = await stack.pulumi("refresh --yes --clear-pending-creates", environment);
        assert.equal(refresh.exitCode, 0, refresh.output);
        assert.deepEqual(await pendingOperations(), []);
    });

    it("the CLI while accounts are looked at", async () => {
        const run = await interruptedUp(LOOKING, () => kill("cli"));

        assert.notEqual(run.exitCode, 0);
        assert.deepEqual(stack.left(), planted);
        assert.deepEqual(recorded(), []);
        await nextUpConverges({ locked: true });
    });

    it("the CLI at the last look, with skipped checkpoints: what was removed is in the record", async () => {
        const variables = { PULUMI_SKIP_CHECKPOINTS: "true" };

        await interruptedUp(LAST_LOOK, () => kill("cli"), { variables });

        everyAttemptHasItsResult();
        everythingGoneIsRecorded();
        await previewTellsTheTruth();
        await nextUpConverges({ locked: true });
    });

    it("the provider between two writes: every account under way fails, and none is stored as clean", async () => {
        const run = await interruptedUp(BETWEEN_WRITES, () => kill("provider"));

        assert.equal(run.exitCode, 1, run.output);
        assert.match(run.output, /error reading from server: EOF/);
        everythingGoneIsRecorded();
        const clean = [...(await stack.resources())].flatMap(([id, { outputs }]) =>
            outputs.loginProfile === "absent" ? [id] : [],
        );
        assert.deepEqual(clean, [IDS[0]]);
        await previewTellsTheTruth();
        await nextUpConverges({ locked: false });
        await previewFindsAllClean();
    });

    it("the program before the first write: what is under way is finished, and nothing is restored", async () => {
        const run = await interruptedUp(BEFORE_WRITES, () => kill("program"));

        assert.equal(run.exitCode, 1, run.output);
        assert.match(run.output, /Program exited with SIGKILL/);
        everyAttemptHasItsResult();
        await nextUpConverges({ locked: false });
    });

    it("the program itself in the middle of declaring: the accounts that it did not come to are not restored", async () => {
        const manifest = join(stack.project, "package.json");
        const own = readFileSync(manifest);
        stack.program(HALF_A_PROGRAM);
        stack.simulator.requests.clear();

        const run = await stack.up("--skip-preview", environment);

        writeFileSync(manifest, own);
        assert.equal(run.exitCode, 1, run.output);
        assert.match(run.output, /Program exited with SIGKILL/);
        assert.equal(stack.simulator.requests.of("CreateLoginProfile").length, 0);
        assert.equal((await stack.resources()).size, IDS.length);
        await nextUpConverges({ locked: false });
    });

    it("SIGTERM to the CLI lets the accounts under way finish, and leaves no lock", async () => {
        const run = await interruptedUp(BETWEEN_WRITES, () => kill("cli", "SIGTERM"));

        assert.equal(run.exitCode, 1, run.output);
        assert.match(run.output, /SIGTERM received; cancelling/);
        everyAttemptHasItsResult();
        await nextUpConverges({ locked: false });
    });

    it("a CLI that is stopped for a while is not taken for dead", async () => {
        const run = await interruptedUp(BETWEEN_WRITES, async () => {
            kill("cli", "SIGSTOP");
            await sleep(4_000);
            kill("cli", "SIGCONT");
        });

        assert.equal(run.exitCode, 0, run.output);
        assert.deepEqual(stack.left(), []);
        everyAttemptHasItsResult();
    });

    const seed = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 1_000_000));
    it(`somebody at some moment (CRASH_SEED=${seed})`, async () => {
        const victim = (["cli", "program", "provider"] as const)[seed % 3] ?? "cli";
        // A preview and the refresh of an up ask some 20 questions each, the removals some 40.
        const requests = 5 + (Math.floor(seed / 3) % 60);
        const moment = { name: "some moment", isCome: ({ length }: string[]) => length >= requests };
        // Between preview and update there are moments without provider or program: then the CLI dies.
        const strike = () =>
            signal(dirname(stack.project), victim, "SIGKILL") > 0 ? undefined : kill("cli");

        const run = await interruptedUp(moment, strike, { flags: "" });

        assert.notEqual(run.exitCode, 0, run.output);
        everythingGoneIsRecorded();
        await previewTellsTheTruth();
        await nextUpConverges({ locked: isLocked() });
        await previewFindsAllClean();
    });

    function isLocked(): boolean {
        const locks = join(dirname(stack.project), "state/.pulumi/locks");
        return (
            existsSync(locks) &&
            readdirSync(locks, { recursive: true }).some((name) => /json$/.test(String(name)))
        );
    }

    async function pendingOperations(): Promise<unknown[]> {
        const { stdout } = await stack.pulumi("stack export");
        const { deployment } = JSON.parse(stdout) as { deployment: { pending_operations?: unknown[] } };
        return deployment.pending_operations ?? [];
    }
});

/** Declares half of the accounts and dies. */
const HALF_A_PROGRAM = `
    const pulumi = require("@pulumi/pulumi");
    const { RootCredentialsAbsent } = require("pulumi-aws-root-credentials");
    const declared = ${JSON.stringify(IDS.slice(0, 2))}.map((id) => new RootCredentialsAbsent(id, { accountId: id }));
    pulumi.all(declared.map(({ urn }) => urn)).apply(() => process.kill(process.pid, "SIGKILL"));
    setInterval(() => {}, 1000);`;
