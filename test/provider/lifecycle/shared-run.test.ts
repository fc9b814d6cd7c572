import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator, type Simulator } from "../../simulator";
import { desired, stored, type Run } from "../harness";
import { StandInEngine } from "../harness/engine";
import { ProviderProcess } from "../harness/provider-process";

const PAYMENTS = "111122223333";

/** If the stack's configuration has changed, the engine refreshes with one process and continues with another one. */
describe("Two provider processes of one run", () => {
    const processes: ProviderProcess[] = [];
    let folder: string;
    let simulator: Simulator;
    let refreshing: Run;
    let updating: Run;

    before(async () => {
        const engine = await StandInEngine.start();
        processes.push(await ProviderProcess.start(engine), await ProviderProcess.start(engine));
    });

    after(() => Promise.all(processes.map((process) => process.stop())));

    beforeEach(async () => {
        simulator = await startSimulator({ seed: { accounts: [{ id: PAYMENTS, name: "payments" }] } });
        folder = mkdtempSync(join(tmpdir(), "shared-run-"));
        const environment = { ...simulator.environment(), TMPDIR: folder };
        const [one, other] = processes.map((process) => process.run(environment));
        assert.ok(one && other);
        [refreshing, updating] = [one, other];
    });

    afterEach(async () => {
        await simulator.close();
        rmSync(folder, { recursive: true });
    });

    it("know from each other which accounts were inspected", async () => {
        const before = await updating.check(desired(PAYMENTS), { accountId: PAYMENTS });
        await refreshing.read(PAYMENTS, stored(PAYMENTS));
        const after = await updating.check(desired(PAYMENTS), { accountId: PAYMENTS });

        assert.match(before.failures[0]?.reason ?? "", /was not inspected in this run/);
        assert.deepEqual(after.failures, []);
    });

    it("know from each other which accounts the program still declares", async () => {
        await updating.check({}, { accountId: PAYMENTS });

        await refreshing.delete(PAYMENTS, stored(PAYMENTS));

        assert.equal(simulator.organization.account(PAYMENTS).root.password, undefined);
        assert.match(await refreshing.end(), /is still declared by the program/);
    });

    it("have one common limit of accounts that may leave", async () => {
        await refreshing.read(PAYMENTS, stored(PAYMENTS));
        await updating.check({}, { accountId: "444455556666", maxRemovals: 0 });

        await assert.rejects(refreshing.delete(PAYMENTS, stored(PAYMENTS)), /maxRemovals is 0/);
    });
});
