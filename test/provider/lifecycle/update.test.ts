import assert from "node:assert/strict";
import type { RootSeed } from "../../simulator";
import { describeLifecycle, desired, stored } from "../harness";

const PAYMENTS = "111122223333";

const ALL_KINDS: RootSeed = {
    password: {},
    accessKeys: [{}],
    signingCertificates: [{}],
    mfaDevices: [{ kind: "passkey" }],
};
const NOTHING = { accessKeys: [], signingCertificates: [], mfaDevices: [] };

describeLifecycle("update", (begin) => {
    it("costs an account nothing that this run saw clean", async () => {
        const { run, requests, host } = await begin([{ id: PAYMENTS, name: "payments" }]);
        const { props } = await run.read(PAYMENTS, stored(PAYMENTS));
        requests.clear();

        const { outs } = await run.update(PAYMENTS, props, desired(PAYMENTS, { onDelete: "retain" }));

        assert.deepEqual(outs, stored(PAYMENTS, { onDelete: "retain", __observedInRun: host.engine }));
        assert.deepEqual(requests.actions(), []);
    });

    it("stores the program's new words, and forgets what the program no longer says", async () => {
        const { run } = await begin([{ id: PAYMENTS, name: "payments" }]);
        const said = { accountName: "pay", organizationalUnit: "Workloads", maxRemovals: 3 };
        const { props } = await run.read(PAYMENTS, stored(PAYMENTS, said));

        const { outs } = await run.update(PAYMENTS, props, desired(PAYMENTS, { accountName: "payments" }));

        assert.equal(outs.accountName, "payments");
        assert.equal(outs.organizationalUnit, undefined);
        assert.equal(outs.maxRemovals, undefined);
    });

    it("removes what this run found, in one delete session", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS }]);
        const { props } = await world.run.read(PAYMENTS, stored(PAYMENTS));
        world.requests.clear();

        const { outs } = await world.run.update(PAYMENTS, props, desired(PAYMENTS));

        assert.deepEqual(world.rootOf(PAYMENTS), NOTHING);
        assert.equal(outs.lastRemoval?.removed.length, 4);
        assert.equal(outs.auditError, "");
        assert.equal(world.requests.of("AssumeRoot").length, 1);
    });

    it("looks for itself where this run has not: a stored clean account may be dirty by now", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS }]);

        const { outs } = await world.run.update(
            PAYMENTS,
            stored(PAYMENTS),
            desired(PAYMENTS, { onDelete: "retain" }),
        );

        assert.deepEqual(world.rootOf(PAYMENTS), NOTHING);
        assert.equal(outs.lastRemoval?.removed.length, 4);
    });

    it("keeps the record of an earlier removal where there was nothing to remove", async () => {
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
