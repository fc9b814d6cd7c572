import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { answerLost, connectionReset, expiredToken, refusal, type AccountSeed } from "../../simulator";
import { describeLifecycle, desired, partialFailure, stored, type World } from "../harness";

const FIFTY: AccountSeed[] = Array.from({ length: 50 }, (_, index) => ({
    id: String(111_100_000_000 + index),
    name: `account-${index}`,
    root: { password: {} },
}));
const [FIRST] = FIFTY.map(({ id }) => id) as [string];

describeLifecycle("An outage in the middle of a run", (begin) => {
    for (const [title, fault, reason] of [
        ["have expired", expiredToken(), /credentials have expired/],
        [
            "are not known any more",
            refusal("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
            /does not know the caller's credentials/,
        ],
    ] as const) {
        it(`is the one reason for all accounts if the caller's credentials ${title}`, async () => {
            const { run, organization, requests } = await begin(FIFTY, { latencyMilliseconds: 20 });
            await run.read(FIRST, stored(FIRST));
            organization.failAlways("AssumeRoot", fault);
            organization.failAlways("GetCallerIdentity", fault);
            requests.clear();

            const reasons = new Set<string>();
            await inTurns(10, FIFTY, async ({ id }) => {
                const { props } = await run.read(id, stored(id));
                assert.equal(props.loginProfile, "unknown");
                reasons.add(props.auditErrorDetail);
            });

            assert.equal(reasons.size, 1);
            assert.match([...reasons].join(), reason);
            assert.ok(requests.of("AssumeRoot").length <= 10, `${requests.of("AssumeRoot").length} calls`);
            assert.equal(requests.of("GetCallerIdentity").length, 1);
        });
    }

    it("cancels the calls that wait for the rate limiter", async () => {
        const limits = { AssumeRoot: { perSecond: 2, burst: 2 } };
        const { run, organization, requests } = await begin(FIFTY, { limits });
        const reads = FIFTY.slice(0, 20).map(({ id }) => run.read(id, stored(id)));
        await Promise.race(reads);
        organization.failAlways("AssumeRoot", expiredToken());
        organization.failAlways("GetCallerIdentity", expiredToken());

        await Promise.all(reads);

        const sent = requests.of("AssumeRoot").length;
        await setTimeout(2_500);
        assert.equal(requests.of("AssumeRoot").length, sent);
    });

    it("is the one reason for all accounts if the endpoint stops answering", async () => {
        const world = await begin(FIFTY);
        await world.run.read(FIRST, stored(FIRST));
        await world.simulator.close();

        const began = Date.now();
        const read = () =>
            Promise.all(FIFTY.map(async ({ id }) => (await world.run.read(id, stored(id))).props));
        const seen = [...(await read()), ...(await read())];

        assert.deepEqual([...new Set(seen.map(({ loginProfile }) => loginProfile))], ["unknown"]);
        const reasons = new Set(seen.map(({ auditErrorDetail }) => auditErrorDetail));
        assert.equal(reasons.size, 1);
        assert.match([...reasons].join(), /could not be reached|refused the connection|unreachable|nothing/i);
        // The attempts of one account and of the probe take four seconds. A hundred accounts in sequence would take minutes.
        assert.ok(Date.now() - began < 12_000, `${Date.now() - began} ms`);
    });

    it("is detected at IAM's endpoint too", async () => {
        const { run, organization, requests } = await begin(FIFTY);
        await run.read(FIRST, stored(FIRST));
        organization.failAlways("GetAccountSummary", connectionReset());
        organization.failAlways("ListOrganizationsFeatures", connectionReset());
        await run.read(FIRST, stored(FIRST));
        requests.clear();

        const seen = await Promise.all(
            FIFTY.map(async ({ id }) => (await run.read(id, stored(id))).props.auditError),
        );

        assert.match([...new Set(seen)].join(), /^[^,]*\(iam:ListOrganizationsFeatures\)$/);
        assert.deepEqual(requests.of("AssumeRoot"), []);
    });

    it("is not assumed after a single failed call", async () => {
        const { run, organization, requests } = await begin(FIFTY);
        organization.failNext("AssumeRoot", connectionReset(), { accountId: FIRST, times: 3 });

        const seen = await Promise.all(FIFTY.map(async ({ id }) => (await run.read(id, stored(id))).props));

        const unknown = seen.filter(({ loginProfile }) => loginProfile !== "present");
        assert.deepEqual(
            unknown.map(({ accountId }) => accountId),
            [FIRST],
        );
        assert.match(
            unknown[0]?.auditError ?? "",
            /^the AWS endpoint could not be reached.*\(sts:AssumeRoot\)/,
        );
        // One call of the preflight, and one probe.
        assert.equal(requests.of("GetCallerIdentity").length, 2);
    });

    it("is not assumed if one call in twenty is reset at random", async () => {
        const { run, organization } = await begin(FIFTY);
        for (let after = 5; after < 400; after += 20)
            organization.failNext("*", connectionReset(), { after });

        const seen = await Promise.all(FIFTY.map(async ({ id }) => (await run.read(id, stored(id))).props));

        assert.deepEqual([...new Set(seen.map(({ loginProfile }) => loginProfile))], ["present"]);
    });

    it("stops a removal before its first write", async () => {
        const { run, organization, requests } = await begin(FIFTY);
        await run.read(FIRST, stored(FIRST));
        const endpointDies = () => {
            organization.failAlways("GetAccountSummary", connectionReset());
            organization.failAlways("ListOrganizationsFeatures", connectionReset());
            return run.read(FIRST, stored(FIRST));
        };
        await endpointDies();
        requests.clear();

        const [, another] = FIFTY.map(({ id }) => id) as [string, string];
        const held = { ...stored(another), loginProfile: "present" as const };
        const { properties, reasons } = await partialFailure(run.update(another, held, desired(another)));

        assert.equal(properties.loginProfile, "present");
        assert.notEqual(properties.auditError, "");
        assert.match(reasons.join(), /iam:ListOrganizationsFeatures/);
        assert.deepEqual(requests.actions(), []);
        assert.notEqual(organization.account(another).root.password, undefined);
    });

    it("lets a removal that has begun to write list the account again", async () => {
        const world = await begin([
            { id: FIRST, name: "payments", root: { password: {}, accessKeys: [{}] } },
            ...FIFTY.slice(1),
        ]);
        const { run, organization } = world;
        const { props } = await run.read(FIRST, stored(FIRST));
        // After this write no new write may begin, because the next call finds that the endpoint does not answer.
        organization.failAlways("DeleteLoginProfile", answerLost(), { accountId: FIRST });
        organization.failAlways("ListOrganizationsFeatures", connectionReset());

        const outcome = await settled(run.update(FIRST, { ...stored(FIRST), ...props }, desired(FIRST)));

        assertSaysWhatIsThere(world, outcome);
        const next = await run.read(FIFTY[1]?.id ?? "", stored(FIFTY[1]?.id ?? ""));
        assert.equal(next.props.loginProfile, "unknown");
        assert.match(next.props.auditError, /\(iam:ListOrganizationsFeatures\)/);
    });
});

type Outcome = { loginProfile: string; accessKeys: string[] };

async function settled(update: Promise<{ outs: Outcome }>): Promise<Outcome> {
    return update.then(
        ({ outs }) => outs,
        async () => (await partialFailure(update)).properties,
    );
}

/** The result names exactly the credentials that the server has. */
function assertSaysWhatIsThere(world: World, { loginProfile, accessKeys }: Outcome): void {
    const { password, accessKeys: left } = world.rootOf(FIRST);
    assert.equal(loginProfile, password ? "present" : "absent");
    assert.deepEqual(
        accessKeys,
        left.map(({ id }) => id),
    );
}

/** Handles all items, a limited number at the same time. */
async function inTurns<T>(
    workers: number,
    all: readonly T[],
    work: (each: T) => Promise<void>,
): Promise<void> {
    const queue = [...all];
    const worker = async () => {
        for (let next = queue.shift(); next; next = queue.shift()) await work(next);
    };
    await Promise.all(Array.from({ length: workers }, worker));
}
