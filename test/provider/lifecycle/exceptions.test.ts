/** During an exception, the account's password may be recovered, and it has no other credentials. */
import assert from "node:assert/strict";
import { accessDenied, answerLost, type RootSeed } from "../../simulator";
import { describeLifecycle, desired, partialFailure, stored, type World } from "../harness";

const PAYMENTS = "111122223333";
const KEY = "AKIAROOTKEY000000001";
const CERTIFICATE = "CERTIFICATE0000000000001";
const DEVICE = "arn:aws:iam::111122223333:mfa/phone";
const EXCEPTION = { until: "2126-12-01T18:00:00Z", reason: "tax form" };
const OPEN = { ...EXCEPTION, loginProfile: "present" as const };

const WRITES = /^(Delete|Deactivate|Create)/;

const writes = ({ requests }: World) => requests.actions().filter((action) => WRITES.test(action));

/** The inputs that `check` returns for the exception, after a read of the account. */
async function declared({ run }: World, olds: object) {
    const { inputs } = await run.check(olds, { accountId: PAYMENTS, onDelete: "allow-recovery", ...OPEN });
    return inputs;
}

describeLifecycle("An exception", (begin) => {
    const account = (root: RootSeed = {}) => [{ id: PAYMENTS, name: "payments", root }];

    it("allows password recovery in a clean account, and opens no delete session", async () => {
        const world = await begin(account());
        const { props, inputs } = await world.run.read(PAYMENTS, stored(PAYMENTS));
        world.requests.clear();

        const { outs } = await world.run.update(PAYMENTS, props, await declared(world, inputs ?? {}));

        assert.ok(world.rootOf(PAYMENTS).password);
        assert.deepEqual(writes(world), ["CreateLoginProfile"]);
        assert.equal(world.requests.of("AssumeRoot").length, 1);
        assert.partialDeepStrictEqual(outs, { ...OPEN, auditError: "", accessKeys: [], mfaDevices: [] });
        assert.deepEqual(Object.keys(outs.evidence), ["loginProfile"]);
        assert.match(
            await world.nextRun(),
            /password recovery is allowed in root session .*\. The exception ends at 2126-12-01T18:00:00Z \(tax form\)/,
        );
    });

    it("opens an account that is new to the stack too", async () => {
        const world = await begin(account());

        const { outs } = await world.run.create(await declared(world, {}));

        assert.ok(world.rootOf(PAYMENTS).password);
        assert.equal(outs.loginProfile, "present");
    });

    it("prints that the account was opened if the listing afterwards is refused, and stores the password as unknown", async () => {
        const world = await begin(account());
        const { props, inputs } = await world.run.read(PAYMENTS, stored(PAYMENTS));
        world.organization.failAlways("GetLoginProfile", accessDenied());

        const { properties, reasons } = await partialFailure(
            world.run.update(PAYMENTS, props, await declared(world, inputs ?? {})),
        );

        assert.ok(world.rootOf(PAYMENTS).password, "open");
        assert.equal(properties.loginProfile, "unknown");
        assert.match(properties.auditError, /\(iam:GetLoginProfile\)$/);
        assert.match(
            reasons.join("\n"),
            /^password recovery of account 111122223333 was allowed \(iam:CreateLoginProfile\) in root session ASIA\w+ \(request [\w-]+\), but not confirmed afterwards: iam:GetLoginProfile was refused/,
        );
    });

    it("keeps the password and MFA devices, and shows no change", async () => {
        const world = await begin(account({ password: {}, mfaDevices: [{ serial: DEVICE }] }));
        const { props, inputs } = await world.run.read(PAYMENTS, stored(PAYMENTS, OPEN));

        const news = await declared(world, inputs ?? {});

        assert.deepEqual(news["mfaDevices"], [DEVICE]);
        assert.equal((await world.run.diff(PAYMENTS, props, news)).changes, false);
        assert.deepEqual({ ...inputs, ...news }, { ...news, ...inputs });
    });

    it("removes access keys and certificates, and keeps the password", async () => {
        const root = {
            password: {},
            accessKeys: [{ id: KEY }],
            signingCertificates: [{ id: CERTIFICATE }],
            mfaDevices: [{}],
        };
        const world = await begin(account(root));
        const { props, inputs } = await world.run.read(PAYMENTS, stored(PAYMENTS, OPEN));
        const news = await declared(world, inputs ?? {});
        assert.notEqual((await world.run.diff(PAYMENTS, props, news)).changes, false);

        const { outs } = await world.run.update(PAYMENTS, props, news);

        assert.deepEqual(writes(world), ["DeleteAccessKey", "DeleteSigningCertificate"]);
        assert.deepEqual(outs.lastRemoval?.removed, [
            `access key ${KEY}`,
            `signing certificate ${CERTIFICATE}`,
        ]);
        assert.equal(outs.loginProfile, "present");
        assert.equal(outs.mfaDevices.length, 1);
        assert.ok(world.rootOf(PAYMENTS).password);
    });

    it("opens the account even if a key cannot be removed, and names the key", async () => {
        const world = await begin(account({ accessKeys: [{ id: KEY }] }));
        world.organization.failAlways("DeleteAccessKey", accessDenied());

        const { properties, reasons } = await partialFailure(world.run.create(await declared(world, {})));

        assert.ok(world.rootOf(PAYMENTS).password);
        assert.equal(properties.loginProfile, "present");
        assert.deepEqual(properties.accessKeys, [KEY]);
        assert.match(reasons.join("\n"), /iam:DeleteAccessKey was refused/);
    });

    it("removes keys even if recovery cannot be allowed, and fails with the cause", async () => {
        const world = await begin(account({ accessKeys: [{ id: KEY }] }));
        world.organization.failAlways("CreateLoginProfile", accessDenied());

        const { properties, reasons } = await partialFailure(world.run.create(await declared(world, {})));

        assert.deepEqual(world.rootOf(PAYMENTS).accessKeys, []);
        assert.equal(properties.loginProfile, "absent");
        assert.deepEqual(properties.accessKeys, []);
        assert.match(properties.auditError, /\(iam:CreateLoginProfile\)$/);
        assert.match(reasons.join("\n"), /iam:CreateLoginProfile was refused in account 111122223333/);
    });

    it("that ends before the session opens does not open the account, and fails with the cause", async () => {
        const world = await begin(account({ accessKeys: [{ id: KEY }] }));
        const ended = { until: new Date(Date.now() - 1_000).toISOString() };

        const { properties, reasons } = await partialFailure(
            world.run.create({ ...(await declared(world, {})), ...ended }),
        );

        assert.equal(world.rootOf(PAYMENTS).password, undefined);
        assert.deepEqual(world.rootOf(PAYMENTS).accessKeys, []);
        assert.equal(properties.loginProfile, "absent");
        assert.match(reasons.join("\n"), /its exception ended .* before recovery was allowed.*run again/i);
        assert.deepEqual(writes(world), ["DeleteAccessKey"]);
    });

    it("stores the removal if the account leaves before its recovery is allowed", async () => {
        const world = await begin(account({ accessKeys: [{ id: KEY }] }));
        world.organization.onlooker = {
            leaves({ action }) {
                if (action === "DeleteAccessKey") world.organization.leave(PAYMENTS);
            },
        };

        const { properties, reasons } = await partialFailure(world.run.create(await declared(world, {})));

        assert.deepEqual(properties.lastRemoval?.removed, [`access key ${KEY}`]);
        assert.match(reasons.join("\n"), /has left the organization; its recovery was not allowed/);
    });

    it("succeeds if recovery was allowed already or the answer was lost", async () => {
        const world = await begin(account());
        world.organization.failNext("CreateLoginProfile", answerLost());

        const { outs } = await world.run.create(await declared(world, {}));

        assert.equal(outs.loginProfile, "present");
        assert.ok(world.rootOf(PAYMENTS).password);
    });

    it("is stored without calls to AWS if only its end or its reason changes", async () => {
        const world = await begin(account({ password: {} }));
        const { props, inputs } = await world.run.read(PAYMENTS, stored(PAYMENTS, OPEN));
        const news = { ...(await declared(world, inputs ?? {})), until: "2127-01-01T00:00:00Z" };
        assert.notEqual((await world.run.diff(PAYMENTS, props, news)).changes, false);
        world.requests.clear();

        const { outs } = await world.run.update(PAYMENTS, props, news);

        assert.equal(outs.until, "2127-01-01T00:00:00Z");
        assert.deepEqual(world.requests.actions(), []);
    });

    it("that is no longer declared has its new password and MFA device removed", async () => {
        const world = await begin(account({ password: {}, mfaDevices: [{ serial: DEVICE }] }));
        const { props } = await world.run.read(PAYMENTS, stored(PAYMENTS, OPEN));
        const { inputs } = await world.run.check(props, { accountId: PAYMENTS, onDelete: "allow-recovery" });
        assert.deepEqual(inputs, desired(PAYMENTS));

        const { outs } = await world.run.update(PAYMENTS, props, inputs);

        assert.deepEqual(writes(world), ["DeleteLoginProfile", "DeactivateMFADevice"]);
        assert.equal(world.rootOf(PAYMENTS).password, undefined);
        assert.equal(outs.loginProfile, "absent");
        assert.equal(outs.until, undefined);
        assert.equal(outs.reason, undefined);
    });

    it("that has ended has its password removed, however recently it was used, and after failed attempts too", async () => {
        const used = new Date().toISOString();
        const root = {
            password: { lastUsed: used },
            accessKeys: [{ id: KEY, lastUsed: used }],
            mfaDevices: [{ serial: DEVICE }],
        };
        const world = await begin(account(root));
        const guarded = desired(PAYMENTS, { refuseIfUsedWithinDays: 30 });
        world.organization.failAlways("DeleteLoginProfile", accessDenied());
        const first = await world.run.read(PAYMENTS, stored(PAYMENTS, OPEN));
        const denied = await partialFailure(world.run.update(PAYMENTS, first.props, guarded));
        assert.match(denied.reasons.join("\n"), /iam:DeleteLoginProfile was refused/);
        assert.equal(denied.properties.until, EXCEPTION.until);

        world.organization.clearFaults();
        await world.nextRun();
        const { props } = await world.run.read(PAYMENTS, denied.properties);
        const { properties, reasons } = await partialFailure(world.run.update(PAYMENTS, props, guarded));

        assert.equal(world.rootOf(PAYMENTS).password, undefined);
        assert.deepEqual(world.rootOf(PAYMENTS).mfaDevices, []);
        // The key was never allowed by the exception.
        assert.deepEqual(properties.accessKeys, [KEY]);
        assert.match(reasons.join("\n"), new RegExp(`^access key ${KEY} of account 111122223333 is kept`));
        assert.deepEqual([properties.until, properties.reason], [undefined, undefined]);
    });
});
