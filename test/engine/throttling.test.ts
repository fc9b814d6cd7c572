import assert from "node:assert/strict";
import { throttledOrganization } from "../throttled-organization";
import { Stack } from "./stack";

const ACCOUNTS = 200;
const DIRTY = 40;

describe("An organization of more accounts than AWS lets one ask about at once", function () {
    this.timeout(360_000);
    let stack: Stack;

    before(async () => {
        // A third of the limit's own time with 5 a second; scripts/bench/throttling.ts measures at that rate.
        const limits = { AssumeRoot: { perSecond: 15, burst: 5 } };
        stack = await Stack.over(throttledOrganization(ACCOUNTS), { limits });
    });
    after(() => stack?.close());

    const all = { PULUMI_PARALLEL: "256" };

    it("is looked at to the last account with all of them in flight", async () => {
        const { exitCode, output } = await stack.preview("--expect-no-changes", all);

        assert.equal(exitCode, 7, output);
        assert.match(output, /200 of 200 accounts inspected: 40 drifted, 160 clean; /);
        assert.ok(throttledCalls() > 0, "the limit was met");
    });

    it("is converged to the last account", async () => {
        assert.equal(new Set(stack.left().map((credential) => credential.split(" ")[0])).size, DIRTY);

        const { exitCode, output } = await stack.up("--skip-preview", all);

        assert.equal(exitCode, 0, output);
        assert.deepEqual(stack.left(), []);
    });

    it("is found clean to the last account", async () => {
        const { exitCode, output } = await stack.preview("--expect-no-changes", all);

        assert.equal(exitCode, 0, output);
        assert.match(output, /200 of 200 accounts inspected: 200 clean; /);
    });

    it("costs a bounded number of calls", () => {
        const sessions = 3 * ACCOUNTS + DIRTY;
        const attempts = stack.simulator.requests.of("AssumeRoot").length;

        assert.equal(attempts - throttledCalls(), sessions);
        assert.ok(attempts <= 3 * sessions, `${attempts} attempts for ${sessions} sessions`);
    });

    function throttledCalls(): number {
        return stack.simulator.requests.of("AssumeRoot").filter(({ errorCode }) => errorCode === "Throttling")
            .length;
    }
});
