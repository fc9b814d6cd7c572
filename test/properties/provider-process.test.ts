import { CLIMATES } from "./climates";
import { holds } from "./hold";
import { inProviderProcess } from "./stage";

describe("Whatever goes wrong, in Pulumi's provider process", function () {
    this.timeout(300_000);
    const { stage, stop } = inProviderProcess();
    after(stop);

    it("nothing is called clean that is not, and nothing is touched that should not be", async () => {
        const tally = await holds({ climate: CLIMATES.process, runs: 100, stage });
        console.log(tally, process.cpuUsage().user / 1000);
    });
});
