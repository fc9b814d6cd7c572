import { CLIMATES } from "./climates";
import { holds } from "./hold";
import { inProviderProcess } from "./stage";

describe("In 100 organizations where anything goes wrong, in Pulumi's provider process", function () {
    this.timeout(600_000);
    const { stage, stop } = inProviderProcess();

    after(stop);

    it("nothing is called clean that is not, nothing else is touched, and a calm up converges", async () => {
        await holds({ climate: CLIMATES.process, runs: 100, stage });
    });
});
