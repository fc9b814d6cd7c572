import assert from "node:assert/strict";
import {
    accessDenied,
    connectionReset,
    emptyBody,
    endlessUnits,
    htmlBody,
    missingResult,
    otherAccountDescribed,
    refusal,
    throttled,
    truncatedBody,
    type AccountSeed,
    type SimulatorOptions,
} from "../simulator";
import { setTimeout as sleep } from "node:timers/promises";
import { freshProviderModule, providerModule } from "./harness/package";
import type { MemberAccount, SkippedAccount } from "pulumi-aws-root-credentials";
import { inOrganization } from "./harness/surroundings";

const SEVEN: AccountSeed[] = [
    { id: "100000000007", name: "sandbox", unit: "Sandbox" },
    { id: "100000000003", name: "payments-prod", unit: "Workloads/Prod" },
    { id: "100000000001", name: "log-archive", unit: "Security" },
    { id: "100000000002", name: "audit", unit: "Security" },
    { id: "100000000004", name: "payments-test", unit: "Workloads/Test" },
    { id: "100000000005", name: "loose" },
    { id: "100000000006", name: "closing", unit: "Workloads", state: "PENDING_CLOSURE" },
];

const MANAGEMENT = { id: "999988887777", name: "management", reason: "management account" };

/** Two accounts per page, and every other page is empty. AWS may answer both. */
const PAGES: Omit<SimulatorOptions, "seed"> = { accountsPerPage: 2, emptyPages: true };

describe("The organization's member accounts", () => {
    it("are listed from small and empty pages, sorted by id, with their units", () =>
        inOrganization({ seed: { accounts: SEVEN }, ...PAGES }, async ({ requests }) => {
            const { active } = await memberAccounts();

            assert.deepEqual(active.map(placed), [
                { id: "100000000001", name: "log-archive", organizationalUnit: "Security" },
                { id: "100000000002", name: "audit", organizationalUnit: "Security" },
                { id: "100000000003", name: "payments-prod", organizationalUnit: "Workloads/Prod" },
                { id: "100000000004", name: "payments-test", organizationalUnit: "Workloads/Test" },
                { id: "100000000005", name: "loose", organizationalUnit: "" },
                { id: "100000000007", name: "sandbox", organizationalUnit: "Sandbox" },
            ]);
            assert.deepEqual(requests.of("ListAccountsForParent"), []);
        }));

    it("have the same units if AWS leaves out their paths", () =>
        inOrganization({ seed: { accounts: SEVEN }, ...PAGES }, async ({ organization, requests }) => {
            const withPaths = await memberAccounts();
            organization.omittedAccountFields.add("Paths");

            const without = await memberAccounts();

            assert.deepEqual(without, withPaths);
            assert.ok(requests.of("ListAccountsForParent").length > 0);
        }));

    it("do not include the management account and closed accounts, which are skipped with the reason", () =>
        inOrganization(
            {
                seed: {
                    accounts: [
                        { id: "100000000001", name: "a", state: "SUSPENDED" },
                        { id: "100000000002", name: "b", state: "PENDING_CLOSURE" },
                        { id: "100000000003", name: "c", state: "CLOSED" },
                        { id: "100000000004", name: "d", state: "PENDING_ACTIVATION" },
                        { id: "100000000005", name: "e" },
                    ],
                },
            },
            async () => {
                const { active, skipped } = await memberAccounts();

                assert.deepEqual(
                    active.map(({ id }) => id),
                    ["100000000005"],
                );
                assert.deepEqual(skipped.map(skippedFor), [
                    { id: "100000000001", name: "a", reason: "suspended" },
                    { id: "100000000002", name: "b", reason: "pending closure" },
                    { id: "100000000003", name: "c", reason: "closed" },
                    { id: "100000000004", name: "d", reason: "pending activation" },
                    MANAGEMENT,
                ]);
            },
        ));

    it("include accounts in an undocumented state, because root sessions may be possible there", () =>
        inOrganization(
            { seed: { accounts: [{ id: "100000000001", name: "a", state: "RESTRICTED" }] } },
            async () => {
                const { active, skipped } = await memberAccounts();

                assert.deepEqual(
                    active.map(({ id }) => id),
                    ["100000000001"],
                );
                assert.deepEqual(skipped.map(skippedFor), [MANAGEMENT]);
            },
        ));

    it("include the delegated administrator's own account if it lists them", () =>
        inOrganization(
            { seed: { accounts: SEVEN, delegatedAdministrators: ["100000000002"] }, caller: "delegate" },
            async () => {
                const { active, skipped } = await memberAccounts();

                assert.equal(active.length, 6);
                assert.deepEqual(skipped.map(skippedFor).at(-1), MANAGEMENT);
            },
        ));

    for (const field of ["State", "Status"] as const) {
        it(`have their state from the other field if AWS leaves out ${field}`, () =>
            inOrganization({ seed: { accounts: SEVEN } }, async ({ organization }) => {
                organization.omittedAccountFields.add(field);

                const { active, skipped } = await memberAccounts();

                assert.equal(active.length, 6);
                assert.equal(skipped[0]?.reason, "pending closure");
            }));
    }

    it("cannot be listed if AWS gives neither State nor Status", () =>
        inOrganization({ seed: { accounts: SEVEN } }, async ({ organization }) => {
            organization.omittedAccountFields.add("State");
            organization.omittedAccountFields.add("Status");

            await assert.rejects(memberAccounts(), /could not be listed: .*the state of account \d{12}/);
        }));

    for (const [what, fault, saying] of [
        ["a refusal", accessDenied(), /organizations:ListAccounts answered AccessDenied.*caller may use/],
        ["an empty body", emptyBody(), /answered IncompleteAnswer.*An incomplete list is not used/],
        [
            "an answer without accounts",
            missingResult(),
            /answered IncompleteAnswer.*An incomplete list is not used/,
        ],
        ["half an answer", truncatedBody(), /could not be listed/],
        ["a page of HTML", htmlBody(), /could not be listed/],
    ] as const) {
        it(`are not listed in part if a later page is ${what}`, () =>
            inOrganization(
                { seed: { accounts: SEVEN }, accountsPerPage: 1, latencyMilliseconds: 5 },
                async (simulator) => {
                    const listing = memberAccounts();
                    while (simulator.requests.of("ListAccounts").length < 2) await sleep(1);
                    simulator.organization.failAlways("ListAccounts", fault);

                    await assert.rejects(listing, saying);
                },
            ));
    }

    it("are all listed after a broken connection and after throttling", () =>
        inOrganization({ seed: { accounts: SEVEN }, accountsPerPage: 5 }, async ({ organization }) => {
            organization.failNext("ListAccounts", connectionReset());
            organization.failNext("ListAccounts", throttled());

            const { active } = await memberAccounts();

            assert.equal(active.length, 6);
        }));

    it("are all listed without units if the units cannot be listed", () =>
        inOrganization({ seed: { accounts: SEVEN } }, async ({ organization }) => {
            organization.failAlways("ListOrganizationalUnitsForParent", accessDenied());

            const { active, unitsUnknown } = await memberAccounts();

            assert.equal(active.length, 6);
            assert.deepEqual([...new Set(active.map((account) => account.organizationalUnit))], [""]);
            assert.match(
                unitsUnknown?.detail ?? "",
                /listing the organizational units was refused: .*organizations:ListOrganizationalUnitsForParent/,
            );
            assert.doesNotMatch(unitsUnknown?.detail ?? "", /in account :/, "there is no account to name");
        }));

    it("are all listed without units if AWS answers an endless tree of units", () =>
        inOrganization({ seed: { accounts: SEVEN } }, async ({ organization, requests }) => {
            for (const [unit, why] of [
                [(asked: number) => `ou-sim1-${asked + 10_000_000}`, /more than 5 levels below the root/],
                [() => "ou-sim1-10000000", /the unit ou-sim1-10000000 has two parents/],
            ] as const) {
                organization.clearFaults();
                requests.clear();
                organization.failAlways("ListOrganizationalUnitsForParent", endlessUnits(unit));

                const { active, unitsUnknown } = await memberAccounts();

                assert.equal(active.length, 6);
                assert.match(unitsUnknown?.detail ?? "", why);
                assert.match(unitsUnknown?.detail ?? "", /Run again/);
                assert.ok(requests.of("ListOrganizationalUnitsForParent").length <= 6);
            }
        }));

    it("are listed with the units of five levels", () =>
        inOrganization(
            { seed: { accounts: [{ id: "100000000001", name: "deep", unit: "A/B/C/D/E" }] } },
            async () => {
                const { active, unitsUnknown } = await memberAccounts();

                assert.equal(unitsUnknown, undefined);
                assert.equal(active[0]?.organizationalUnit, "A/B/C/D/E");
            },
        ));

    it("cannot be listed in an organization with consolidated billing only", () =>
        inOrganization({ seed: { accounts: SEVEN, featureSet: "CONSOLIDATED_BILLING" } }, () =>
            assert.rejects(memberAccounts(), /^AwsCallFailed: .*consolidated billing only.*all features/),
        ));

    it("cannot be listed if AWS does not name the management account", () =>
        inOrganization({ seed: { accounts: SEVEN } }, async ({ organization }) => {
            organization.failAlways("DescribeOrganization", missingResult());

            await assert.rejects(memberAccounts(), /DescribeOrganization answered IncompleteAnswer/);
        }));

    it("cannot be listed by a caller outside of any organization, and the error says which accounts can", () =>
        inOrganization({ seed: { accounts: SEVEN }, caller: "123456789012" }, () =>
            assert.rejects(
                memberAccounts(),
                /AWSOrganizationsNotInUseException.*Run as the management account/,
            ),
        ));
});

describe("An account's membership", () => {
    it("is gone only if DescribeAccount says so", () =>
        inOrganization({ seed: { accounts: SEVEN } }, async ({ organization }) => {
            const { membershipOf } = freshProviderModule("organization/membership");
            organization.setState("100000000001", "SUSPENDED");

            assert.deepEqual(await membershipOf("100000000001"), { is: "gone", because: "is suspended" });
            assert.deepEqual(await membershipOf("100000000002"), { is: "active" });
            assert.deepEqual(await membershipOf("222222222222"), {
                is: "gone",
                because: "has left the organization",
            });
            assert.deepEqual(await membershipOf("999988887777"), {
                is: "gone",
                because:
                    "is the organization's management account, whose root user AWS leaves out of central root access",
            });
            const notFoundInFailure = refusal("AccountNotFoundException", "It cannot be found.", 500);
            const unclear = [accessDenied(), emptyBody(), htmlBody(), truncatedBody(), missingResult()];
            for (const fault of [...unclear, notFoundInFailure]) {
                organization.clearFaults();
                organization.failAlways("DescribeAccount", fault);
                assert.equal((await membershipOf("100000000001")).is, "unknown");
            }
        }));

    it("is unknown if AWS describes another account", () =>
        inOrganization({ seed: { accounts: SEVEN } }, async ({ organization }) => {
            const { membershipOf } = freshProviderModule("organization/membership");
            organization.setState("100000000002", "SUSPENDED");
            organization.failAlways("DescribeAccount", otherAccountDescribed("100000000002"));

            const membership = await membershipOf("100000000001");

            assert.equal(membership.is, "unknown");
            assert.match(membership.failure.detail, /not plausible: it describes account 100000000002/);
        }));
});

function placed({ id, name, organizationalUnit }: MemberAccount) {
    return { id, name, organizationalUnit };
}

function skippedFor({ id, name, reason }: SkippedAccount) {
    return { id, name, reason };
}

/** Lists by `ListAccounts` alone, however busy this machine is. `account-listing.test.ts` tests the other way. */
function memberAccounts() {
    const { memberAccounts } = freshProviderModule("organization/member-accounts");
    providerModule("process/timeouts").timeouts.slowPage = Infinity;
    return memberAccounts();
}
