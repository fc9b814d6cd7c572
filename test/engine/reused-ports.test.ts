import assert from "node:assert/strict";
import { canLimitPorts, withFewPorts } from "./few-ports";
import type { InlineRun } from "./inline-runs";
import type { Outcome } from "./reused-ports";

describe("Where engines get the addresses of earlier engines", function () {
    this.timeout(900_000);

    before(function () {
        if (!canLimitPorts()) this.skip(); // `run-identity.test.ts` shows the same without a network of its own
    });

    it("each of sixty runs of two stacks does as on a machine of its own", async () => {
        const outcomes = await withFewPorts<Outcome>("reused-ports.js");

        assert.equal(outcomes.length, 60);
        assert.deepEqual(
            outcomes.filter(({ wrong }) => wrong !== ""),
            [],
        );
    });

    it("each run of an inline program, which lives on across runs, sees what it inspected itself", async () => {
        const runs = await withFewPorts<InlineRun>("inline-runs.js");

        const addresses = new Set(runs.map(({ engine }) => engine));
        assert.ok(addresses.size < runs.length, "no engine had the address of an earlier one");
        assert.equal(new Set(runs.map(({ id }) => id)).size, runs.length);
        assert.ok(runs.every(({ id }) => id !== ""));
        for (const { expected, said } of runs) assert.equal(said, expected);
    });
});
