import assert from "node:assert/strict";
import { accessDenied, expiredToken, type AccountSeed } from "../../simulator";
import { desired, partialFailure, PartialFailure, stored, World, type WorldOptions } from "../harness";
import { imported } from "../harness/imported";
import { joinedRun, providerModule } from "../harness/package";

const PAYMENTS = "111122223333";
const SCP = { name: "deny-root", policyId: "p-abcd1234", actions: ["*"], appliesTo: "root" as const };

describe("An account that fails while the program reports failures", () => {
    let world: World;
    afterEach(() => world.close());

    async function begin(account: Partial<AccountSeed>, options: WorldOptions = {}) {
        const root = { password: {}, accessKeys: [{}] };
        const accounts = [{ id: PAYMENTS, name: "payments", root, ...account }];
        world = await World.begin(imported, { accounts }, options);
        const { results } = await joinedRun();
        results.announceReport();
        return results;
    }

    it("is stored as unknown by create if it is unreadable, and its failure reaches the program", async () => {
        const results = await begin({ scps: [SCP] });

        const { outs } = await world.run.create(desired(PAYMENTS, { accountName: "payments" }));

        assert.equal(outs.loginProfile, "unknown");
        assert.deepEqual(outs.accessKeys, ["unknown"]);
        const [failure] = results.failures();
        assert.equal(failure?.id, PAYMENTS);
        assert.equal(failure.accountName, "payments");
        assert.equal(failure.cause, outs.auditError);
        assert.match(failure.detail, /blocked by SCP p-abcd1234\. .*AWS said: AccessDenied/);
    });

    it("is drift in the next read, and update tries it again", async () => {
        const results = await begin({ scps: [SCP] });
        const { outs } = await world.run.create(desired(PAYMENTS));
        const { props, inputs } = await world.run.read(PAYMENTS, outs);
        assert.equal(inputs?.loginProfile, "unknown");
        const { changes } = await world.run.diff(PAYMENTS, props, desired(PAYMENTS));
        assert.notEqual(changes, false);
        world.organization.detachScp(PAYMENTS, SCP.policyId);
        const seen = await world.run.read(PAYMENTS, props);

        const updated = await world.run.update(PAYMENTS, seen.props, desired(PAYMENTS));

        assert.equal(updated.outs.loginProfile, "absent");
        assert.deepEqual(world.rootOf(PAYMENTS).accessKeys, []);
        assert.equal(results.failures().length, 1, "what failed in this run stays failed");
    });

    it("keeps the remaining and the removed credentials in update", async () => {
        const results = await begin({});
        world.organization.failAlways("DeleteAccessKey", accessDenied(), { accountId: PAYMENTS });
        const { props } = await world.run.read(PAYMENTS, stored(PAYMENTS));

        const { outs } = await world.run.update(PAYMENTS, props, desired(PAYMENTS));

        assert.equal(outs.loginProfile, "absent");
        assert.deepEqual(outs.lastRemoval?.removed, ["password"]);
        assert.deepEqual(
            outs.accessKeys,
            world.rootOf(PAYMENTS).accessKeys.map(({ id }) => id),
        );
        assert.match(results.failureOf(PAYMENTS)?.detail ?? "", /iam:DeleteAccessKey was refused/);
    });

    it("is stored as unknown by update if it is gone, and keeps its last removal", async () => {
        const results = await begin({});
        const lastRemoval = { at: "2026-01-01T00:00:00Z", removed: ["password"], session: "ASIA", by: "me" };
        const { props } = await world.run.read(PAYMENTS, stored(PAYMENTS, { lastRemoval }));
        world.organization.leave(PAYMENTS);

        const { outs } = await world.run.update(PAYMENTS, props, desired(PAYMENTS));

        assert.equal(outs.loginProfile, "unknown");
        assert.deepEqual(outs.lastRemoval, lastRemoval);
        assert.match(results.failureOf(PAYMENTS)?.detail ?? "", /has left the organization/);
    });

    it("is stored as unknown by create if it is gone", async () => {
        const results = await begin({});
        world.organization.leave(PAYMENTS);

        const { outs } = await world.run.create(desired(PAYMENTS));

        assert.equal(outs.loginProfile, "unknown");
        assert.match(outs.organizationId, /^o-/);
        assert.match(results.failureOf(PAYMENTS)?.detail ?? "", /has left the organization; remove it/);
    });

    it("is stored as unknown if it takes too long", async () => {
        const results = await begin({});
        await world.run.read(PAYMENTS, stored(PAYMENTS));
        const { timeouts } = providerModule("process/timeouts");
        Object.assign(timeouts, { operationDeadline: 300, grace: -200 });
        world.organization.latency.set(500);

        const { outs } = await world.run.create(desired(PAYMENTS));

        world.organization.latency.set(0);
        assert.equal(outs.loginProfile, "unknown");
        assert.match(results.failureOf(PAYMENTS)?.detail ?? "", /its changes are unknown\. Run again\./);
    });

    it("fails its resource in an outage, because that is no failure of one account", async () => {
        const results = await begin({});
        const { props } = await world.run.read(PAYMENTS, stored(PAYMENTS));
        for (const action of ["AssumeRoot", "GetCallerIdentity"] as const)
            world.organization.failAlways(action, expiredToken());

        await assert.rejects(world.run.update(PAYMENTS, props, desired(PAYMENTS)), PartialFailure);

        assert.deepEqual(results.failures(), []);
    });

    it("fails its resource if a write cannot be recorded", async () => {
        const environment = { ROOT_CREDENTIALS_RECORD_FILE: "/dev/null/nowhere" };
        const results = await begin({}, { environment });

        await assert.rejects(world.run.create(desired(PAYMENTS)), /the record of writes cannot be kept/);

        assert.deepEqual(results.failures(), []);
        assert.notEqual(world.rootOf(PAYMENTS).password, undefined);
    });

    it("fails its resource if the failure cannot be passed to the program", async () => {
        const results = await begin({ scps: [SCP] });
        results.addFailure = () => {
            throw new Error("ENOSPC: no space left on device");
        };

        const { reasons } = await partialFailure(world.run.create(desired(PAYMENTS)));

        assert.match(reasons.join(), /blocked by SCP p-abcd1234/);
    });
});
