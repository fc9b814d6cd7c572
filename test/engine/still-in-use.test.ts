import assert from "node:assert/strict";
import { accountOf, Stack } from "./stack";

const PAYMENTS = "111122223333";
const LOGS = "222233334444";
const KEY = "AKIAROOTKEY000000001";

const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString();

describe("what is still in use", function () {
    this.timeout(180_000);
    let stack: Stack;

    before(async () => {
        const key = { id: KEY, lastUsed: daysAgo(5), lastUsedService: "s3", lastUsedRegion: "eu-west-1" };
        stack = await Stack.over({
            accounts: [
                { id: PAYMENTS, name: "payments", root: { accessKeys: [key], signingCertificates: [{}] } },
                { id: LOGS, name: "logs", root: { password: { lastUsed: daysAgo(60) } } },
            ],
        });
        await stack.pulumi("config set refuseIfUsedWithinDays 30");
    });
    after(() => stack?.close());

    it("is told apart in a first preview: what up will refuse to remove, and what it removes though it was used lately", async () => {
        const preview = await stack.preview("--expect-no-changes");

        assert.equal(preview.exitCode, 7, preview.output);
        assert.match(
            preview.output,
            /payments +drifted\n +pulumi up keeps a recently used credential, so this account fails \(refuseIfUsedWithinDays\)\n/,
        );
        assert.match(preview.output, new RegExp(`${KEY} .* used 5 days ago ! +kept`));
        assert.match(preview.output, /password .* used 60 days ago !\n/);
        const [key] = accountOf(preview, PAYMENTS).credentials ?? [];
        assert.match(key?.stays ?? "", /is kept: last used .* for s3 in eu-west-1/);
    });

    it("is kept by up, which fails for that account, says how to go on, and removes the rest", async () => {
        const up = await stack.up("--continue-on-error --skip-preview");

        assert.equal(up.exitCode, 1, up.output);
        assert.match(
            up.output,
            new RegExp(
                `access key ${KEY} of account 111122223333 is kept: last used .* for s3 in eu-west-1, and refuseIfUsedWithinDays is 30`,
            ),
        );
        assert.match(
            up.output,
            /account 222233334444 \(logs\): about to remove credentials that were used in the last 90 days: password/,
        );
        assert.deepEqual(stack.left(), [`${PAYMENTS} accessKey ${KEY}`]);
    });

    it("stays drift, and goes once the guard is off", async () => {
        assert.equal((await stack.preview("--expect-no-changes")).exitCode, 7);
        await stack.pulumi("config set refuseIfUsedWithinDays off");

        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), []);
    });

    it("and a full audit: no account's summary is asked for, and a clean organization is clean", async () => {
        await stack.pulumi("config set audit full");
        const up = await stack.up("--skip-preview");
        assert.equal(up.exitCode, 0, up.output);

        const calls = await stack.callsDuring(async () => {
            const preview = await stack.preview("--expect-no-changes");
            assert.equal(preview.exitCode, 0, preview.output);
            assert.match(preview.output, /2 of 2 accounts inspected: 2 clean/);
        });

        assert.equal(calls.get("GetAccountSummary"), undefined);
        assert.equal(calls.get("ListAccessKeys"), 2);
        assert.equal(calls.get("ListMFADevices"), 2);
    });
});
