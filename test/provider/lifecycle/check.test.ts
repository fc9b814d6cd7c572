import assert from "node:assert/strict";
import { describeLifecycle, desired, stored } from "../harness";

const PAYMENTS = "111122223333";
const LOGS = "444455556666";

const UNTIL = "2026-12-01T18:00:00+01:00";
const EXCEPTION = { accountId: PAYMENTS, loginProfile: "present", until: UNTIL, reason: "tax form" };

const without = (key: string) =>
    Object.fromEntries(Object.entries(EXCEPTION).filter(([name]) => name !== key));

/** In a preview, Pulumi passes this text for a value that is not known yet. */
const NOT_KNOWN_YET = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describeLifecycle("check", (begin) => {
    const GIVEN = { accountName: "payments", organizationalUnit: "Workloads", maxRemovals: 3 };

    it("adds the desired state to the program's declaration", async () => {
        const { run } = await begin([{ id: PAYMENTS, name: "payments" }]);
        const { inputs: seen } = await run.read(PAYMENTS, stored(PAYMENTS));

        const { inputs, failures } = await run.check(seen ?? {}, { accountId: PAYMENTS, ...GIVEN });

        assert.deepEqual(failures, []);
        assert.deepEqual(inputs, desired(PAYMENTS, GIVEN));
    });

    it("returns the declaration alone for a new account, and create then removes every credential", async () => {
        const root = { password: {}, accessKeys: [{}] };
        const world = await begin([{ id: PAYMENTS, name: "payments", root }]);

        const { inputs, failures } = await world.run.check({}, { accountId: PAYMENTS, ...GIVEN });
        const { outs } = await world.run.create(inputs);

        assert.deepEqual(failures, []);
        assert.deepEqual(inputs, { accountId: PAYMENTS, onDelete: "allow-recovery", ...GIVEN });
        assert.partialDeepStrictEqual(outs, desired(PAYMENTS, GIVEN));
        assert.equal(world.rootOf(PAYMENTS).password, undefined);
        assert.deepEqual(world.rootOf(PAYMENTS).accessKeys, []);
    });

    it("includes the password and the MFA devices found in the desired state during an exception", async () => {
        const { run } = await begin([{ id: PAYMENTS, name: "payments" }]);
        const given = { ...EXCEPTION, refuseIfUsedWithinDays: 30, audit: "full" };

        const { inputs, failures } = await run.check({}, given);
        await run.read(PAYMENTS, stored(PAYMENTS));

        assert.deepEqual(failures, []);
        assert.deepEqual(inputs, { onDelete: "allow-recovery", ...given });
        for (const [found, wanted] of [
            [["arn:aws:iam::111122223333:mfa/phone"], ["arn:aws:iam::111122223333:mfa/phone"]],
            [["unknown"], []],
        ]) {
            const { inputs } = await run.check(
                { ...desired(PAYMENTS), mfaDevices: found, accessKeys: ["AKIAROOTKEY000000001"] },
                EXCEPTION,
            );
            assert.deepEqual([inputs["mfaDevices"], inputs["accessKeys"]], [wanted, []]);
        }
    });

    it("names each wrong argument with the expected value, without a call to AWS", async () => {
        const { run, requests } = await begin([]);
        const wrong: [given: Record<string, unknown>, property: string, reason: RegExp][] = [
            [{ accountId: "12" }, "accountId", /expected 12 digits, got "12"/],
            [{ accountId: `${PAYMENTS}4` }, "accountId", /expected 12 digits, got "1111222233334"/],
            [{ accountId: 111122223333 }, "accountId", /expected 12 digits, got 111122223333/],
            [{}, "accountId", /expected 12 digits, got nothing/],
            [
                { accountId: PAYMENTS, onDelete: "delete" },
                "onDelete",
                /"allow-recovery" or "retain", got "delete"/,
            ],
            [{ accountId: PAYMENTS, maxRemovals: -1 }, "maxRemovals", /a whole number from 0, got -1/],
            [{ accountId: PAYMENTS, maxRemovals: 1.5 }, "maxRemovals", /a whole number from 0, got 1.5/],
            [{ accountId: PAYMENTS, maxRemovals: "many" }, "maxRemovals", /a whole number from 0/],
            [{ accountId: PAYMENTS, accountName: 7 }, "accountName", /expected a text, got 7/],
            [{ accountId: PAYMENTS, organizationalUnit: {} }, "organizationalUnit", /expected a text/],
            [{ accountId: PAYMENTS, acountName: "payments" }, "acountName", /no such argument.*accountName/],
            [{ accountId: PAYMENTS, refuseIfUsedWithinDays: 0 }, "refuseIfUsedWithinDays", /from 1, got 0/],
            [
                { accountId: PAYMENTS, refuseIfUsedWithinDays: "9" },
                "refuseIfUsedWithinDays",
                /from 1, got "9"/,
            ],
            [{ accountId: PAYMENTS, audit: "lists" }, "audit", /"summary" or "full", got "lists"/],
            [
                { accountId: PAYMENTS, loginProfile: "open" },
                "loginProfile",
                /"absent" or "present", got "open"/,
            ],
            [without("until"), "until", /required if loginProfile is "present".*ISO 8601/],
            [without("reason"), "reason", /required if loginProfile is "present"/],
            [{ ...EXCEPTION, reason: "  " }, "reason", /a text that says why, got " {2}"/],
            [{ ...EXCEPTION, until: "2026-12-01T18:00:00" }, "until", /time zone.*got "2026-12-01T18:00:00"/],
            [{ ...EXCEPTION, until: "2026-12-01" }, "until", /ISO 8601 time with its time zone/],
            [{ ...EXCEPTION, until: "2026-02-30T18:00:00Z" }, "until", /got "2026-02-30T18:00:00Z"/],
            [{ ...EXCEPTION, until: "2026-12-01T25:00:00Z" }, "until", /got "2026-12-01T25:00:00Z"/],
            [{ accountId: PAYMENTS, until: "2026-12-01T18:00:00Z" }, "until", /not declared; leave it out/],
            [{ accountId: PAYMENTS, reason: "why" }, "reason", /not declared; leave it out/],
            [
                { accountId: PAYMENTS, acknowledged: "yes" },
                "acknowledged",
                /an object with until .*got "yes"/,
            ],
            [
                { accountId: PAYMENTS, acknowledged: { until: UNTIL } },
                "acknowledged",
                /and reason \(a text that/,
            ],
            [
                { accountId: PAYMENTS, acknowledged: { reason: "x" } },
                "acknowledged",
                /until \(an ISO 8601 time/,
            ],
            [
                { ...EXCEPTION, acknowledged: { until: UNTIL, reason: "x" } },
                "acknowledged",
                /leave one of them out/,
            ],
        ];

        for (const [given, property, reason] of wrong) {
            const { failures } = await run.check({}, given);
            assert.deepEqual(
                failures.map((failure) => failure.property),
                [property],
                JSON.stringify(given),
            );
            assert.match(failures[0]?.reason ?? "", reason);
        }
        assert.equal(requests.total, 0);
    });

    it("names every wrong argument at once", async () => {
        const { run } = await begin([]);

        const { failures } = await run.check({}, { accountId: "12", onDelete: "no", color: "red" });

        assert.deepEqual(failures.map(({ property }) => property).sort(), ["accountId", "color", "onDelete"]);
    });

    it("accepts an account id that is not known yet", async () => {
        const { run } = await begin([]);

        const { inputs, failures } = await run.check({}, { accountId: NOT_KNOWN_YET });

        assert.deepEqual(failures, []);
        assert.deepEqual(inputs, { accountId: NOT_KNOWN_YET, onDelete: "allow-recovery" });
    });

    it("refuses an existing resource before this run has read it, and accepts it afterwards", async () => {
        const { run } = await begin([{ id: PAYMENTS, name: "payments" }]);

        const before = await run.check(desired(PAYMENTS), { accountId: PAYMENTS });
        await run.read(PAYMENTS, stored(PAYMENTS));
        const after = await run.check(desired(PAYMENTS), { accountId: PAYMENTS });

        assert.equal(before.failures[0]?.property, "accountId");
        assert.match(
            before.failures[0].reason,
            /111122223333 was not inspected in this run.*--refresh=false/,
        );
        assert.deepEqual(after.failures, []);
    });

    it("accepts an existing resource whose read found an unreadable account, which is stored as unknown", async () => {
        const { run, organization } = await begin([{ id: PAYMENTS, name: "payments" }]);
        organization.setFeature("RootCredentialsManagement", false);

        await run.read(PAYMENTS, stored(PAYMENTS));
        const { failures } = await run.check(desired(PAYMENTS), { accountId: PAYMENTS });

        assert.deepEqual(failures, []);
    });

    // The engine never refreshes a resource that an interrupted replacement left behind. If `check` refused it, every run would fail.
    it("never calls an unread account unchanged because another account was read", async () => {
        const world = await begin([
            { id: PAYMENTS, name: "payments" },
            { id: LOGS, name: "logs" },
        ]);
        await world.run.read(PAYMENTS, stored(PAYMENTS));

        const { failures } = await world.run.check(desired(LOGS), { accountId: LOGS });
        const unread = await world.run.diff(LOGS, stored(LOGS), desired(LOGS));

        assert.deepEqual(failures, []);
        assert.equal(unread.changes, true);
    });

    it("does not count the read of an earlier run", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments" }]);
        await world.run.read(PAYMENTS, stored(PAYMENTS));

        await world.nextRun();
        const { failures } = await world.run.check(desired(PAYMENTS), { accountId: PAYMENTS });

        assert.match(failures[0]?.reason ?? "", /111122223333 was not inspected/);
    });
});
