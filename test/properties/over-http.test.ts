import { CLIMATES } from "./climates";
import { holds } from "./hold";
import { overHttp } from "./stage";

describe("In 100 organizations where anything goes wrong, over HTTP", function () {
    this.timeout(300_000);

    it("nothing is called clean that is not, nothing else is touched, and a calm up converges", async () => {
        await holds({ climate: CLIMATES.sockets, runs: 100, stage: overHttp });
    });
});
