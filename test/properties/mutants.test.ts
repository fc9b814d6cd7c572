import assert from "node:assert/strict";
import { join } from "node:path";
import * as fc from "fast-check";
import { MODULES } from "../provider/harness/package";
import { cases } from "./case";
import { CLIMATES } from "./climates";
import { firstViolation } from "./hold";
import { MUTANTS } from "./mutants";
import { play } from "./play";
import { inProviderProcess, withoutSockets } from "./stage";

/** Fixed, so that a mutant is caught by the same case every time. */
const SEED = 20_260_912;

/** Changes that show where processes of two runs meet: what the provider's process does before a run. */
const MUTANTS_OF_PROCESSES = [
    {
        does: "trusts a journal for its name",
        breaking: `Object.assign(require(${JSON.stringify(join(MODULES, "run/same-run"))}), { confirm: async () => {} });`,
        caughtBy: /recovery of \d+ is reported as allowed, but no login profile was seen/,
    },
];

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

    for (const { does, breaking, caughtBy } of MUTANTS_OF_PROCESSES) {
        it(does, async () => {
            const { stage, stop } = inProviderProcess({ breaking, oneRunEach: true });
            const [plan] = fc.sample(cases(CLIMATES.process), { seed: SEED, numRuns: 1 });
            assert.ok(plan);
            const calm = {
                ...{ drops: [], renames: [], troubles: [], meanwhile: [], end: undefined },
                ...{ elsewhere: false, omitsOrganizationId: false },
            };
            const steps = (["up", "destroy"] as const).map((command) => ({ ...calm, command }));
            try {
                await assert.rejects(play({ ...plan, steps }, stage), caughtBy);
            } finally {
                await stop();
            }
        });
    }
});
