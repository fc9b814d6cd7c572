/** The guard on recently used credentials, and the message before one of them is removed. */
import assert from "node:assert/strict";
import { accessDenied, missingResult, type RootSeed } from "../../simulator";
import { describeLifecycle, desired, partialFailure, stored } from "../harness";

const PAYMENTS = "111122223333";
const KEY = "AKIAROOTKEY000000001";
const OLD_KEY = "AKIAROOTKEY000000002";
const DEVICE = "arn:aws:iam::111122223333:mfa/phone";

const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString();
const day = (time: string) => time.slice(0, 10);

describeLifecycle("refuseIfUsedWithinDays", (begin) => {
    const account = (root: RootSeed) => [{ id: PAYMENTS, name: "payments", root }];
    const guarded = desired(PAYMENTS, { refuseIfUsedWithinDays: 30 });

    it("keeps a recently used access key, names its last use and the next step, and removes the others", async () => {
        const used = daysAgo(29);
        const world = await begin(
            account({
                accessKeys: [
                    { id: KEY, lastUsed: used, lastUsedService: "s3", lastUsedRegion: "eu-west-1" },
                    { id: OLD_KEY, lastUsed: daysAgo(31) },
                ],
                signingCertificates: [{}],
                password: {},
                mfaDevices: [{ serial: DEVICE }],
            }),
        );

        const { properties, reasons } = await partialFailure(world.run.create(guarded));

        assert.deepEqual(
            world.organization.rootCredentialsLeft({ activeOnly: true }).map(({ id }) => id),
            [KEY],
        );
        assert.deepEqual(properties.accessKeys, [KEY]);
        assert.equal(properties.lastRemoval?.removed.length, 4);
        assert.equal(
            properties.auditError,
            `access key ${KEY} is in use: last used ${day(used)} for s3 in eu-west-1 (iam:DeleteAccessKey)`,
        );
        assert.deepEqual(reasons, [
            `access key ${KEY} of account 111122223333 is kept: last used ${day(used)} for s3 in eu-west-1, and ` +
                "refuseIfUsedWithinDays is 30. Find the workload that signs with it (CloudTrail, userIdentity.accessKeyId) and give it an IAM role. " +
                "Run again when the key has not been used for that many days. To remove it all the same, switch the guard off for this account alone: " +
                "pulumi config set refuseIfUsedWithinDays off, pulumi up --target '**::111122223333', " +
                "and pulumi config set refuseIfUsedWithinDays 30 again.",
        ]);
        assert.deepEqual(
            world.requests.of("DeleteAccessKey").map(({ target }) => target),
            [OLD_KEY],
        );
    });

    it("keeps a recently used password and its MFA device", async () => {
        const world = await begin(
            account({ password: { lastUsed: daysAgo(1) }, mfaDevices: [{ serial: DEVICE }] }),
        );

        const { properties, reasons } = await partialFailure(world.run.create(guarded));

        assert.equal(properties.loginProfile, "present");
        assert.deepEqual(properties.mfaDevices, [DEVICE]);
        assert.match(
            reasons.join("\n"),
            /^password of account 111122223333 is kept: last used .*ConsoleLogin/,
        );
        assert.match(reasons.join("\n"), /MFA device .* kept while a password may remain/);
        assert.equal(world.organization.rootCredentialsLeft({ activeOnly: true }).length, 2);
    });

    it("keeps an access key if AWS does not tell its last use", async () => {
        const world = await begin(account({ accessKeys: [{ id: KEY, lastUsed: daysAgo(400) }] }));
        world.organization.failAlways("GetAccessKeyLastUsed", accessDenied());

        const { properties, reasons } = await partialFailure(world.run.create(guarded));

        assert.deepEqual(properties.accessKeys, [KEY]);
        assert.match(properties.auditError, /may be in use: last use unknown/);
        assert.equal(reasons.length, 1);
        assert.deepEqual(world.requests.of("DeleteAccessKey"), []);
    });

    const unanswered: ["GetAccessKeyLastUsed" | "GetUser", RootSeed][] = [
        ["GetAccessKeyLastUsed", { accessKeys: [{ id: KEY }] }],
        ["GetUser", { password: {} }],
    ];
    for (const [action, credential] of unanswered) {
        it(`keeps a credential after an empty answer to ${action}, because that does not mean "never used"`, async () => {
            const world = await begin(account(credential));
            world.organization.failAlways(action, missingResult());

            const { properties } = await partialFailure(world.run.create(guarded));

            assert.match(properties.auditError, /may be in use: last use unknown/);
            assert.equal(world.organization.rootCredentialsLeft({ activeOnly: true }).length, 1);
        });
    }

    it("decides by the last use at the time of the removal, and not by an earlier inspection", async () => {
        const world = await begin(account({ accessKeys: [{ id: KEY }] }));
        const { props } = await world.run.read(PAYMENTS, stored(PAYMENTS));
        const [key] = world.rootOf(PAYMENTS).accessKeys;
        assert.ok(key);
        Object.assign(key, { lastUsed: { date: new Date(), service: "s3", region: "eu-west-1" } });

        const { properties } = await partialFailure(world.run.update(PAYMENTS, props, guarded));

        assert.deepEqual(properties.accessKeys, [KEY]);
    });

    it("removes credentials that were never used, and signing certificates, because AWS records no last use of them", async () => {
        const world = await begin(
            account({ accessKeys: [{ id: KEY }], signingCertificates: [{}], password: {} }),
        );

        const { outs } = await world.run.create(guarded);

        assert.equal(outs.lastRemoval?.removed.length, 3);
        assert.deepEqual(world.organization.rootCredentialsLeft({ activeOnly: true }), []);
    });

    it("does not report a kept credential as removed if somebody else removed it in the meantime", async () => {
        const world = await begin(
            account({ accessKeys: [{ id: KEY, lastUsed: daysAgo(3) }], signingCertificates: [{}] }),
        );
        world.organization.onlooker = {
            leaves({ action }) {
                if (action === "DeleteSigningCertificate") world.rootOf(PAYMENTS).accessKeys = [];
            },
        };

        const { outs } = await world.run.create(guarded);

        assert.deepEqual(outs.accessKeys, []);
        assert.equal(outs.lastRemoval?.removed.length, 1);
        assert.match(outs.lastRemoval?.removed[0] ?? "", /^signing certificate/);
    });

    it("holds during an exception too", async () => {
        const world = await begin(account({ accessKeys: [{ id: KEY, lastUsed: daysAgo(3) }] }));
        const open = { loginProfile: "present" as const, until: "2126-12-01T18:00:00Z", reason: "tax form" };

        const { properties } = await partialFailure(world.run.create({ ...guarded, ...open }));

        assert.deepEqual(properties.accessKeys, [KEY]);
        assert.equal(properties.loginProfile, "present");
    });
});

describeLifecycle("A credential that was used in the last 90 days", (begin) => {
    it("is printed before it is removed, and no other credential is", async () => {
        const used = daysAgo(80);
        const root = {
            accessKeys: [
                { id: KEY, lastUsed: used, lastUsedService: "s3" },
                { id: OLD_KEY, lastUsed: daysAgo(100) },
            ],
            password: {},
        };
        const world = await begin([{ id: PAYMENTS, name: "payments", root }]);

        await world.run.create(desired(PAYMENTS, { accountName: "payments" }));

        const lines = (await world.nextRun()).trimEnd().split("\n");
        assert.match(
            lines[0] ?? "",
            new RegExp(
                `account 111122223333 \\(payments\\): about to remove credentials that were used in the last 90 days: access key ${KEY} \\(.*last used ${day(used)} for s3`,
            ),
        );
        assert.doesNotMatch(lines[0] ?? "", new RegExp(`${OLD_KEY}|password`));
        assert.match(lines[1] ?? "", /account 111122223333 \(payments\): removed access key/);
        assert.equal(lines.length, 2);
    });
});

describeLifecycle("A full audit", (begin) => {
    const full = { audit: "full" as const };

    it("does not ask for the summary, and finds credentials that a summary would not show", async () => {
        const world = await begin([
            { id: PAYMENTS, name: "payments", root: { accessKeys: [{ id: KEY, status: "Inactive" }] } },
        ]);

        const { props } = await world.run.read(PAYMENTS, stored(PAYMENTS, full));

        assert.deepEqual(props.accessKeys, [KEY]);
        assert.deepEqual(world.requests.of("GetAccountSummary"), []);
        assert.equal(props.audit, "full");
    });

    it("that is newly declared inspects an account again whose summary was clean", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments" }]);
        const { props } = await world.run.read(PAYMENTS, stored(PAYMENTS));
        world.rootOf(PAYMENTS).accessKeys.push({ id: KEY, status: "Inactive", created: new Date() });

        const { outs } = await world.run.update(PAYMENTS, props, desired(PAYMENTS, full));

        assert.deepEqual(world.rootOf(PAYMENTS).accessKeys, []);
        assert.deepEqual(outs.lastRemoval?.removed, [`access key ${KEY}`]);
    });
});
