/** An acknowledged account is unreadable, and the cause lies in the account. That is no change, and the account is never clean. */
import assert from "node:assert/strict";
import { accessDenied, expiredToken, serverError, type AccountSeed, type ScpSeed } from "../../simulator";
import {
    describeLifecycle,
    desired,
    partialFailure,
    stored,
    type RootCredentialOutputs,
    type World,
    type WorldOptions,
} from "../harness";

const PAYMENTS = "111122223333";
const LOGS = "222233334444";
const SECURITY = "333344445555";
const MANAGEMENT = "999988887777";
const KEY = "AKIAROOTKEY000000001";
const ACKNOWLEDGED = {
    acknowledged: { until: "2099-01-01T00:00:00Z", reason: "TICKET-7: a frozen account" },
};

const scp = (...actions: string[]): ScpSeed => ({ name: "guard", policyId: "p-guard123", actions });
const EVERYTHING = scp("*");
const DEVICES = scp("iam:*MFA*");

describeLifecycle("An acknowledged account", (begin) => {
    const beginWith = (account: Partial<AccountSeed>, options: WorldOptions = {}) =>
        begin(
            {
                delegatedAdministrators: [SECURITY],
                accounts: [
                    { id: PAYMENTS, name: "payments", ...account },
                    { id: LOGS, name: "logs" },
                    { id: SECURITY, name: "security" },
                ],
            },
            options,
        );

    /** One run's read, check and diff of the account. */
    async function inspected({ run }: World, id = PAYMENTS, acknowledged: object = ACKNOWLEDGED) {
        const { props, inputs } = await run.read(id, stored(id, acknowledged));
        const { inputs: news } = await run.check(inputs ?? {}, { accountId: id, ...acknowledged });
        const { changes } = await run.diff(id, props, news);
        return { props, news, isChanged: changes !== false };
    }

    const isUnknown = ({ loginProfile, accessKeys, auditError }: RootCredentialOutputs) =>
        loginProfile === "unknown" && accessKeys[0] === "unknown" && auditError !== "";

    const COVERED: [what: string, account: Partial<AccountSeed>, id: string, options?: WorldOptions][] = [
        ["an SCP", { scps: [EVERYTHING] }, PAYMENTS],
        ["an RCP", { rcps: [{ name: "perimeter", policyId: "p-rcp12345", actions: ["sts:*"] }] }, PAYMENTS],
        ["that it is the caller's own", {}, SECURITY, { caller: "delegate" }],
    ];

    for (const [what, account, id, options] of COVERED) {
        it(`shows no change for ${what} while the acknowledgement lasts, and is stored as unknown`, async () => {
            const world = await beginWith(account, options);

            const { props, isChanged } = await inspected(world, id);
            const unsaid = await inspected(world, id, {});

            assert.ok(isUnknown(props), JSON.stringify(props));
            assert.deepEqual([isChanged, unsaid.isChanged], [false, true]);
        });
    }

    const NOT_COVERED: [what: string, arrange: (world: World) => void, options?: WorldOptions][] = [
        ["a failure of AWS", ({ organization }) => organization.failAlways("AssumeRoot", serverError())],
        [
            "the caller's credentials",
            ({ organization }) => organization.failAlways("AssumeRoot", expiredToken()),
        ],
        [
            "a denial without a policy",
            ({ organization }) => organization.failAlways("AssumeRoot", accessDenied()),
        ],
        [
            "the feature that is off",
            ({ organization }) => organization.setFeature("RootCredentialsManagement", false),
        ],
        [
            "the delegation that is gone",
            ({ organization }) => organization.deregisterDelegatedAdministrator(SECURITY),
            { caller: "delegate" },
        ],
        [
            "an SCP of the caller's account",
            ({ organization }) => void organization.attachScp(SECURITY, scp("sts:AssumeRoot")),
            { caller: "delegate" },
        ],
        [
            "a permission that the caller lacks",
            ({ organization }) =>
                organization.withholdPermissions(
                    MANAGEMENT,
                    ["sts:AssumeRoot"],
                    [`arn:aws:iam::${PAYMENTS}:root`],
                ),
        ],
        [
            "an SCP on the summary, and an outage of the lists",
            ({ organization }) => {
                organization.attachScp(PAYMENTS, scp("iam:GetAccountSummary"));
                for (const list of [
                    "ListAccessKeys",
                    "ListSigningCertificates",
                    "GetLoginProfile",
                    "ListMFADevices",
                ] as const)
                    organization.failAlways(list, serverError());
            },
        ],
        [
            "an SCP on one list, and a failure of another",
            ({ organization }) => {
                organization.attachScp(PAYMENTS, scp("iam:GetAccountSummary", "iam:ListAccessKeys"));
                organization.failAlways("ListMFADevices", serverError());
            },
        ],
    ];

    for (const [what, arrange, options] of NOT_COVERED) {
        it(`shows a change for ${what}, because the cause does not lie in the account`, async () => {
            const world = await beginWith({}, options);
            await world.run.read(LOGS, stored(LOGS));
            arrange(world);

            const { props, isChanged } = await inspected(world);

            assert.notEqual(props.auditError, "");
            assert.equal(isChanged, true);
        });
    }

    it("shows a change and fails if the summary shows a credential whose list is denied", async () => {
        const lists = scp("iam:ListAccessKeys");
        const world = await beginWith({ scps: [lists], root: { accessKeys: [{ id: KEY }] } });

        const { props, news, isChanged } = await inspected(world);
        const { properties } = await partialFailure(world.run.update(PAYMENTS, props, news));
        await world.nextRun();
        const next = await inspected(world);

        assert.deepEqual([props.accessKeys, isChanged], [["unknown"], true]);
        assert.deepEqual(properties.accessKeys, ["unknown"]);
        assert.equal(next.isChanged, true);
    });

    it("shows a change if the lists of a full audit are denied and the summary shows a credential", async () => {
        const world = await beginWith({
            scps: [scp("iam:ListAccessKeys")],
            root: { accessKeys: [{ id: KEY }] },
        });

        const { isChanged } = await inspected(world, PAYMENTS, { ...ACKNOWLEDGED, audit: "full" });

        assert.equal(isChanged, true);
    });

    it("shows a change if the summary fails, because it might show credentials that the lists hide", async () => {
        const world = await beginWith({
            scps: [scp("iam:List*", "iam:GetLoginProfile")],
            root: { password: {} },
        });
        world.organization.failAlways("GetAccountSummary", serverError());

        const { props, isChanged } = await inspected(world);

        assert.deepEqual([props.unreadableBecause.includes("service-error"), isChanged], [true, true]);
    });

    it("shows a change in each run for a credential that an earlier run found and could not remove", async () => {
        const world = await beginWith({
            scps: [scp("iam:DeleteAccessKey")],
            root: { accessKeys: [{ id: KEY }] },
        });
        const { props, news } = await inspected(world);
        const { properties } = await partialFailure(world.run.update(PAYMENTS, props, news));
        world.organization.attachScp(PAYMENTS, EVERYTHING);
        let known = properties as unknown as RootCredentialOutputs;

        for (let run = 0; run < 2; run++) {
            await world.nextRun();
            const read = await world.run.read(PAYMENTS, known);
            const checked = await world.run.check(read.inputs ?? {}, {
                accountId: PAYMENTS,
                ...ACKNOWLEDGED,
            });
            const { changes } = await world.run.diff(PAYMENTS, read.props, checked.inputs);

            assert.ok(isUnknown(read.props));
            assert.notEqual(changes, false);
            known = read.props;
        }
    });

    it("shows a change until a listing shows that the password of an ended exception is removed", async () => {
        const world = await beginWith({ scps: [EVERYTHING], root: { password: {} } });
        const exception = { until: "2026-01-01T00:00:00Z", reason: "TICKET-8" };

        const { props, inputs } = await world.run.read(
            PAYMENTS,
            stored(PAYMENTS, { ...ACKNOWLEDGED, ...exception }),
        );
        const checked = await world.run.check(inputs ?? {}, { accountId: PAYMENTS, ...ACKNOWLEDGED });
        const { changes } = await world.run.diff(PAYMENTS, props, checked.inputs);
        const { properties } = await partialFailure(world.run.update(PAYMENTS, props, checked.inputs));

        assert.notEqual(changes, false);
        assert.equal(properties.until, exception.until);
    });

    it("shows a change for a credential that is found, which up removes without failing", async () => {
        const world = await beginWith({ scps: [DEVICES], root: { accessKeys: [{ id: KEY }] } });
        world.organization.omittedSummaryKeys.add("AccountMFAEnabled");
        const { props, news, isChanged } = await inspected(world);
        assert.deepEqual([props.accessKeys, props.mfaDevices, isChanged], [[KEY], ["unknown"], true]);

        const { outs } = await world.run.update(PAYMENTS, props, news);

        assert.deepEqual(world.rootOf(PAYMENTS).accessKeys, []);
        assert.deepEqual([outs.accessKeys, outs.mfaDevices], [[], ["unknown"]]);
        assert.match(outs.auditError, /blocked by SCP p-guard123/);
        await world.nextRun();
        const { props: next } = await world.run.read(PAYMENTS, outs);
        const { changes } = await world.run.diff(PAYMENTS, next, news);
        assert.equal(changes, false);
    });

    it("fails for a credential that is found and cannot be removed", async () => {
        const world = await beginWith({
            scps: [scp("iam:*MFA*", "iam:DeleteAccessKey")],
            root: { accessKeys: [{ id: KEY }] },
        });
        world.organization.omittedSummaryKeys.add("AccountMFAEnabled");
        const { props, news } = await inspected(world);

        const { properties, reasons } = await partialFailure(world.run.update(PAYMENTS, props, news));

        assert.deepEqual(properties.accessKeys, [KEY]);
        assert.match(reasons.join(), /iam:DeleteAccessKey was refused/);
    });

    it("fails if the second listing after a removal is refused", async () => {
        const world = await beginWith({ root: { accessKeys: [{ id: KEY }] } });
        const { props, news } = await inspected(world);
        world.organization.onlooker = {
            leaves({ action }) {
                if (action === "DeleteAccessKey") world.organization.attachScp(PAYMENTS, EVERYTHING);
            },
        };

        const { properties } = await partialFailure(world.run.update(PAYMENTS, props, news));

        assert.deepEqual(properties.accessKeys, ["unknown"]);
        assert.equal(properties.lastRemoval, undefined);
    });

    it("that is new is created as unknown without a failure, and its cause is printed", async () => {
        const world = await beginWith({ scps: [EVERYTHING], root: { password: {} } });
        const { inputs } = await world.run.check({}, { accountId: PAYMENTS, ...ACKNOWLEDGED });

        const { outs } = await world.run.create(inputs);

        assert.ok(isUnknown(outs), JSON.stringify(outs));
        assert.deepEqual(outs.unreadableBecause, ["scp"]);
        assert.match(
            await world.nextRun(),
            /account 111122223333 could not be inspected: blocked by SCP.*This is acknowledged until 2099-01-01T00:00:00Z \(TICKET-7: a frozen account\)/,
        );
    });

    it("that is new fails if the cause does not lie in the account", async () => {
        const world = await beginWith({});
        world.organization.failAlways("AssumeRoot", serverError());

        const { properties } = await partialFailure(world.run.create(desired(PAYMENTS, ACKNOWLEDGED)));

        assert.notEqual(properties.auditError, "");
    });

    it("is stored without a failure if other settings change", async () => {
        const world = await beginWith({ scps: [EVERYTHING] });
        const { props } = await inspected(world);

        for (const terms of [{ onDelete: "retain" as const }, { audit: "full" as const }]) {
            const { outs } = await world.run.update(
                PAYMENTS,
                props,
                desired(PAYMENTS, { ...ACKNOWLEDGED, ...terms }),
            );
            assert.ok(isUnknown(outs), JSON.stringify(outs));
            assert.partialDeepStrictEqual(outs, terms);
        }
    });

    it("shows no change for a longer acknowledgement", async () => {
        const world = await beginWith({ scps: [EVERYTHING] });
        const { props } = await inspected(world);
        const longer = { acknowledged: { until: "2100-01-01T00:00:00Z", reason: "another" } };

        const { changes } = await world.run.diff(PAYMENTS, props, desired(PAYMENTS, longer));

        assert.equal(changes, false);
    });

    it("shows a change if this run has not inspected it, even if an earlier run stored it as unreadable", async () => {
        const world = await beginWith({ scps: [EVERYTHING] });
        const { props, news } = await inspected(world);
        await world.nextRun();
        await world.run.read(LOGS, stored(LOGS));

        const { changes } = await world.run.diff(PAYMENTS, props, news);

        assert.notEqual(changes, false);
    });
});
