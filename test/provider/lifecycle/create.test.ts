import assert from "node:assert/strict";
import {
    accessDenied,
    answerLost,
    htmlBody,
    missingResult,
    refusal,
    throttled,
    wrongAccount,
    type RootSeed,
} from "../../simulator";
import {
    describeLifecycle,
    desired,
    PartialFailure,
    partialFailure,
    ROOT_CREDENTIALS_PROVIDER,
    stored,
    type RootCredentialOutputs,
    type World,
} from "../harness";

const PAYMENTS = "111122223333";
const LOGS = "444455556666";

const KEY = "AKIAROOTKEY000000001";
const CERTIFICATE = "CERTIFICATE0000000000001";
const DEVICE = "arn:aws:iam::111122223333:mfa/root-account-mfa-device";

const ALL_KINDS: RootSeed = {
    password: {},
    accessKeys: [{ id: KEY }],
    signingCertificates: [{ id: CERTIFICATE }],
    mfaDevices: [{ serial: DEVICE }],
};
const HELD = {
    loginProfile: "present",
    accessKeys: [KEY],
    signingCertificates: [CERTIFICATE],
    mfaDevices: [DEVICE],
} as const;

const WRITES = /^(Delete|Deactivate|Create)/;
const NOTHING = { accessKeys: [], signingCertificates: [], mfaDevices: [] };

/** These calls run at the same time. */
const PREFLIGHT = ["GetCallerIdentity", "ListOrganizationsFeatures"];

describeLifecycle("create", (begin) => {
    it("opens no delete session in a clean account", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments" }]);
        const { run, requests } = world;

        const { id, outs } = await run.create(desired(PAYMENTS, { accountName: "payments" }));

        assert.equal(id, PAYMENTS);
        assert.deepEqual(world.anonymous(outs), stored(PAYMENTS, { accountName: "payments" }));
        assert.deepEqual(requests.actions().slice(0, 2).sort(), PREFLIGHT);
        assert.deepEqual(requests.actions().slice(2), ["AssumeRoot", "GetAccountSummary"]);
    });

    it("removes every kind, MFA devices last, and prints the removed credentials", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS }]);

        const { outs } = await world.run.create(desired(PAYMENTS));

        assert.deepEqual(world.rootOf(PAYMENTS), NOTHING);
        assert.deepEqual(
            world.requests.actions().filter((action) => WRITES.test(action)),
            ["DeleteAccessKey", "DeleteSigningCertificate", "DeleteLoginProfile", "DeactivateMFADevice"],
        );
        const { lastRemoval, ...rest } = world.anonymous(outs);
        assert.deepEqual(rest, stored(PAYMENTS));
        assert.deepEqual(lastRemoval?.removed, [
            `access key ${KEY}`,
            `signing certificate ${CERTIFICATE}`,
            "password",
            `MFA device ${DEVICE}`,
        ]);
        assert.equal(lastRemoval.session, world.requests.of("AssumeRoot")[1]?.issuedAccessKeyId);
        assert.equal(lastRemoval.by, "arn:aws:iam::999988887777:user/operator");
        assert.ok(!Number.isNaN(Date.parse(lastRemoval.at)));
    });

    it("checks the session's account before the first write", async () => {
        const { run, requests } = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS }]);

        await run.create(desired(PAYMENTS));

        const asked = requests.actions().lastIndexOf("GetCallerIdentity");
        const written = requests.actions().findIndex((action) => WRITES.test(action));
        assert.equal(requests.entries[asked]?.callerAccountId, PAYMENTS);
        assert.ok(asked < written);
    });

    it("removes both access keys, and keys that AWS lists on several pages", async () => {
        const root = { accessKeys: [{ id: KEY }, { status: "Inactive" as const }], mfaDevices: [{}, {}] };
        const world = await begin([{ id: PAYMENTS, name: "payments", root }]);
        world.organization.iamPageSize = 1;
        world.rootOf(PAYMENTS).mfaDevices[1] = { serial: "GAHT00000002", enabled: new Date() };

        await world.run.create(desired(PAYMENTS));

        assert.deepEqual(world.rootOf(PAYMENTS), NOTHING);
    });

    for (const [action, left, reason] of [
        ["DeleteAccessKey", { accessKeys: [KEY] }, /DeleteAccessKey was refused in account 111122223333/],
        ["DeleteSigningCertificate", { signingCertificates: [CERTIFICATE] }, /DeleteSigningCertificate was/],
        ["DeactivateMFADevice", { mfaDevices: [DEVICE] }, /DeactivateMFADevice was refused/],
    ] as const) {
        it(`removes the other kinds if AWS refuses ${action}, and stores the credentials that are left`, async () => {
            const world = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS }]);
            world.organization.failAlways(action, accessDenied());

            const { id, properties, reasons } = await partialFailure(world.run.create(desired(PAYMENTS)));

            const { __provider, lastRemoval, ...stored } = properties;
            assert.equal(id, PAYMENTS);
            assert.equal(__provider, ROOT_CREDENTIALS_PROVIDER);
            assert.partialDeepStrictEqual(stored, {
                ...desired(PAYMENTS),
                ...left,
                auditError: stored.auditError,
            });
            assert.match(stored.auditError, new RegExp(`\\(iam:${action}\\)$`));
            assert.equal(lastRemoval?.removed.length, 3);
            assert.equal(reasons.length, 1);
            assert.match(reasons[0] ?? "", reason);
            assert.equal(world.organization.rootCredentialsLeft().filter(isMember).length, 1);
        });
    }

    it("removes nothing under an SCP, and names the SCP", async () => {
        const scps = [{ name: "no-deletes", policyId: "p-nodeletes", actions: ["iam:Delete*"] }];
        const world = await begin([
            { id: PAYMENTS, name: "payments", root: { accessKeys: [{ id: KEY }] }, scps },
        ]);

        const { properties, reasons } = await partialFailure(world.run.create(desired(PAYMENTS)));

        assert.equal(properties.auditError, "blocked by SCP p-nodeletes (iam:DeleteAccessKey)");
        assert.deepEqual(properties.accessKeys, [KEY]);
        assert.equal(properties.lastRemoval, undefined);
        assert.match(reasons.join(), /p-nodeletes/);
    });

    it("stores an unreadable account as unknown, and opens no delete session", async () => {
        const scps = [{ name: "deny", policyId: "p-denyall", actions: ["*"] }];
        const world = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS, scps }]);

        const { id, properties, reasons } = await partialFailure(world.run.create(desired(PAYMENTS)));

        assert.equal(id, PAYMENTS);
        assert.equal(properties.__provider, ROOT_CREDENTIALS_PROVIDER);
        assert.equal(properties.loginProfile, "unknown");
        assert.equal(reasons.length, 1);
        assert.match(reasons[0] ?? "", /p-denyall/);
        assert.equal(world.requests.of("AssumeRoot").length, 1);
    });

    it("reports the result of the second listing if the answer to a delete is lost", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS }]);
        world.organization.failNext("DeleteAccessKey", answerLost());
        world.organization.failNext("DeactivateMFADevice", answerLost());

        const { outs } = await world.run.create(desired(PAYMENTS));

        assert.deepEqual(outs.accessKeys, []);
        assert.equal(outs.auditError, "");
        assert.equal(outs.lastRemoval?.removed.length, 4);
        assert.deepEqual(world.rootOf(PAYMENTS), NOTHING);
    });

    it("counts a credential as removed if somebody else removed it in the meantime", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS }]);
        world.organization.failNext("DeleteAccessKey", answerLost());
        world.organization.failNext("DeleteLoginProfile", answerLost());
        world.organization.failNext("DeleteSigningCertificate", answerLost());

        const { outs } = await world.run.create(desired(PAYMENTS));

        assert.deepEqual(
            world.requests.entries
                .filter(({ errorCode }) => errorCode === "NoSuchEntity")
                .map(({ action }) => action),
            [
                "DeleteAccessKey",
                "DeleteSigningCertificate",
                "DeleteLoginProfile",
                "GetLoginProfile",
                "GetLoginProfile",
            ],
        );
        assert.equal(outs.auditError, "");
    });

    it("lists again while the listings lag behind the deletes", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS }]);
        world.organization.readLag.reads = 1;

        const { outs } = await world.run.create(desired(PAYMENTS));

        assert.equal(outs.auditError, "");
        assert.deepEqual(outs.mfaDevices, []);
        assert.equal(outs.lastRemoval?.removed.length, 4);
    });

    it("fails and stores nothing for an account that is no member any more", async () => {
        const { run, organization, requests } = await begin([{ id: PAYMENTS, name: "payments" }]);
        organization.leave(PAYMENTS);

        await assert.rejects(run.create(desired(PAYMENTS)), {
            name: "Error",
            message: "account 111122223333 has left the organization; remove it from the program",
        });
        assert.equal(requests.of("AssumeRoot").length, 1);
    });
});

describeLifecycle("Credentials of another account", (begin) => {
    const SEED = [
        { id: PAYMENTS, name: "payments", root: ALL_KINDS },
        { id: LOGS, name: "logs", root: { password: {}, accessKeys: [{ id: "AKIAROOTKEYOFLOGS001" }] } },
    ];

    it("are not removed if AWS returns a session of that account", async () => {
        const world = await begin(SEED);
        const before = structuredClone([world.rootOf(PAYMENTS), world.rootOf(LOGS), world.operator]);
        await world.run.read(PAYMENTS, stored(PAYMENTS));
        world.organization.failAlways("AssumeRoot", wrongAccount(LOGS), { accountId: PAYMENTS });

        const { id, properties, reasons } = await partialFailure(
            world.run.update(PAYMENTS, { ...stored(PAYMENTS), ...HELD }, desired(PAYMENTS)),
        );

        assert.equal(id, PAYMENTS);
        assert.match(properties.auditError, /^AWS handed out a session of account 444455556666/);
        // The earlier session's account was checked, so its result still holds.
        assert.equal(properties.loginProfile, "present");
        assert.deepEqual(properties.accessKeys, [KEY]);
        assert.match(reasons.join(), /Nothing was written/);
        assert.deepEqual([world.rootOf(PAYMENTS), world.rootOf(LOGS), world.operator], before);
        assert.deepEqual(
            world.requests.actions().filter((action) => WRITES.test(action)),
            [],
        );
    });

    it("are not stored as the account's own if every session is of the other account", async () => {
        const world = await begin(SEED);
        const before = structuredClone([world.rootOf(PAYMENTS), world.rootOf(LOGS), world.operator]);
        world.organization.failAlways("AssumeRoot", wrongAccount(LOGS), { accountId: PAYMENTS });

        const { properties } = await partialFailure(world.run.create(desired(PAYMENTS)));

        assert.deepEqual([world.rootOf(PAYMENTS), world.rootOf(LOGS), world.operator], before);
        assert.doesNotMatch(JSON.stringify(properties), /AKIAROOTKEYOFLOGS001/);
    });

    it("are neither used nor removed if AssumeRoot answers without credentials", async () => {
        const world = await begin(SEED);
        const before = structuredClone([world.rootOf(PAYMENTS), world.operator]);
        await world.run.read(PAYMENTS, stored(PAYMENTS));
        world.requests.clear();
        world.organization.failAlways("AssumeRoot", missingResult());

        const updated = await partialFailure(
            world.run.update(PAYMENTS, { ...stored(PAYMENTS), ...HELD }, desired(PAYMENTS)),
        );
        const created = await partialFailure(world.run.create(desired(PAYMENTS)));
        await assert.rejects(world.run.delete(PAYMENTS, stored(PAYMENTS)), /incomplete/);

        assert.match(updated.properties.auditError, /^AWS's answer was incomplete \(sts:AssumeRoot\)/);
        assert.equal(created.properties.loginProfile, "unknown");
        assert.deepEqual([world.rootOf(PAYMENTS), world.operator], before);
        assert.deepEqual([...new Set(world.requests.actions())], ["AssumeRoot", "DescribeAccount"]);
    });
});

/** The properties that Pulumi stores after a create, and the failure that it prints. */
interface Outcome {
    stored: RootCredentialOutputs;
    reasons: string[];
}

describeLifecycle("create, if AWS is slow or does not do what it answers", (begin) => {
    const MFA_KEPT = "100000000001";
    const PROXY = "100000000002";
    const UNLISTED = "100000000003";
    const SETTLING = "100000000004";
    const THROTTLED = "100000000005";

    let world: World;
    let outcomes: Map<string, Outcome>;

    // Most of the time is waiting, so the accounts wait at the same time, as they do under Pulumi.
    before(async () => {
        const ids = [MFA_KEPT, PROXY, UNLISTED, SETTLING, THROTTLED];
        world = await begin(ids.map((id) => ({ id, name: id, root: ALL_KINDS })));
        const { organization, run } = world;
        organization.failAlways("DeleteLoginProfile", accessDenied(), { accountId: MFA_KEPT });
        organization.failAlways("DeleteAccessKey", htmlBody(), { accountId: PROXY });
        organization.failNext("ListAccessKeys", missingResult(), { accountId: UNLISTED, times: 2 });
        const settling = refusal("EntityTemporarilyUnmodifiable", "Please try again later.", 409);
        organization.failNext("DeactivateMFADevice", settling, { accountId: SETTLING });
        organization.failNext("AssumeRoot", throttled(), { accountId: THROTTLED });
        organization.failNext("DeleteLoginProfile", throttled(), { accountId: THROTTLED });

        const work = ids.map(async (id): Promise<[string, Outcome]> => {
            try {
                return [id, { stored: (await run.create(desired(id))).outs, reasons: [] }];
            } catch (error) {
                assert.ok(error instanceof PartialFailure, String(error));
                return [id, { stored: error.properties, reasons: error.reasons }];
            }
        });
        outcomes = new Map(await Promise.all(work));
    });

    it("keeps the MFA device if AWS refuses to remove the password", () => {
        const { stored, reasons } = outcomes.get(MFA_KEPT) ?? assert.fail();
        assert.equal(stored.loginProfile, "present");
        assert.deepEqual(stored.mfaDevices, [DEVICE]);
        assert.deepEqual(stored.accessKeys, []);
        assert.match(reasons[0] ?? "", /iam:DeleteLoginProfile was refused/);
        assert.match(reasons[1] ?? "", /MFA device .* kept while a password may remain/);
        assert.equal(world.rootOf(MFA_KEPT).mfaDevices.length, 1);
        assert.ok(world.rootOf(MFA_KEPT).password);
    });

    it("does not report a credential as removed if it is still listed after a successful delete", () => {
        const { stored, reasons } = outcomes.get(PROXY) ?? assert.fail();
        assert.deepEqual(stored.accessKeys, [KEY]);
        assert.notEqual(stored.auditError, "");
        assert.match(reasons.join(), new RegExp(KEY));
        assert.ok(!stored.lastRemoval?.removed.includes(`access key ${KEY}`));
        assert.equal(world.rootOf(PROXY).accessKeys.length, 1);
    });

    it("does not report a credential as removed that it could not list before", () => {
        const { stored } = outcomes.get(UNLISTED) ?? assert.fail();
        const left = world.rootOf(UNLISTED).accessKeys.map(({ id }) => id);
        assert.deepEqual(stored.accessKeys, left);
        assert.equal(stored.auditError === "", left.length === 0);
        assert.deepEqual(stored.mfaDevices, []);
    });

    it("tries again while another change of the credential is in progress", () => {
        const { stored, reasons } = outcomes.get(SETTLING) ?? assert.fail();
        assert.deepEqual(reasons, []);
        assert.deepEqual(stored.mfaDevices, []);
        assert.deepEqual(world.rootOf(SETTLING), NOTHING);
    });

    it("waits out throttling by STS and by IAM", () => {
        const { stored, reasons } = outcomes.get(THROTTLED) ?? assert.fail();
        assert.deepEqual(reasons, []);
        assert.equal(stored.lastRemoval?.removed.length, 4);
        assert.deepEqual(world.rootOf(THROTTLED), NOTHING);
    });
});

function isMember({ accountId }: { accountId: string }): boolean {
    return accountId === PAYMENTS;
}
