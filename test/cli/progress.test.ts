import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { mock } from "node:test";
import type * as auditModule from "../../provider/cli/audit";
import type * as progressModule from "../../provider/cli/progress";
import { throttled } from "../simulator";
import { MODULES, freshProviderModule } from "../provider/harness/package";
import { inOrganization } from "../provider/harness/surroundings";

const load = createRequire(__filename);
const { Progress } = load(join(MODULES, "cli/progress")) as typeof progressModule;

/** A terminal, or none, that keeps what is written to it. */
function stream(isTTY: boolean, columns = 80) {
    const written: string[] = [];
    const write = (text: string) => written.push(text) > 0;
    return { written, isTTY, columns, write } as { written: string[] } & ConstructorParameters<
        typeof Progress
    >[0];
}

const FREE = () => false;
const THROTTLED = () => true;

describe("The progress of an audit", () => {
    beforeEach(() => mock.timers.enable({ apis: ["setInterval"] }));
    afterEach(() => mock.timers.reset());

    it("is a bar on a terminal, full only after the listing, and removed at the end", () => {
        const terminal = stream(true);
        const progress = new Progress(terminal, FREE);

        progress.show({ listed: 40, found: 40, done: 40, isListed: false });
        mock.timers.tick(100);
        progress.show({ listed: 40, found: 40, done: 40, isListed: true });
        mock.timers.tick(100);
        progress.end();
        mock.timers.tick(1_000);

        assert.deepEqual(terminal.written, [
            "\r\x1b[K[#####################...] 40 of 40 accounts done, 40 listed so far",
            "\r\x1b[K[########################] 40 of 40 accounts done",
            "\r\x1b[K",
        ]);
    });

    it("is cut to the width of the terminal from its end", () => {
        const terminal = stream(true, 53);
        const progress = new Progress(terminal, FREE);

        progress.show({ listed: 12_000, found: 10_000, done: 0, isListed: false });
        mock.timers.tick(100);
        progress.end();

        assert.equal(terminal.written[0], "\r\x1b[K[........................] 0 of 10,000 accounts done");
    });

    it("is a line every five seconds elsewhere, without control characters, also without progress", () => {
        const log = stream(false);
        const progress = new Progress(log, FREE);

        progress.show({ listed: 1_200, found: 1_190, done: 1_001, isListed: false });
        mock.timers.tick(4_999);
        assert.deepEqual(log.written, [], "a short audit has no need of lines");
        mock.timers.tick(1);
        mock.timers.tick(5_000);
        progress.show({ listed: 1_200, found: 1_190, done: 1_100, isListed: true });
        mock.timers.tick(5_000);
        progress.end();
        mock.timers.tick(60_000);

        const first = "1,001 of 1,190 accounts done, 1,200 listed so far\n";
        assert.deepEqual(log.written, [first, first, "1,100 of 1,190 accounts done\n"]);
    });

    it("counts the listed accounts until one of the wanted accounts is listed", () => {
        const log = stream(false);
        const progress = new Progress(log, FREE);

        mock.timers.tick(5_000);
        progress.show({ listed: 1_200, found: 0, done: 0, isListed: false });
        mock.timers.tick(5_000);
        progress.show({ listed: 2_000, found: 5, done: 3, isListed: false });
        mock.timers.tick(5_000);
        progress.end();

        assert.deepEqual(log.written, [
            "listing accounts\n",
            "listing accounts, 1,200 listed so far\n",
            "3 of 5 accounts done, 2,000 listed so far\n",
        ]);
    });

    it("says that AWS throttles", () => {
        const log = stream(false);
        const progress = new Progress(log, THROTTLED);

        progress.show({ listed: 40, found: 40, done: 0, isListed: false });
        mock.timers.tick(5_000);
        progress.end();

        assert.deepEqual(log.written, ["0 of 40 accounts done, throttled by AWS, 40 listed so far\n"]);
    });
});

describe("The progress of an audit that AWS throttles throughout", () => {
    it("goes on, and says so", async () => {
        const seed = { accounts: [{ id: "111122223333", name: "payments" }] };
        const terminal = stream(true);
        await inOrganization({ seed }, async ({ organization }) => {
            organization.failAlways("AssumeRoot", throttled());
            Object.assign(freshProviderModule("process/timeouts").timeouts, { operationDeadline: 1_500 });
            const { auditLive } = load(join(MODULES, "cli/audit")) as typeof auditModule;

            const report = await auditLive({ accounts: [], units: [], full: false }, terminal);

            assert.equal(report.totals.unreadable, 1);
        });
        freshProviderModule("process/timeouts");

        const last = terminal.written.at(-2) ?? "";
        assert.match(last, /0 of 1 account done, throttled by AWS$/);
        assert.equal(terminal.written.at(-1), "\r\x1b[K");
    });
});
