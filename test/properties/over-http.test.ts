import { CLIMATES } from "./climates";
import { holds } from "./hold";
import { overHttp } from "./stage";

describe("Whatever goes wrong, over HTTP", function () {
    this.timeout(300_000);

    it("nothing is called clean that is not, and nothing is touched that should not be", async () => {
        const tally = await holds({ climate: CLIMATES.sockets, runs: 100, stage: overHttp });
        console.log(tally, process.cpuUsage().user / 1000);
    });
});
