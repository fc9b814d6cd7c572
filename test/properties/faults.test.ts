import { CLIMATES } from "./climates";
import { holds } from "./hold";
import { withoutSockets } from "./stage";

describe("In 1,000 organizations where anything goes wrong", function () {
    this.timeout(300_000);

    it("nothing is called clean that is not, nothing else is touched, and a calm up converges", async () => {
        await holds({ climate: CLIMATES.faults, runs: 1_000, stage: withoutSockets() });
    });
});
