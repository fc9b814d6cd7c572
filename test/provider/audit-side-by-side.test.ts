import assert from "node:assert/strict";
import type { AuditOptions } from "../../provider/audit/audit-organization";
import { freshProviderModule } from "./harness/package";
import { inOrganization } from "./harness/surroundings";

const ACCOUNTS = Array.from({ length: 6 }, (_, index) => ({
    id: `${100_000_000_001 + index}`,
    name: `account-${index}`,
}));

/** The largest number of accounts that were inspected at the same time. */
async function mostTogether(options: AuditOptions): Promise<number> {
    let together = 0;
    let most = 0;
    await inOrganization({ seed: { accounts: ACCOUNTS } }, async ({ organization }) => {
        organization.latency.set(200, "AssumeRoot");
        organization.onlooker = {
            arrives({ action }) {
                if (action === "AssumeRoot") most = Math.max(most, ++together);
                return undefined;
            },
            leaves({ action }) {
                if (action === "GetAccountSummary") together--; // the last call of a clean account
            },
        };
        const report = await freshProviderModule("audit/audit-organization").auditOrganization(options);
        assert.equal(report.totals.clean, ACCOUNTS.length);
    });
    return most;
}

describe("An audit without a stack inspects accounts in parallel", () => {
    it("all accounts of a small organization", async () => {
        assert.equal(await mostTogether({}), ACCOUNTS.length);
    });

    it("as many as its option allows", async () => {
        assert.equal(await mostTogether({ parallel: 2 }), 2);
        assert.equal(await mostTogether({ parallel: 1 }), 1);
    });
});
