import assert from "node:assert/strict";
import { describeLifecycle, desired, stored } from "../harness";

const PAYMENTS = "111122223333";
const NOT_KNOWN_YET = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describeLifecycle("diff", (begin) => {
    it("shows no change for a clean account, whatever its evidence is", async () => {
        const { run, requests } = await begin([]);
        const olds = stored(PAYMENTS, {
            auditErrorDetail: "",
            lastRemoval: { at: "2026-01-01T00:00:00Z", removed: ["password"], session: "ASIA1", by: "arn" },
        });

        const answer = await run.diff(PAYMENTS, olds, desired(PAYMENTS));

        assert.deepEqual(answer, { changes: false, replaces: [] });
        assert.equal(requests.total, 0);
    });

    it("shows no change for a new name, unit or limit", async () => {
        const { run } = await begin([]);
        const olds = stored(PAYMENTS, {
            accountName: "pay",
            organizationalUnit: "Workloads",
            maxRemovals: 5,
        });
        const news = desired(PAYMENTS, { accountName: "payments", organizationalUnit: "Workloads/Prod" });

        assert.deepEqual(await run.diff(PAYMENTS, olds, news), { changes: false, replaces: [] });
    });

    it("leaves the differing properties to the engine, for drift and for onDelete", async () => {
        const { run } = await begin([]);
        const drifted = [
            { loginProfile: "present" },
            { loginProfile: "unknown" },
            { accessKeys: ["AKIAROOTKEY000000001"] },
            { signingCertificates: ["unknown"] },
            { mfaDevices: ["arn:aws:iam::111122223333:mfa/root-account-mfa-device"] },
            { auditError: "blocked by SCP p-abcd1234 (iam:GetAccountSummary)" },
            { onDelete: "retain" },
        ] as const;

        for (const seen of drifted) {
            const answer = await run.diff(PAYMENTS, { ...stored(PAYMENTS), ...seen }, desired(PAYMENTS));
            assert.deepEqual(answer, { replaces: [] }, JSON.stringify(seen));
        }
    });

    it("replaces the resource of another account", async () => {
        const { run } = await begin([]);

        const { changes, replaces } = await run.diff(PAYMENTS, stored(PAYMENTS), desired("444455556666"));

        assert.notEqual(changes, false);
        assert.deepEqual(replaces, ["accountId"]);
    });

    it("decides nothing about an account id that is not known yet", async () => {
        const { run } = await begin([]);

        const answer = await run.diff(PAYMENTS, stored(PAYMENTS), desired(NOT_KNOWN_YET));

        assert.deepEqual(answer, { replaces: [] });
    });
});
