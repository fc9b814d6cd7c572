import assert from "node:assert/strict";
import {
    accessDenied,
    emptyBody,
    htmlBody,
    missingResult,
    refusal,
    truncatedBody,
    type AccountSeed,
    type RootSeed,
    type ScpSeed,
} from "../../simulator";
import { describeLifecycle, desired, stored } from "../harness";

const PAYMENTS = "111122223333";
const LOGS = "444455556666";

const NOTHING_KNOWN = {
    loginProfile: "unknown",
    accessKeys: ["unknown"],
    signingCertificates: ["unknown"],
    mfaDevices: ["unknown"],
};

const ALL_KINDS: RootSeed = {
    password: { created: "2024-02-01T08:00:00Z", lastUsed: "2026-03-01T10:00:00Z" },
    accessKeys: [
        { id: "AKIAROOTKEY000000002", status: "Inactive", created: "2024-02-02T08:00:00Z" },
        {
            id: "AKIAROOTKEY000000001",
            created: "2024-02-03T08:00:00Z",
            lastUsed: "2026-03-02T10:00:00Z",
            lastUsedService: "s3",
            lastUsedRegion: "eu-west-1",
        },
    ],
    signingCertificates: [{ id: "CERTIFICATE0000000000001", created: "2024-02-04T08:00:00Z" }],
    mfaDevices: [{ serial: "GAHT00000001", enabled: "2024-02-05T08:00:00Z" }],
};

function accounts(...ids: string[]): AccountSeed[] {
    return ids.map((id) => ({ id, name: `account ${id}` }));
}

/** These calls run at the same time. */
const PREFLIGHT = ["GetCallerIdentity", "ListOrganizationsFeatures"];

describeLifecycle("read", (begin) => {
    describe("of a readable account", () => {
        it("needs two calls for a clean account, after two calls of the preflight in the whole run", async () => {
            const { run, requests } = await begin(accounts(PAYMENTS, LOGS));

            await run.read(PAYMENTS, stored(PAYMENTS));
            await run.read(LOGS, stored(LOGS));

            assert.deepEqual(requests.actions().slice(0, 2).sort(), PREFLIGHT);
            assert.deepEqual(requests.actions().slice(2), [
                "AssumeRoot",
                "GetAccountSummary",
                "AssumeRoot",
                "GetAccountSummary",
            ]);
        });

        it("returns observed inputs and outputs, and repeats the declaration", async () => {
            const world = await begin(accounts(PAYMENTS));
            const said = {
                accountName: "payments",
                organizationalUnit: "Workloads/Prod",
                onDelete: "retain",
                maxRemovals: 7,
            } as const;
            const lastRemoval = {
                at: "2026-01-01T00:00:00Z",
                removed: ["password"],
                session: "ASIA1",
                by: "arn",
            };

            const { id, props, inputs } = await world.run.read(
                PAYMENTS,
                stored(PAYMENTS, {
                    ...said,
                    lastRemoval,
                    auditError: "of another day",
                    accessKeys: ["AKIA"],
                }),
            );

            assert.equal(id, PAYMENTS);
            assert.deepEqual(inputs, desired(PAYMENTS, said));
            assert.deepEqual(world.anonymous(props), stored(PAYMENTS, { ...said, lastRemoval }));
        });

        it("returns every credential with its creation and last use", async () => {
            const { run } = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS }]);

            const { props, inputs } = await run.read(PAYMENTS, stored(PAYMENTS));

            assert.deepEqual(
                inputs,
                desired(PAYMENTS, {
                    loginProfile: "present",
                    accessKeys: ["AKIAROOTKEY000000001", "AKIAROOTKEY000000002"],
                    signingCertificates: ["CERTIFICATE0000000000001"],
                    mfaDevices: ["GAHT00000001"],
                }),
            );
            assert.deepEqual(props.evidence, {
                loginProfile: {
                    password: {
                        created: "2024-02-01T08:00:00.000Z",
                        lastUsed: { at: "2026-03-01T10:00:00.000Z" },
                    },
                },
                accessKeys: {
                    AKIAROOTKEY000000001: {
                        status: "active",
                        created: "2024-02-03T08:00:00.000Z",
                        lastUsed: { at: "2026-03-02T10:00:00.000Z", service: "s3", region: "eu-west-1" },
                    },
                    AKIAROOTKEY000000002: {
                        status: "inactive",
                        created: "2024-02-02T08:00:00.000Z",
                        lastUsed: "never",
                    },
                },
                signingCertificates: {
                    CERTIFICATE0000000000001: { status: "active", created: "2024-02-04T08:00:00.000Z" },
                },
                mfaDevices: { GAHT00000001: { created: "2024-02-05T08:00:00.000Z" } },
            });
        });

        it("reads credentials that AWS lists on several pages", async () => {
            const { run, organization } = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS }]);
            organization.iamPageSize = 1;

            const { props } = await run.read(PAYMENTS, stored(PAYMENTS));

            assert.deepEqual(props.accessKeys, ["AKIAROOTKEY000000001", "AKIAROOTKEY000000002"]);
        });

        it("lists the kinds that the summary does not mention, and no others", async () => {
            const root = { password: {}, accessKeys: [{ id: "AKIAROOTKEY000000001" }] };
            const { run, organization, requests } = await begin([{ id: PAYMENTS, name: "payments", root }]);
            organization.omittedSummaryKeys.add("AccountPasswordPresent");
            organization.omittedSummaryKeys.add("AccountMFAEnabled");

            const { props } = await run.read(PAYMENTS, stored(PAYMENTS));

            assert.equal(props.loginProfile, "present");
            assert.deepEqual(props.accessKeys, ["AKIAROOTKEY000000001"]);
            assert.deepEqual(props.mfaDevices, []);
            assert.equal(requests.of("ListMFADevices").length, 1);
            assert.equal(requests.of("ListSigningCertificates").length, 0);
        });

        it("stores a last use that AWS does not tell as unknown, and the credential as found", async () => {
            const root = { password: { lastUsed: "2026-03-01T10:00:00Z" } };
            const { run, organization } = await begin([{ id: PAYMENTS, name: "payments", root }]);
            organization.failAlways("GetUser", accessDenied());

            const { props } = await run.read(PAYMENTS, stored(PAYMENTS));

            assert.equal(props.loginProfile, "present");
            assert.equal(props.auditError, "");
            assert.equal(props.evidence.loginProfile?.["password"]?.lastUsed, "unknown");
        });
    });

    describe("of an unreadable account", () => {
        it("uses the lists if only the summary is refused", async () => {
            const { run, organization } = await begin([
                { id: PAYMENTS, name: "payments" },
                { id: LOGS, name: "logs", root: ALL_KINDS },
            ]);
            organization.failAlways("GetAccountSummary", accessDenied());

            const clean = await run.read(PAYMENTS, stored(PAYMENTS));
            const dirty = await run.read(LOGS, stored(LOGS));

            assert.deepEqual(clean.inputs, desired(PAYMENTS));
            assert.equal(dirty.props.loginProfile, "present");
            assert.deepEqual(dirty.props.mfaDevices, ["GAHT00000001"]);
        });

        it("stores all kinds as unknown under an SCP, and names the SCP's id first", async () => {
            const scp: ScpSeed = {
                name: "deny-root",
                policyId: "p-denyroot",
                actions: ["*"],
                appliesTo: "root",
            };
            const { run } = await begin([{ id: PAYMENTS, name: "payments", scps: [scp] }]);

            const { id, props } = await run.read(PAYMENTS, stored(PAYMENTS));

            assert.equal(id, PAYMENTS);
            assert.partialDeepStrictEqual(props, NOTHING_KNOWN);
            assert.equal(props.auditError, "blocked by SCP p-denyroot (iam:GetAccountSummary)");
            assert.ok(props.auditError.length <= 120);
            assert.match(props.auditErrorDetail, /aws:AssumedRoot.*service_control_policy\/p-denyroot/);
        });

        it("stores a kind as unknown if its list is refused, and returns the others", async () => {
            const scp = { name: "no-keys", policyId: "p-nokeys", actions: ["iam:ListAccessKeys"] };
            const { run } = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS, scps: [scp] }]);

            const { props } = await run.read(PAYMENTS, stored(PAYMENTS));

            assert.deepEqual(props.accessKeys, ["unknown"]);
            assert.equal(props.loginProfile, "present");
            assert.deepEqual(props.mfaDevices, ["GAHT00000001"]);
            assert.equal(props.auditError, "blocked by SCP p-nokeys (iam:ListAccessKeys)");
        });

        it("stores a kind as unknown if the summary shows it and its list is empty", async () => {
            const { run, organization } = await begin([
                { id: PAYMENTS, name: "payments", root: { password: {} } },
            ]);
            organization.failAlways("GetLoginProfile", noSuchEntity());

            const { props } = await run.read(PAYMENTS, stored(PAYMENTS));

            assert.equal(props.loginProfile, "unknown");
            assert.deepEqual(props.accessKeys, []);
            assert.match(props.auditError, /^iam:GetAccountSummary and iam:GetLoginProfile disagree/);
        });

        it("asks again for a list that lags behind the summary", async () => {
            const { run, organization } = await begin([
                { id: PAYMENTS, name: "payments", root: { password: {} } },
            ]);
            organization.failNext("GetLoginProfile", noSuchEntity());

            const { props } = await run.read(PAYMENTS, stored(PAYMENTS));

            assert.equal(props.loginProfile, "present");
            assert.equal(props.auditError, "");
        });

        it("stores a kind as unknown in a full audit if only the summary shows it after another list failed", async () => {
            const { run, organization } = await begin([
                { id: PAYMENTS, name: "payments", root: { password: {} } },
            ]);
            organization.failAlways("GetLoginProfile", noSuchEntity());
            organization.failAlways("ListSigningCertificates", emptyBody());

            const { props } = await run.read(PAYMENTS, stored(PAYMENTS, { audit: "full" }));

            assert.equal(props.loginProfile, "unknown");
            assert.deepEqual(props.signingCertificates, ["unknown"]);
        });
    });

    describe("with incomplete answers of AWS", () => {
        const calls = {
            AssumeRoot: NOTHING_KNOWN,
            GetAccountSummary: NOTHING_KNOWN,
            GetLoginProfile: { loginProfile: "unknown" },
            ListAccessKeys: { accessKeys: ["unknown"] },
            ListSigningCertificates: { signingCertificates: ["unknown"] },
            ListMFADevices: { mfaDevices: ["unknown"] },
            // This call follows only a refusal. The account is suspended, and no answer shows it.
            DescribeAccount: NOTHING_KNOWN,
        } as const;
        const faults = { empty: emptyBody, HTML: htmlBody, truncated: truncatedBody, hollow: missingResult };
        const lists = [
            "GetLoginProfile",
            "ListAccessKeys",
            "ListSigningCertificates",
            "ListMFADevices",
        ] as const;

        for (const [kindOfBody, fault] of Object.entries(faults)) {
            it(`stores kinds as unknown after ${kindOfBody} bodies with status 200`, async () => {
                const afflicted = Object.entries(calls).map(([action, unknown], index) => ({
                    action: action as keyof typeof calls,
                    unknown,
                    id: `10000000000${index}`,
                }));
                const { run, organization } = await begin(
                    afflicted.map(({ id, action }) => ({
                        id,
                        name: action,
                        state: action === "DescribeAccount" ? "SUSPENDED" : "ACTIVE",
                        root: lists.some((list) => list === action) ? ALL_KINDS : {},
                    })),
                );
                for (const { id, action } of afflicted) {
                    organization.failAlways(action, fault(), { accountId: id });
                    // Without a summary, the lists would be enough. Here they are unusable too.
                    if (action === "GetAccountSummary")
                        for (const list of lists)
                            organization.failAlways(list, accessDenied(), { accountId: id });
                }

                const seen = await Promise.all(afflicted.map(({ id }) => run.read(id, stored(id))));

                for (const [index, { action, id, unknown }] of afflicted.entries()) {
                    assert.equal(seen[index]?.id, id, action);
                    assert.partialDeepStrictEqual(seen[index].props, unknown, action);
                    assert.notEqual(seen[index].props.auditError, "", action);
                }
            });
        }

        for (const action of ["GetCallerIdentity", "ListOrganizationsFeatures"] as const) {
            it(`inspects no account after such an answer to ${action}`, async () => {
                const world = await begin(accounts(PAYMENTS));
                for (const fault of Object.values(faults)) {
                    world.organization.clearFaults();
                    world.organization.failAlways(action, fault());

                    const { id, props } = await world.run.read(PAYMENTS, stored(PAYMENTS));

                    assert.equal(id, PAYMENTS);
                    assert.partialDeepStrictEqual(props, NOTHING_KNOWN);
                    assert.deepEqual(world.requests.of("AssumeRoot"), []);
                    await world.nextRun();
                }
            });
        }
    });

    describe("of an account that is gone", () => {
        it("returns no id if it left, or is suspended, pending closure or closed", async () => {
            const states = ["SUSPENDED", "PENDING_CLOSURE", "CLOSED"] as const;
            const world = await begin([
                ...states.map((state, index) => ({ id: `10000000000${index}`, name: state, state })),
                { id: LOGS, name: "left" },
            ]);
            const { organization, run, requests } = world;
            organization.leave(LOGS);

            const gone = [LOGS, ...states.map((_, index) => `10000000000${index}`)];
            const seen = await Promise.all(gone.map((id) => run.read(id, stored(id))));

            assert.deepEqual(
                seen.map(({ id }) => id),
                gone.map(() => undefined),
            );
            assert.equal(requests.of("DescribeAccount").length, gone.length);
            const printed = await world.endRun();
            assert.match(printed, /account 444455556666 has left the organization; it is dropped/);
            assert.match(printed, /account 100000000001 is pending closure/);
        });

        it("stores it as unknown and not as gone if the caller may no longer open root sessions", async () => {
            const world = await begin(accounts(PAYMENTS, LOGS));
            const { organization, run } = world;
            await run.read(PAYMENTS, stored(PAYMENTS));
            organization.withholdPermissions(organization.managementAccountId, ["sts:AssumeRoot"]);

            const { id, props } = await run.read(LOGS, stored(LOGS));

            assert.equal(id, LOGS);
            assert.partialDeepStrictEqual(props, NOTHING_KNOWN);
            assert.match(props.auditError, /^the caller may not assume root there \(sts:AssumeRoot\)/);
        });

        it("stores it as unknown and not as gone if the caller's delegation is removed", async () => {
            const world = await begin(
                { accounts: accounts(PAYMENTS, LOGS), delegatedAdministrators: [PAYMENTS] },
                { caller: "delegate" },
            );
            const { organization, run } = world;
            const before = await run.read(LOGS, stored(LOGS));
            organization.deregisterDelegatedAdministrator(PAYMENTS);

            const after = await run.read(LOGS, stored(LOGS));

            assert.deepEqual(before.inputs, desired(LOGS));
            assert.equal(after.id, LOGS);
            assert.partialDeepStrictEqual(after.props, NOTHING_KNOWN);
            assert.match(after.props.auditErrorDetail, /not \(or no longer\) a delegated administrator/);
        });

        it("stores it as unknown and not as gone if its state is undocumented", async () => {
            const { run, organization } = await begin(accounts(PAYMENTS));
            organization.setState(PAYMENTS, "RESTRICTED");
            organization.failAlways("AssumeRoot", accessDenied());

            const { id, props } = await run.read(PAYMENTS, stored(PAYMENTS));

            assert.equal(id, PAYMENTS);
            assert.partialDeepStrictEqual(props, NOTHING_KNOWN);
            assert.match(
                props.auditErrorDetail,
                /organizations:DescribeAccount says that account 111122223333 is RESTRICTED, a state that AWS does not document/,
            );
            assert.doesNotMatch(props.auditErrorDetail, /is an active member/);
        });

        it("does not count it as an active member if AWS does not answer the question", async () => {
            const { run, organization } = await begin(accounts(PAYMENTS));
            organization.setState(PAYMENTS, "SUSPENDED");
            organization.failAlways("DescribeAccount", accessDenied());

            const { id, props } = await run.read(PAYMENTS, stored(PAYMENTS));

            assert.equal(id, PAYMENTS);
            assert.partialDeepStrictEqual(props, NOTHING_KNOWN);
            assert.match(props.auditErrorDetail, /organizations:DescribeAccount was refused/);
            assert.doesNotMatch(props.auditErrorDetail, /is an active member/);
        });
    });
});

function noSuchEntity() {
    return refusal("NoSuchEntity", "Login Profile for User null cannot be found.", 404);
}
