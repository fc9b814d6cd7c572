/** What a large stack is spared on the real engine: a second listing, and waiting for nothing. */
import assert from "node:assert/strict";
import { Stack } from "./stack";

const ACCOUNTS = 130;
const PAGES = Math.ceil((ACCOUNTS + 1) / 20);
const SLOW = 300;

const SEED = {
    accounts: Array.from({ length: ACCOUNTS }, (_, index) => ({
        id: String(100_000_000_001 + index),
        name: `account-${index}`,
        unit: `Workloads/${index % 3}`,
    })),
};

describe("A stack of many accounts", function () {
    this.timeout(240_000);
    let stack: Stack;

    before(async () => {
        stack = await Stack.over(SEED);
    });
    after(() => stack.close());

    it("is created and found clean", async () => {
        const { output, exitCode } = await stack.up("--skip-preview");

        assert.equal(exitCode, 0, output);
    });

    it("has its organization listed while the refresh goes on, and once", async () => {
        stack.organization.latency.set(SLOW, "AssumeRoot");
        stack.simulator.requests.clear();

        const { output } = await stack.preview("", { PULUMI_PARALLEL: "64" });

        assert.match(output, /130 of 130 accounts inspected: 130 clean/);
        const { requests } = stack.simulator;
        const listings = requests.of("ListAccounts");
        assert.equal(listings.length, PAGES);
        const lastSession = Math.max(...requests.of("AssumeRoot").map(({ time }) => time.getTime()));
        assert.ok((listings[0]?.time.getTime() ?? Infinity) < lastSession, "listed after the refresh");
    });

    it("sees an account that has joined", async () => {
        stack.organization.join({ id: "200000000001", name: "late", root: { password: {} } });

        const { output, exitCode } = await stack.preview("--expect-no-changes", { PULUMI_PARALLEL: "64" });

        assert.equal(exitCode, 7, output);
        assert.match(output, /✖ 200000000001 late +drifted\n.* password /);
    });
});
