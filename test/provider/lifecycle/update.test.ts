import assert from "node:assert/strict";
import type { RootSeed } from "../../simulator";
import { describeLifecycle, desired, PartialFailure, stored } from "../harness";

const PAYMENTS = "111122223333";

const ALL_KINDS: RootSeed = {
    password: {},
    accessKeys: [{}],
    signingCertificates: [{}],
    mfaDevices: [{ kind: "passkey" }],
};
const NOTHING = { accessKeys: [], signingCertificates: [], mfaDevices: [] };

describeLifecycle("update", (begin) => {
    it("makes no call for an account that this run found clean", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments" }]);
        const { run, requests } = world;
        const { props } = await run.read(PAYMENTS, stored(PAYMENTS));
        requests.clear();

        const { outs } = await run.update(PAYMENTS, props, desired(PAYMENTS, { onDelete: "retain" }));

        assert.deepEqual(world.anonymous(outs), stored(PAYMENTS, { onDelete: "retain" }));
        assert.deepEqual(requests.actions(), []);
    });

    it("stores new settings, and drops settings that the program no longer declares", async () => {
        const { run } = await begin([{ id: PAYMENTS, name: "payments" }]);
        const said = { accountName: "pay", organizationalUnit: "Workloads", maxRemovals: 3 };
        const { props } = await run.read(PAYMENTS, stored(PAYMENTS, said));

        const { outs } = await run.update(PAYMENTS, props, desired(PAYMENTS, { accountName: "payments" }));

        assert.equal(outs.accountName, "payments");
        assert.equal(outs.organizationalUnit, undefined);
        assert.equal(outs.maxRemovals, undefined);
    });

    it("removes the credentials that this run found, in one delete session", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS }]);
        const { props } = await world.run.read(PAYMENTS, stored(PAYMENTS));
        world.requests.clear();

        const { outs } = await world.run.update(PAYMENTS, props, desired(PAYMENTS));

        assert.deepEqual(world.rootOf(PAYMENTS), NOTHING);
        assert.equal(outs.lastRemoval?.removed.length, 4);
        assert.equal(outs.auditError, "");
        assert.equal(world.requests.of("AssumeRoot").length, 1);
    });

    it("costs 13 calls including the inspection, one for each removed credential, and one for each last use", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS }]);
        await world.run.read(PAYMENTS, stored(PAYMENTS)); // includes the preflight's calls
        world.requests.clear();

        const { props } = await world.run.read(PAYMENTS, stored(PAYMENTS));
        const { outs } = await world.run.update(PAYMENTS, props, desired(PAYMENTS));

        assert.equal(outs.auditError, "");
        const asked = Map.groupBy(world.requests.actions(), (action) => action);
        const counts = Object.fromEntries([...asked].map(([action, { length }]) => [action, length]));
        assert.deepEqual(counts, {
            AssumeRoot: 2,
            GetAccountSummary: 1,
            GetCallerIdentity: 1,
            ListAccessKeys: 2,
            ListSigningCertificates: 2,
            ListMFADevices: 2,
            GetLoginProfile: 3, // once more before the MFA device is removed
            // One call for each removed credential and for each last use.
            DeleteAccessKey: 1,
            DeleteSigningCertificate: 1,
            DeleteLoginProfile: 1,
            DeactivateMFADevice: 1,
            GetAccessKeyLastUsed: 1,
            GetUser: 1,
        });
    });

    it("does not remove a credential that was created after the inspection, and names it", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments", root: { password: {} } }]);
        const { props } = await world.run.read(PAYMENTS, stored(PAYMENTS));
        const key = world.organization.createRootAccessKey(PAYMENTS);

        const failed = world.run.update(PAYMENTS, props, desired(PAYMENTS));

        await assert.rejects(failed, (error) => {
            assert.ok(error instanceof PartialFailure);
            assert.match(
                error.reasons.join(),
                new RegExp(`access key ${key} is still listed.*somebody created it.*Run again`),
            );
            assert.deepEqual(error.properties.lastRemoval?.removed, ["password"]);
            assert.deepEqual(error.properties.accessKeys, [key]);
            return true;
        });
        assert.equal(world.rootOf(PAYMENTS).accessKeys.length, 1);
    });

    it("lists again right before the removal if the last use decides", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments", root: { accessKeys: [{}] } }]);
        const guard = { refuseIfUsedWithinDays: 30 };
        const { props } = await world.run.read(PAYMENTS, stored(PAYMENTS, guard));
        world.requests.clear();

        await world.run.update(PAYMENTS, props, desired(PAYMENTS, guard));

        assert.equal(world.requests.of("GetAccessKeyLastUsed").length, 1);
        assert.equal(world.requests.of("ListAccessKeys").length, 2);
        assert.deepEqual(world.rootOf(PAYMENTS), NOTHING);
    });

    it("inspects an account that this run has not read, because a stored clean account may have drifted", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS }]);

        const { outs } = await world.run.update(
            PAYMENTS,
            stored(PAYMENTS),
            desired(PAYMENTS, { onDelete: "retain" }),
        );

        assert.deepEqual(world.rootOf(PAYMENTS), NOTHING);
        assert.equal(outs.lastRemoval?.removed.length, 4);
    });

    it("keeps the last removal if there is nothing to remove", async () => {
        const { run } = await begin([{ id: PAYMENTS, name: "payments" }]);
        const lastRemoval = {
            at: "2026-01-01T00:00:00Z",
            removed: ["password"],
            session: "ASIA1",
            by: "arn",
        };
        const { props } = await run.read(PAYMENTS, stored(PAYMENTS, { lastRemoval }));

        const { outs } = await run.update(PAYMENTS, props, desired(PAYMENTS));

        assert.deepEqual(outs.lastRemoval, lastRemoval);
    });
});
