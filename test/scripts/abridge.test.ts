import assert from "node:assert/strict";
import { abridge } from "../../scripts/demo/abridge";

const STARTED = '    root-credentials-record {"event":"started","accountId":"111122223333"}';
const DONE = '    root-credentials-record {"event":"done","accountId":"111122223333"}';

function abridged(lines: string[]): string[] {
    const printed: string[] = [];
    const { line, end } = abridge((each) => printed.push(each));
    for (const each of lines) line(each);
    end();
    return printed;
}

describe("the demo's abridged logs", () => {
    it("count all records together, wherever an account's own sentences come between them", () => {
        const announced =
            "    account 111122223333 (payments): about to remove what was used in the last 90 days: password";
        const removed = "    account 111122223333 (payments): removed password";

        const printed = abridged([STARTED, DONE, STARTED, announced, DONE, removed, STARTED, DONE]);

        assert.deepEqual(printed, [
            DONE,
            announced,
            removed,
            "    [5 more such records: each removal leaves one before and one after]",
        ]);
    });

    it("end a count where something else begins", () => {
        const printed = abridged([STARTED, DONE, STARTED, "Outputs:", STARTED]);

        assert.deepEqual(printed, [
            DONE,
            "    [2 more such records: each removal leaves one before and one after]",
            "Outputs:",
            "    [1 more such records: each removal leaves one before and one after]",
        ]);
    });

    it("leave out the line that is for a machine, and say what it is", () => {
        const printed = abridged([
            "root-credentials-summary {}",
            'root-credentials-accounts {"accounts":[]}',
        ]);

        assert.deepEqual(printed, [
            "root-credentials-summary {}",
            "[root-credentials-accounts: the same by account, from which root-credentials report makes a report]",
        ]);
    });
});
