import { CLIMATES } from "./climates";
import { holds } from "./hold";
import { withoutSockets } from "./stage";

describe("Whenever a run is killed", function () {
    this.timeout(300_000);

    it("nothing is called clean that is not, and nothing is touched that should not be", async () => {
        const tally = await holds({ climate: CLIMATES.interruptions, runs: 1_000, stage: withoutSockets() });
        console.log(tally, process.cpuUsage().user / 1000);
    });
});
