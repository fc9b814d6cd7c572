import assert from "node:assert/strict";
import { freshProviderModule, providerModule } from "./harness/package";

const SOON = 60_000;

describe("The rate limiter", () => {
    let now: number;
    let rate: InstanceType<ReturnType<typeof fresh>["AdaptiveRateLimiter"]>;
    const clock = Date.now;

    function fresh() {
        return freshProviderModule("aws/rate-limiter");
    }

    beforeEach(() => {
        const { AdaptiveRateLimiter } = fresh();
        now = 1_000_000;
        Date.now = () => now;
        providerModule("process/timeouts").timeouts.pause = (milliseconds) => {
            now += milliseconds;
            return Promise.resolve();
        };
        rate = new AdaptiveRateLimiter();
    });
    afterEach(() => {
        Date.now = clock;
    });

    it("does not limit calls before AWS throttles one", async () => {
        for (let call = 0; call < 1_000; call++) await rate.acquire(now + SOON);

        assert.equal(now, 1_000_000);
    });

    it("lowers the rate once for all calls that were under way together", async () => {
        const rateVersions = await Promise.all(Array.from({ length: 50 }, () => rate.acquire(now + SOON)));
        for (const rateVersion of rateVersions) rate.throttled(rateVersion, new Error("Throttling"));

        const first = await secondsUntilTurn();
        rate.throttled(first.rateVersion, new Error("Throttling"));
        const second = await secondsUntilTurn();

        assert.equal(first.seconds, 1);
        assert.ok(second.seconds > 1.1 && second.seconds < 1.2, `${second.seconds} s`);
    });

    it("learns a limit of 40 calls per second and keeps to it", async () => {
        const limit = { tokens: 40, at: now };
        let refused = 0;
        const began = now;
        await Promise.all(Array.from({ length: 1_000 }, () => call()));
        const seconds = (now - began) / 1000;

        assert.ok(seconds < 1.15 * (1_000 / 40), `${seconds} s`);
        // All calls are sent at once first. After that, AWS refuses only few.
        assert.ok(refused < 1_000 + 100, `${refused} refused`);

        async function call(): Promise<void> {
            const rateVersion = await rate.acquire(now + SOON * 10);
            limit.tokens = Math.min(40, limit.tokens + (now - limit.at) * 0.04);
            limit.at = now;
            if (limit.tokens >= 1) {
                limit.tokens--;
                return rate.succeeded();
            }
            refused++;
            rate.throttled(rateVersion, new Error("Throttling"));
            return call();
        }
    });

    it("rejects an aborted call, and keeps the other calls in the queue", async () => {
        rate.throttled(await rate.acquire(now + SOON), new Error("Throttling"));
        const over = new AbortController();
        const first = rate.acquire(now + SOON);
        const abandoned = rate.acquire(now + SOON, over.signal);
        const last = rate.acquire(now + SOON);
        over.abort(new Error("over"));

        await assert.rejects(abandoned, /^Error: over$/);
        await assert.rejects(rate.acquire(now + SOON, over.signal), /^Error: over$/);
        const began = now;
        await Promise.all([first, last]);
        assert.ok(now - began < 2_500, `${now - began} ms for two turns`);
    });

    it("sends calls in the order of their deadlines", async () => {
        rate.throttled(await rate.acquire(now + SOON), new Error("Throttling"));
        const gone: number[] = [];
        await Promise.all(
            [3, 1, 2].map((place) => rate.acquire(now + place * SOON).then(() => gone.push(place))),
        );

        // The call with place 3 was alone in the queue for a moment, but is still sent last.
        assert.deepEqual(gone, [1, 2, 3]);
    });

    it("rejects calls that cannot be sent before their deadline, with AWS's last error", async () => {
        rate.throttled(await rate.acquire(now + SOON), new Error("Rate exceeded"));
        const outcomes = await Promise.allSettled(
            Array.from({ length: 5 }, () => rate.acquire(1_000_000 + 2_500)),
        );

        assert.deepEqual(
            outcomes.map(({ status }) => status),
            ["fulfilled", "fulfilled", "rejected", "rejected", "rejected"],
        );
        assert.match(String((outcomes[4] as PromiseRejectedResult).reason), /Rate exceeded/);
        assert.ok(now <= 1_000_000 + 2_500);
    });

    it("keeps its rate if the machine's clock is set back", async () => {
        rate.throttled(await rate.acquire(now + SOON), new Error("Throttling"));
        rate.throttled((await secondsUntilTurn()).rateVersion, new Error("Throttling"));
        now -= 60 * SOON;
        const began = now;

        await Promise.all(
            Array.from({ length: 5 }, () => rate.acquire(now + SOON).then(() => rate.succeeded())),
        );

        assert.ok(now - began > 5_000, `${now - began} ms for 5 calls`);
    });

    async function secondsUntilTurn(): Promise<{ seconds: number; rateVersion: number }> {
        const asked = now;
        const rateVersion = await rate.acquire(now + SOON);
        return { seconds: (now - asked) / 1000, rateVersion };
    }
});
