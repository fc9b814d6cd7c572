import assert from "node:assert/strict";
import { CLIMATES } from "./climates";
import { holds } from "./hold";
import { withoutSockets } from "./stage";

describe("In 1,000 organizations where runs are killed", function () {
    this.timeout(300_000);

    it("nothing is called clean that is not, nothing else is touched, and a calm up converges", async () => {
        const climate = CLIMATES.interruptions;

        const { killed, cases } = await holds({ climate, runs: 1_000, stage: withoutSockets() });

        assert.ok(killed > cases / 5 || process.env.FC_PATH, `only ${killed} runs were killed`);
    });
});
