import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as wordsModule from "../../../provider/report/words";
import { MODULES } from "../harness/package";

const { totalsInWords } = createRequire(__filename)(join(MODULES, "report/words")) as typeof wordsModule;

describe("The wording of a report", () => {
    it("groups the digits of every number", () => {
        const totals = {
            accounts: 25_000,
            inspected: 22_000,
            clean: 12_000,
            drifted: 10_000,
            unreadable: 2_000,
            notInspected: 1_000,
            excepted: 1_500,
            acknowledged: 1_200,
            outOfScope: 3_000,
            skipped: 4_000,
            credentials: 20_000,
        };

        assert.equal(
            totalsInWords(totals),
            "inspected 22,000 of 25,000 accounts: 12,000 clean, 10,000 drifted, 2,000 unreadable, 1,000 not inspected, " +
                "1,500 excepted, 1,200 acknowledged; 3,000 out of scope, 4,000 skipped",
        );
    });
});
