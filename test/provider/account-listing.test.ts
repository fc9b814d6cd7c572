/** The two ways to list accounts, with pages that take as long as AWS's. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { AccountListener, MemberAccount } from "pulumi-aws-root-credentials";
import type { timeouts } from "../../provider/process/timeouts";
import {
    accessDenied,
    doubledMember,
    emptyList,
    endlessPages,
    htmlBody,
    paddedList,
    renamedMembers,
    type AccountSeed,
    type Fault,
    type Simulator,
} from "../simulator";
import { freshProviderModule, providerModule } from "./harness/package";
import { inOrganization } from "./harness/surroundings";

/** 90 accounts, spread evenly over six units. One unit is inside another. */
const UNITS = ["Security", "Prod", "Prod/Payments", "Test", "Sandbox", "Retired"];
const EVENLY: AccountSeed[] = accounts((index) => UNITS[index % UNITS.length] ?? "");
const IN_ONE: AccountSeed[] = accounts(() => "Prod");

const MOSTLY_RETIRED: AccountSeed[] = accounts((index) =>
    index < 3 ? "Security" : index < 60 ? (UNITS[1 + (index % 4)] ?? "") : "Retired",
);

const PAGE = 5;
const PAGES = Math.ceil((EVENLY.length + 1) / PAGE);
const SLOW = 60;

describe("A listing with slow pages", () => {
    it("lists the units side by side, and finds the same accounts with less than half of the pages", () =>
        over(EVENLY, async ({ requests }) => {
            const pageAfterPage = await listed({ slowPage: Infinity });
            requests.clear();

            const sideBySide = await listed({ pause: () => Promise.resolve() });

            assert.deepEqual(sideBySide, pageAfterPage);
            assert.equal(sideBySide.active.length, EVENLY.length);
            const pages = requests.of("ListAccounts").length;
            assert.ok(pages < PAGES / 2, `${pages} of ${PAGES} pages were listed`);
        }));

    it("ends with the last page of ListAccounts if one unit holds all accounts", () =>
        over(IN_ONE, async ({ requests }) => {
            const { active } = await listed();

            assert.equal(active.length, IN_ONE.length);
            assert.equal(requests.of("ListAccounts").length, PAGES);
            assert.ok(requests.of("ListAccountsForParent").length < PAGES);
        }));

    it("sends no call after it has ended", () =>
        over(IN_ONE, async ({ requests }) => {
            await listed();
            await sleep(2 * SLOW); // Calls under way end by themselves.
            const asked = requests.total;

            await sleep(5 * SLOW);

            assert.equal(requests.total, asked);
        }));

    it("is complete although the caller may not list the accounts of units", () =>
        over(EVENLY, async ({ organization, requests }) => {
            organization.failAlways("ListAccountsForParent", accessDenied());

            const { active, unitsUnknown } = await listed();

            assert.equal(active.length, EVENLY.length);
            assert.equal(unitsUnknown, undefined);
            assert.equal(requests.of("ListAccounts").length, PAGES);
        }));

    for (const [what, pages] of [
        ["nothing", () => endlessPages()],
        ["the same accounts again", () => endlessPages([{ Id: "100000000001", State: "ACTIVE" }])],
    ] as const) {
        it(`fails if AWS answers endless pages that hold ${what}`, () =>
            over(EVENLY, async ({ organization, requests }) => {
                for (const call of ["ListAccounts", "ListAccountsForParent"] as const)
                    organization.failAlways(call, pages(), { after: 1 });
                organization.latency.set(0);

                await assert.rejects(
                    listed({ pause: () => Promise.resolve() }),
                    /could not be listed.*not plausible: 101 pages in a row hold no new member of Accounts/,
                );
                assert.ok(requests.of("ListAccounts").length < 110);
            }));
    }

    const emptyToken = (): Fault => ({
        kind: "garbled",
        carriedOut: true,
        garble: (body) => JSON.stringify({ ...(JSON.parse(body) as object), NextToken: "" }),
    });
    for (const [what, fault] of Object.entries({ paddedList, doubledMember, renamedMembers, emptyToken })) {
        it(`fails if a page of ListAccounts is not believable: ${what}`, () =>
            over(EVENLY, async ({ organization }) => {
                organization.failAlways("ListAccounts", fault(), { after: 1 });

                await assert.rejects(listed(), /could not be listed/);
            }));
    }

    it("fails if a page of ListAccounts cannot be read, although the units can be listed", () =>
        over(EVENLY, async ({ organization }) => {
            organization.failAlways("ListAccounts", htmlBody(), { after: 1 });

            await assert.rejects(listed(), /could not be listed/);
        }));

    it("finds all accounts although AWS's list of units is incomplete or lacks the root", () =>
        over(EVENLY, async ({ organization, requests }) => {
            for (const call of ["ListOrganizationalUnitsForParent", "ListRoots"] as const) {
                requests.clear();
                organization.clearFaults();
                organization.failAlways(call, emptyList());

                const { active } = await listed({ pause: () => Promise.resolve() });

                assert.equal(active.length, EVENLY.length, call);
            }
        }));

    it("finds an account that moves to a unit which was listed already", () =>
        over(EVENLY, async ({ organization, requests }) => {
            const listing = listed({ pause: () => Promise.resolve() });
            while (requests.of("ListAccounts").length < 2) await sleep(1);
            // The first page of ListAccounts has them. The list of their unit has one on its last page.
            const [first = "", second = ""] = EVENLY.map(({ id }) => id ?? "");
            for (const id of [first, second]) organization.move(id, "Security");

            const { active } = await listing;

            assert.equal(active.length, EVENLY.length);
        }));

    it("of an audit finds an account that moves from a unit not yet listed to a listed one", () =>
        over(MOSTLY_RETIRED, async ({ organization, requests }) => {
            const last = MOSTLY_RETIRED.at(-1)?.id ?? "";
            organization.createRootAccessKey(last);
            const security = organization.units.idOf("Security");
            organization.onlooker = {
                leaves({ action, target }, { answer }) {
                    const isOver = action === "ListAccountsForParent" && !answer?.["NextToken"];
                    if (isOver && target === security) organization.move(last, "Security");
                },
            };
            const { auditOrganization } = freshProviderModule("audit/audit-organization");
            const quickly = { slowPage: SLOW / 2, pause: () => Promise.resolve() };
            Object.assign(providerModule("process/timeouts").timeouts, quickly);

            const { accounts } = await auditOrganization();

            assert.equal(accounts.find(({ id }) => id === last)?.mark, "drifted");
            assert.equal(accounts.length, MOSTLY_RETIRED.length + 1);
            assert.ok(requests.of("ListAccounts").length < PAGES, "the units were the faster way");
        }));

    it("reports each active account once, with its unit, while pages arrive", () =>
        over(EVENLY, async () => {
            const arrivals: MemberAccount[][] = [];
            const { active } = await listed({ arrival: (some) => arrivals.push(some) });

            assert.ok(arrivals.length > 3, `${arrivals.length} arrivals`);
            assert.deepEqual(
                arrivals.flat().sort((a, b) => a.id.localeCompare(b.id)),
                active,
            );
        }));

    it("does not abort calls that the listener has started", () =>
        over(IN_ONE, async () => {
            const { observeRootCredentials } = freshProviderModule("index");
            const inspections: ReturnType<typeof observeRootCredentials>[] = [];
            const { memberAccounts } = providerModule("organization/member-accounts");
            await memberAccounts({
                arrival: (some) => inspections.push(...some.map(({ id }) => observeRootCredentials(id))),
            });

            for (const observation of await Promise.all(inspections)) {
                assert.equal(observation.is, "member");
                assert.deepEqual(observation.listings.loginProfile, { credentials: [] });
            }
        }));
});

function accounts(unitOf: (index: number) => string): AccountSeed[] {
    return Array.from({ length: 90 }, (_, index) => ({
        id: String(100_000_000_001 + index),
        name: `account-${index}`,
        unit: unitOf(index),
    }));
}

function over(seed: AccountSeed[], work: (simulator: Simulator) => Promise<void>): Promise<void> {
    return inOrganization(
        { seed: { accounts: seed }, accountsPerPage: PAGE, latencyMilliseconds: SLOW },
        work,
    );
}

/** @param pause takes no time in tests of the latency, so that the rate does not count */
function listed({
    slowPage = SLOW / 2,
    pause,
    ...listener
}: AccountListener & Partial<typeof timeouts> = {}) {
    const { memberAccounts } = freshProviderModule("organization/member-accounts");
    Object.assign(providerModule("process/timeouts").timeouts, { slowPage }, pause && { pause });
    return memberAccounts(listener);
}
