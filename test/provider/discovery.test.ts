/** The calls to AWS that list ten thousand accounts, at the rates that AWS documents. */
import assert from "node:assert/strict";
import { copyOfProvider, type ProviderCopy } from "../properties/provider-copies";
import type { Simulator } from "../simulator";
import { inOrganization } from "./harness/surroundings";

const ACCOUNTS = 10_000;

/** 6 x 5 x 4 units in three levels below 2. */
const UNITS = Array.from({ length: 120 }, (_, index) => {
    const [business, team, stage] = [index % 6, Math.floor(index / 6) % 5, Math.floor(index / 30)];
    return `${index % 2 ? "Workloads" : "Platform"}/business-${business}/team-${team}/stage-${stage}`;
});
const ALL_UNITS = new Set(
    UNITS.flatMap((path) => path.split("/").map((_, level, names) => names.slice(0, level + 1).join("/"))),
);

const SEED = {
    accounts: Array.from({ length: ACCOUNTS }, (_, index) => ({
        id: String(100_000_000_000 + index),
        name: `account-${index}`,
        unit: UNITS[index % UNITS.length] ?? "",
        tags: { tier: String(index % 3) },
    })),
};

describe(`The listing of ${ACCOUNTS} accounts in nested units`, function () {
    this.timeout(60_000);

    it("sends one call for twenty accounts and none for a single account, within AWS's rates", () =>
        discovering(async ({ organization }, { requests }) => {
            const progress: number[] = [];

            const { active, units } = await organization.memberAccounts({
                progress: (listed) => progress.push(listed),
            });

            assert.equal(active.length, ACCOUNTS);
            assert.deepEqual(
                new Set(active.map(({ organizationalUnit }) => organizationalUnit)),
                new Set(UNITS),
            );
            assert.equal(units.length, 1 + ALL_UNITS.size);
            const calls = Map.groupBy(requests.actions(), (action) => action);
            assert.deepEqual(Object.fromEntries([...calls].map(([action, { length }]) => [action, length])), {
                DescribeOrganization: 1,
                ListAccounts: Math.ceil((ACCOUNTS + 1) / 20),
                ListRoots: 1,
                ListOrganizationalUnitsForParent: 1 + ALL_UNITS.size,
            });
            assert.deepEqual(refused(requests), []);
            assert.deepEqual(progress.slice(0, 2), [20, 40]);
            assert.equal(progress.at(-1), ACCOUNTS + 1);
        }));

    it("asks for the tags of the given accounts only, within AWS's rate", () =>
        discovering(async ({ tags }, { requests }) => {
            const asked = SEED.accounts.slice(0, 500);
            const progress: number[] = [];

            const found = await tags.accountTags(
                asked.map(({ id }) => id),
                (done) => progress.push(done),
            );

            assert.deepEqual(
                asked.map(({ id }) => [...(found.get(id) ?? [])]),
                asked.map(({ tags: { tier } }) => [["tier", tier]]),
            );
            assert.equal(requests.total, asked.length);
            assert.deepEqual(refused(requests), []);
            assert.equal(progress.at(-1), asked.length);
        }));

    it("is throttled but still complete if it runs twice as fast", () =>
        discovering(async ({ organization }, { requests }) => {
            const { active } = await organization.memberAccounts();

            assert.equal(active.length, ACCOUNTS);
            assert.notDeepEqual(refused(requests), []);
        }, 0.5));
});

/** A run whose pauses take no time. The organization's clock advances by the pauses, or by a part of them. */
function discovering(
    work: (provider: ProviderCopy, simulator: Simulator) => Promise<void>,
    part = 1,
): Promise<void> {
    return inOrganization({ seed: SEED, limits: "aws" }, async (simulator) => {
        const { clock } = simulator.organization;
        const provider = copyOfProvider(() => clock.elapsedSeconds() * 1000);
        const pause = async (milliseconds: number) => {
            clock.advance((part * milliseconds) / 1000);
            await new Promise((next) => setImmediate(next));
        };
        Object.assign(provider.timeouts, { pause, slowPage: Infinity });
        try {
            await work(provider, simulator);
        } finally {
            provider.discard();
        }
    });
}

function refused(requests: Simulator["requests"]): string[] {
    return requests.entries.flatMap(({ action, errorCode }) => (errorCode ? [`${action} ${errorCode}`] : []));
}
