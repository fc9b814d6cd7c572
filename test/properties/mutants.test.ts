import assert from "node:assert/strict";
import { CLIMATES } from "./climates";
import { firstViolation } from "./hold";
import { MUTANTS } from "./mutants";
import { withoutSockets } from "./stage";

/** Fixed, so that a mutant is caught by the same case every time. */
const SEED = 20_260_912;

describe("The properties catch a provider that", function () {
    this.timeout(120_000);

    for (const { does, changes, caughtBy } of MUTANTS) {
        it(does, async () => {
            const holding = { climate: CLIMATES.faults, runs: 400, stage: withoutSockets(changes) };

            const found = await firstViolation(holding, SEED);

            assert.ok(found, "nothing was noticed");
            if (process.env.FC_TALLY) console.log(`      ${found.cases}: ${found.law}`);
            assert.match(found.law, caughtBy);
        });
    }
});
