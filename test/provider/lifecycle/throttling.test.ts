import assert from "node:assert/strict";
import { throttled, type AccountSeed } from "../../simulator";
import { describeLifecycle, desired, stored, World } from "../harness";
import { imported } from "../harness/imported";
import { providerModule } from "../harness/package";

const TWENTY: AccountSeed[] = Array.from({ length: 20 }, (_, index) => ({
    id: String(111_100_000_000 + index),
    name: `account-${index}`,
    root: { password: {} },
}));
const [FIRST, ...OTHERS] = TWENTY.map(({ id }) => id) as [string, ...string[]];

describeLifecycle("Throttling", (begin) => {
    it("of IAM in one account does not delay other accounts", async () => {
        const { run, organization, requests } = await begin(TWENTY);
        organization.failAlways("*", throttled(), { accountId: FIRST, after: 1 });
        let firstIsDone = false;
        const first = run.read(FIRST, stored(FIRST)).then((seen) => {
            firstIsDone = true;
            return seen;
        });

        const others = await Promise.all(OTHERS.map((id) => run.read(id, stored(id))));
        const removed = OTHERS.slice(0, 5);
        for (const [index, id] of removed.entries())
            await run.update(id, others[index]?.props ?? {}, desired(id));

        assert.ok(!firstIsDone);
        assert.deepEqual(
            [FIRST, ...removed].filter((id) => organization.account(id).root.password),
            [FIRST],
        );
        const refused = requests.entries.filter(({ errorCode }) => errorCode === "Throttling");
        assert.deepEqual([...new Set(refused.map(({ callerAccountId }) => callerAccountId))], [FIRST]);
        organization.clearFaults();
        assert.equal((await first).props.loginProfile, "present");
    });

    it("of IAM is retried until the deadline in one session", async () => {
        const { run, organization } = await begin(TWENTY.slice(0, 1));
        organization.failNext("GetAccountSummary", throttled());
        organization.onlooker = {
            leaves: ({ action, errorCode }) => {
                if (action === "GetAccountSummary" && errorCode === "Throttling")
                    organization.clock.advance(590);
            },
        };

        const { props } = await run.read(FIRST, stored(FIRST));

        assert.equal(props.auditErrorDetail, "");
        assert.equal(props.loginProfile, "present");
    });

    it("of AssumeRoot leaves out no account, however many calls run at the same time", async () => {
        const { run, requests } = await begin(TWENTY, {
            limits: { AssumeRoot: { perSecond: 10, burst: 2 } },
        });

        const seen = await Promise.all(TWENTY.map(({ id }) => run.read(id, stored(id))));

        assert.deepEqual([...new Set(seen.map(({ props }) => props.loginProfile))], ["present"]);
        assert.ok(requests.of("AssumeRoot").length <= 3 * TWENTY.length);
    });
});

describe("Throttling until the deadline", () => {
    let world: World;

    beforeEach(async () => {
        const clean = TWENTY.map(({ id, name }) => ({ id, name }));
        world = await World.begin(imported, { accounts: clean }, {});
        providerModule("process/timeouts").timeouts.operationDeadline = 2_500;
    });
    afterEach(() => world.close());

    for (const action of ["AssumeRoot", "*"] as const) {
        it(`of ${action === "*" ? "everything" : action} makes each account unreadable, and never clean`, async () => {
            await world.run.read(FIRST, stored(FIRST));
            world.organization.failAlways(action, throttled());

            const seen = await Promise.all(TWENTY.map(({ id }) => world.run.read(id, stored(id))));

            for (const { props } of seen) {
                assert.equal(props.loginProfile, "unknown");
                assert.match(props.auditError, /^AWS throttled the call until the deadline/);
            }
        });
    }
});
