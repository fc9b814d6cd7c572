import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hang, startSimulator, type Simulator } from "../simulator";
import { desired, stored, type Run } from "./harness";
import { StandInEngine } from "./harness/engine";
import { ProviderProcess } from "./harness/provider-process";

const PAYMENTS = "111122223333";
const ROOT = { accessKeys: [{ id: "AKIAROOTKEY000000001" }], password: {} };

describe("A provider process whose engine", function () {
    this.timeout(30_000);
    let folder: string;
    let record: string;
    let simulator: Simulator;
    let provider: ProviderProcess;
    let run: Run;

    beforeEach(async () => {
        folder = mkdtempSync(join(tmpdir(), "orphan-"));
        record = join(folder, "record.jsonl");
        const accounts = [{ id: PAYMENTS, name: "payments", root: ROOT }];
        simulator = await startSimulator({ seed: { accounts } });
        provider = await ProviderProcess.start();
        run = provider.run({ ...simulator.environment(), ROOT_CREDENTIALS_RECORD_FILE: record });
    });

    afterEach(async () => {
        await provider.stop();
        await simulator.close();
        rmSync(folder, { recursive: true });
    });

    const actions = () => simulator.requests.actions();
    const writes = () => actions().filter((action) => /^(Delete|Deactivate)/.test(action));
    const events = () =>
        (existsSync(record) ? readFileSync(record, "utf8") : "")
            .split("\n")
            .filter(Boolean)
            .map((line) => JSON.parse(line) as { event: string; id: string });

    /** Kills the engine. Returns the milliseconds until the process has ended. */
    async function loseEngine(): Promise<number> {
        const begun = Date.now();
        await provider.loseEngine();
        return Date.now() - begun;
    }

    /** Begins a removal, and waits until AWS has received its first write. */
    async function removingUntil(sent: () => boolean): Promise<void> {
        run.create(desired(PAYMENTS)).catch(() => {}); // the call breaks with the process
        while (!sent()) await sleep(5);
    }

    it("has ended exits within seconds", async () => {
        await run.read(PAYMENTS, stored(PAYMENTS));

        assert.ok((await loseEngine()) < 3_000);
    });

    it("has ended finishes the current write, records its result, and begins no other", async () => {
        simulator.organization.latency.set(1_500, "DeleteAccessKey");
        await removingUntil(() => events().length > 0);

        await loseEngine();

        assert.deepEqual(writes(), ["DeleteAccessKey"]);
        assert.deepEqual(
            events().map(({ event, id }) => `${event} ${id}`),
            ["attempt AKIAROOTKEY000000001", "done AKIAROOTKEY000000001"],
        );
        assert.ok(simulator.organization.account(PAYMENTS).root.password);
    });

    it("has ended does not wait long for a write that AWS does not answer", async () => {
        simulator.organization.failAlways("DeleteAccessKey", hang());
        await removingUntil(() => writes().length > 0);

        assert.ok((await loseEngine()) < 8_000);
        assert.deepEqual(
            events().map(({ event }) => event),
            ["attempt"],
        );
    });

    it("has ended begins no write after an inspection", async () => {
        simulator.organization.latency.set(1_500, "ListAccessKeys");
        await removingUntil(() => actions().includes("AssumeRoot"));

        await loseEngine();

        assert.deepEqual(writes(), []);
        assert.deepEqual(events(), []);
    });
});

describe("The origin of a delete, asked of an engine", function () {
    this.timeout(30_000);

    it("that does not answer, is unknown, so no account is restored", async () => {
        const accounts = [{ id: PAYMENTS, name: "payments" }];
        const simulator = await startSimulator({ seed: { accounts } });
        const engine = await StandInEngine.start({ answers: false });
        const provider = await ProviderProcess.start(engine);
        try {
            const run = provider.run(simulator.environment());
            await run.read(PAYMENTS, stored(PAYMENTS));

            await assert.rejects(
                run.delete(PAYMENTS, stored(PAYMENTS)),
                /recovery of account 111122223333 was not allowed: Pulumi's engine at 127\.0\.0\.1:\d+ did not answer: .*Run again/,
            );

            assert.equal(simulator.organization.account(PAYMENTS).root.password, undefined);
            assert.equal(simulator.requests.of("CreateLoginProfile").length, 0);
        } finally {
            await provider.stop();
            await simulator.close();
        }
    });
});
