import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as progressModule from "../../provider/cli/progress";
import { MODULES } from "../provider/harness/package";

const { Progress } = createRequire(__filename)(join(MODULES, "cli/progress")) as typeof progressModule;

/** A terminal, or none, that keeps what is written to it. */
function stream(isTTY: boolean) {
    const written: string[] = [];
    const write = (text: string) => written.push(text) > 0;
    return { written, isTTY, columns: 80, write } as { written: string[] } & ConstructorParameters<
        typeof Progress
    >[0];
}

describe("The progress of an audit", () => {
    it("is a bar on a terminal, never full before everything is listed, and leaves nothing behind", () => {
        const terminal = stream(true);
        const progress = new Progress(terminal);

        progress.show({ listed: 40, found: 40, lookedAt: 40, isListed: false });
        progress.end();

        assert.match(terminal.written[0] ?? "", /\[#{21}\.{3}\] looked at 40 of 40 accounts listed so far$/);
        assert.equal(terminal.written.at(-1), "\r\x1b[K");
    });

    it("says nothing elsewhere while it is short, and has no control characters", () => {
        const log = stream(false);
        const progress = new Progress(log);

        progress.show({ listed: 40, found: 40, lookedAt: 1, isListed: false });
        progress.end();

        assert.deepEqual(log.written, []);
    });
});
