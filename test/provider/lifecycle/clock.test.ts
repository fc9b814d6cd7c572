/** A machine with a wrong clock. AWS's SDK corrects it silently, but recent uses and the ends of exceptions depend on it. */
import assert from "node:assert/strict";
import { startSimulator, type Simulator } from "../../simulator";
import { desired } from "../harness";
import { ProviderProcess } from "../harness/provider-process";

const PAYMENTS = "111122223333";
const KEY = "AKIAROOTKEY000000001";
const DAY = 24 * 60 * 60 * 1000;

describe("A wrong clock", () => {
    let simulator: Simulator;
    let process: ProviderProcess;

    beforeEach(async () => {
        const lastUsed = new Date(Date.now() - DAY).toISOString();
        const root = { accessKeys: [{ id: KEY, lastUsed }] };
        simulator = await startSimulator({ seed: { accounts: [{ id: PAYMENTS, name: "payments", root }] } });
        process = await ProviderProcess.start();
    });
    afterEach(async () => {
        await process.stop();
        await simulator.close();
    });

    const runAt = (wrongBy: number) =>
        process.run(
            simulator.environment(),
            `const now = Date.now; Date.now = () => now() + ${wrongBy}; // the only clock of the process and its modules`,
        );

    for (const [wrongBy, message] of [
        [40 * DAY, /this machine's clock is 57600 minutes ahead of AWS's/],
        [-10 * 60 * 1000, /this machine's clock is 10 minutes behind AWS's/],
    ] as const) {
        it(`stops the run before an account is inspected: ${message.source}`, async () => {
            const guarded = desired(PAYMENTS, { refuseIfUsedWithinDays: 30 });

            await assert.rejects(runAt(wrongBy).create(guarded), message);

            assert.deepEqual(
                simulator.organization.rootCredentialsLeft().map(({ id }) => id),
                [KEY],
            );
            assert.equal(simulator.requests.of("AssumeRoot").length, 0);
        });
    }

    it("may be off by a minute", async () => {
        await runAt(60 * 1000).create(desired(PAYMENTS));

        assert.deepEqual(simulator.organization.rootCredentialsLeft(), []);
    });
});
