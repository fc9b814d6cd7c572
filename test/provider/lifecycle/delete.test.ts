import assert from "node:assert/strict";
import { accessDenied, missingResult, serverError, wrongAccount } from "../../simulator";
import { describeLifecycle, stored, type Run } from "../harness";

const PAYMENTS = "111122223333";
const LOGS = "444455556666";
const WRITES = /^(Delete|Deactivate|Create)/;

describeLifecycle("delete", (begin) => {
    it("allows password recovery, and names the credentials that cannot be restored", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments" }]);
        const lastRemoval = {
            at: "2026-01-01T00:00:00Z",
            removed: ["access key AKIAROOTKEY000000001", "password"],
            session: "ASIA1",
            by: "arn",
        };

        await world.run.delete(PAYMENTS, stored(PAYMENTS, { accountName: "payments", lastRemoval }));

        assert.ok(world.rootOf(PAYMENTS).password);
        const printed = await world.endRun();
        assert.match(printed, /account 111122223333 \(payments\): password recovery is allowed again/);
        assert.match(
            printed,
            /cannot be brought back \(access key AKIAROOTKEY000000001, removed 2026-01-01\)/,
        );
    });

    it("opens a session of the task that creates passwords, and checks its account before the write", async () => {
        const { run, requests } = await begin([{ id: PAYMENTS, name: "payments" }]);

        await run.delete(PAYMENTS, stored(PAYMENTS));

        assert.deepEqual(requests.actions().slice(2), [
            "DescribeAccount",
            "AssumeRoot",
            "GetCallerIdentity",
            "CreateLoginProfile",
            "GetLoginProfile",
        ]);
    });

    it("succeeds if recovery is allowed already", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments", root: { password: {} } }]);

        await world.run.delete(PAYMENTS, stored(PAYMENTS));

        assert.match(await world.endRun(), /password recovery is allowed again/);
    });

    it("changes nothing and does not call AWS with onDelete retain", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments" }]);

        await world.run.delete(PAYMENTS, stored(PAYMENTS, { onDelete: "retain" }));

        assert.equal(world.requests.total, 0);
        assert.match(await world.endRun(), /account 111122223333 is left as it is/);
    });

    describe("of an unreadable account", () => {
        const unknown = {
            loginProfile: "unknown" as const,
            accessKeys: ["unknown"],
            signingCertificates: ["unknown"],
            mfaDevices: ["unknown"],
        };
        const lastRemoval = {
            at: "2026-01-01T00:00:00Z",
            removed: ["password"],
            session: "ASIA1",
            by: "arn",
        };
        const DENIED = { name: "deny", policyId: "p-denyall1", actions: ["*"] };

        it("drops it unchanged if an SCP denies everything and no credential was ever removed there", async () => {
            const world = await begin([{ id: PAYMENTS, name: "payments", scps: [DENIED] }]);

            await world.run.delete(PAYMENTS, stored(PAYMENTS, unknown));

            assert.equal(world.rootOf(PAYMENTS).password, undefined);
            assert.match(
                await world.endRun(),
                /account 111122223333 is dropped from the stack unchanged: no credential was ever removed there .* \(blocked by SCP p-denyall1/,
            );
        });

        it("fails if a credential was removed there", async () => {
            const world = await begin([{ id: PAYMENTS, name: "payments", scps: [DENIED] }]);

            await assert.rejects(
                world.run.delete(PAYMENTS, stored(PAYMENTS, { ...unknown, lastRemoval })),
                /blocked by SCP p-denyall1/,
            );
        });

        for (const [what, fault] of [
            ["a refusal that need not be the account's own", accessDenied()],
            ["a failure of AWS", serverError(500)],
        ] as const) {
            it(`fails for ${what}, because the next run may succeed`, async () => {
                const world = await begin([{ id: PAYMENTS, name: "payments" }]);
                world.organization.failAlways("AssumeRoot", fault);

                await assert.rejects(
                    world.run.delete(PAYMENTS, stored(PAYMENTS, unknown)),
                    /sts:AssumeRoot (was refused|failed) in account/,
                );
            });
        }

        it("allows recovery if a session can be opened now", async () => {
            const world = await begin([{ id: PAYMENTS, name: "payments" }]);

            await world.run.delete(PAYMENTS, stored(PAYMENTS, unknown));

            assert.ok(world.rootOf(PAYMENTS).password);
        });
    });

    it("changes nothing in an account that this run still declares", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments" }]);
        await world.run.check({}, { accountId: PAYMENTS });

        await world.run.delete(PAYMENTS, stored(PAYMENTS));

        assert.equal(world.rootOf(PAYMENTS).password, undefined);
        assert.equal(world.requests.total, 0);
        assert.match(await world.endRun(), /is still declared by the program: nothing is restored there/);
    });

    it("drops accounts that left or are suspended or closed, and changes nothing there", async () => {
        const states = ["SUSPENDED", "PENDING_CLOSURE", "CLOSED"] as const;
        const world = await begin([
            ...states.map((state, index) => ({ id: `10000000000${index}`, name: state, state })),
            { id: LOGS, name: "left" },
        ]);
        world.organization.leave(LOGS);

        for (const id of ["100000000000", "100000000001", "100000000002", LOGS]) {
            await world.run.delete(id, stored(id));
        }

        assert.deepEqual(world.requests.of("AssumeRoot"), []);
        const printed = await world.endRun();
        assert.match(printed, /100000000000 is suspended; nothing is changed there/);
        assert.match(printed, /444455556666 has left the organization/);
    });

    it("fails with the cause if AWS refuses the session", async () => {
        const { run, organization } = await begin([{ id: PAYMENTS, name: "payments" }]);
        organization.withholdPermissions(organization.managementAccountId, ["sts:AssumeRoot"]);

        await assert.rejects(
            run.delete(PAYMENTS, stored(PAYMENTS)),
            /sts:AssumeRoot was refused in account 111122223333: the caller may not assume root there/,
        );
    });

    it("fails with the cause if an SCP denies the write", async () => {
        const scps = [{ name: "no-root", policyId: "p-noroot", actions: ["iam:CreateLoginProfile"] }];
        const { run } = await begin([{ id: PAYMENTS, name: "payments", scps }]);

        await assert.rejects(
            run.delete(PAYMENTS, stored(PAYMENTS)),
            /iam:CreateLoginProfile was refused in account 111122223333: blocked by SCP p-noroot/,
        );
    });

    it("fails if AWS does not list the login profile afterwards", async () => {
        const { run, organization } = await begin([{ id: PAYMENTS, name: "payments" }]);
        organization.failAlways("GetLoginProfile", missingResult());

        await assert.rejects(run.delete(PAYMENTS, stored(PAYMENTS)), /answer was incomplete/);
    });

    it("opens no other account if AWS returns a session of that account", async () => {
        const world = await begin([
            { id: PAYMENTS, name: "payments" },
            { id: LOGS, name: "logs" },
        ]);
        world.organization.failAlways("AssumeRoot", wrongAccount(LOGS));

        await assert.rejects(
            world.run.delete(PAYMENTS, stored(PAYMENTS)),
            /AWS handed out a session of account 444455556666/,
        );

        assert.equal(world.rootOf(PAYMENTS).password, undefined);
        assert.equal(world.rootOf(LOGS).password, undefined);
    });

    it("does not count an account as gone because DescribeAccount is refused", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments" }]);
        world.organization.failAlways("DescribeAccount", accessDenied());

        await world.run.delete(PAYMENTS, stored(PAYMENTS));

        assert.ok(world.rootOf(PAYMENTS).password);
    });
});

describeLifecycle("The limit of accounts that may leave in one run", (begin) => {
    const TWELVE = Array.from({ length: 12 }, (_, index) => `1000000000${String(index).padStart(2, "0")}`);
    const SEED = TWELVE.map((id) => ({ id, name: id }));

    it("refuses every delete if six of twelve accounts leave, and names the setting", async () => {
        const { run, requests } = await begin(SEED);
        await reads(run, TWELVE);
        await declares(run, TWELVE.slice(6));

        for (const id of TWELVE.slice(0, 6)) {
            await assert.rejects(
                run.delete(id, stored(id)),
                /6 accounts would leave the program in this run, and maxRemovals is 5\..*pulumi config set maxRemovals 6/,
            );
        }
        assert.deepEqual(
            requests.actions().filter((action) => WRITES.test(action)),
            [],
        );
    });

    it("allows five", async () => {
        const world = await begin(SEED);
        await reads(world.run, TWELVE);
        await declares(world.run, TWELVE.slice(5));

        for (const id of TWELVE.slice(0, 5)) await world.run.delete(id, stored(id));

        const open = TWELVE.filter((id) => world.rootOf(id).password);
        assert.deepEqual(open, TWELVE.slice(0, 5));
    });

    it("is a tenth of the accounts if that is more than five", async () => {
        const sixty = Array.from({ length: 60 }, (_, index) => `2000000000${String(index).padStart(2, "0")}`);
        const { run, requests } = await begin(sixty.map((id) => ({ id, name: id })));
        await reads(run, sixty);
        await declares(run, sixty.slice(6));

        await run.delete("200000000000", stored("200000000000"));

        assert.equal(requests.of("CreateLoginProfile").length, 1);
    });

    it("is fifty if a tenth of the accounts is more", async () => {
        const many = Array.from({ length: 600 }, (_, index) => String(200_000_000_000 + index));
        const { run, requests } = await begin(many.map((id) => ({ id, name: id })));
        await reads(run, many);
        await declares(run, many.slice(51));

        await assert.rejects(
            run.delete("200000000000", stored("200000000000")),
            /51 accounts would leave the program in this run, and maxRemovals is 50\./,
        );
        assert.equal(requests.of("CreateLoginProfile").length, 0);
    });

    it("is the largest value that the program's resources declare", async () => {
        const world = await begin(SEED);
        await reads(world.run, TWELVE);
        await declares(world.run, ["100000000011"], 6);
        await declares(world.run, TWELVE.slice(6, 11), 1);

        await world.run.delete("100000000000", stored("100000000000"));

        assert.ok(world.rootOf("100000000000").password);
    });

    it("can be zero", async () => {
        const { run } = await begin(SEED);
        await reads(run, TWELVE);
        await declares(run, TWELVE.slice(1), 0);

        await assert.rejects(
            run.delete("100000000000", stored("100000000000")),
            /1 accounts? would leave the program in this run, and maxRemovals is 0/,
        );
    });

    it("does not count accounts that are retained or gone", async () => {
        const world = await begin(SEED);
        const { run, organization } = world;
        organization.leave("100000000001");
        organization.setState("100000000002", "CLOSED");
        for (const id of TWELVE) {
            const onDelete = id < "100000000006" && id > "100000000002" ? "retain" : "allow-recovery";
            await run.read(id, stored(id, { onDelete }));
        }
        await declares(run, TWELVE.slice(6), 1);

        await run.delete("100000000000", stored("100000000000"));

        assert.ok(world.rootOf("100000000000").password);
    });

    it("does not apply to pulumi destroy, where no program declares accounts", async () => {
        const world = await begin(SEED);
        await reads(world.run, TWELVE);

        for (const id of TWELVE) await world.run.delete(id, stored(id));

        assert.deepEqual(
            TWELVE.filter((id) => !world.rootOf(id).password),
            [],
        );
    });
});

describeLifecycle("The limit of accounts that may be gone at once", (begin) => {
    const TWELVE = Array.from({ length: 12 }, (_, index) => `1000000000${String(index).padStart(2, "0")}`);
    const [STAYS = "", ...REST] = TWELVE;
    const GONE = REST.slice(0, 8);

    /** One run's refresh after eight of twelve accounts have left. Returns the results of the kept accounts by id. */
    async function afterEightLeft(maxRemovals?: number) {
        const world = await begin(TWELVE.map((id) => ({ id, name: id })));
        for (const id of GONE) world.organization.leave(id);
        const kept = await refreshed(world.run, TWELVE, (id) => stored(id, limit(maxRemovals)));
        return { world, kept };
    }

    const limit = (maxRemovals?: number) => (maxRemovals === undefined ? {} : { maxRemovals });

    async function refreshed(run: Run, ids: string[], props: (id: string) => object) {
        const seen = await Promise.all(ids.map(async (id) => [id, await run.read(id, props(id))] as const));
        return new Map(seen.filter(([, { id }]) => id !== undefined).map(([id, read]) => [id, read.props]));
    }

    it("drops five accounts, and keeps the others with all kinds unknown", async () => {
        const { world, kept } = await afterEightLeft();

        const held = [...kept.values()].filter(({ auditError }) => auditError !== "");
        assert.equal(kept.size, 7);
        assert.equal(held.length, 3);
        for (const { loginProfile, accessKeys, auditErrorDetail } of held) {
            assert.deepEqual([loginProfile, accessKeys], ["unknown", ["unknown"]]);
            assert.match(
                auditErrorDetail,
                /has left the organization\. It stays in the stack, because more accounts/,
            );
        }
        const printed = await world.endRun();
        assert.equal(printed.match(/it is dropped from the stack/g)?.length, 5);
        assert.equal(
            printed.match(
                /the refresh keeps it in the stack, because more accounts were gone at once than maxRemovals allows/g,
            )?.length,
            3,
        );
    });

    for (const [maxRemovals, dropped] of [
        [8, 8],
        [2, 2],
        [0, 1],
    ] as const) {
        it(`is maxRemovals and at least one: ${maxRemovals} drops ${dropped}`, async () => {
            const { world, kept } = await afterEightLeft(maxRemovals);

            assert.equal(TWELVE.length - kept.size, dropped);
            const printed = await world.endRun();
            assert.equal(
                printed.match(/the refresh keeps it in the stack/g)?.length ?? 0,
                GONE.length - dropped,
            );
        });
    }

    it("stops no run because of a single account, even with maxRemovals 0", async () => {
        const world = await begin(TWELVE.map((id) => ({ id, name: id })));
        const [id = ""] = GONE;
        world.organization.leave(id);

        const kept = await refreshed(world.run, TWELVE, (each) => stored(each, { maxRemovals: 0 }));

        assert.equal(kept.has(id), false);
        assert.equal(kept.size, TWELVE.length - 1);
    });

    it("keeps the accounts in the next run too, although no more than five are gone then", async () => {
        const { world, kept } = await afterEightLeft();
        await world.nextRun();

        const again = await refreshed(world.run, [...kept.keys()], (id) => kept.get(id) ?? {});

        assert.deepEqual([...again.keys()], [...kept.keys()]);
    });

    it("inspects a kept account again if it is a member", async () => {
        const { world, kept } = await afterEightLeft();
        const [id = ""] = [...kept].flatMap(([each, { auditError }]) => (auditError === "" ? [] : [each]));
        world.organization.join({ id, name: "back" });
        await world.nextRun();

        const { props } = await world.run.read(id, kept.get(id) ?? {});

        assert.deepEqual([props.auditError, props.loginProfile], ["", "absent"]);
    });

    it("refuses a program's deletes of kept accounts, and names the accounts and the setting", async () => {
        const { world, kept } = await afterEightLeft();
        await declares(world.run, [STAYS]);
        const [id = ""] = [...kept].flatMap(([each, { auditError }]) => (auditError === "" ? [] : [each]));

        await assert.rejects(
            world.run.delete(id, kept.get(id) ?? {}),
            /8 accounts of this stack are gone at once, and no more than 5 may be: (1000000000\d\d has left the organization[,.] ){8}No account was opened.*AWS_PROFILE.*pulumi config set maxRemovals 8/,
        );
    });

    for (const [what, raised] of [
        ["where the setting is raised on purpose", 8],
        ["in pulumi destroy, which declares nothing", undefined],
    ] as const) {
        it(`drops the kept accounts ${what}`, async () => {
            const { world, kept } = await afterEightLeft();
            if (raised) await declares(world.run, [STAYS], raised);

            for (const [id, props] of kept) if (props.auditError) await world.run.delete(id, props);

            assert.deepEqual(world.requests.of("CreateLoginProfile"), []);
            assert.equal(
                (await world.endRun()).match(/has left the organization; nothing is changed there/g)?.length,
                3,
            );
        });
    }
});

async function reads(run: Run, ids: string[]): Promise<void> {
    await Promise.all(ids.map((id) => run.read(id, stored(id))));
}

async function declares(run: Run, ids: string[], maxRemovals?: number): Promise<void> {
    for (const accountId of ids) {
        await run.check({}, { accountId, ...(maxRemovals !== undefined && { maxRemovals }) });
    }
}
