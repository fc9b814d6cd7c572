import assert from "node:assert/strict";
import { abridge } from "../../scripts/demo/abridge";

function abridged(lines: string[]): string[] {
    const printed: string[] = [];
    const { line, end } = abridge((each) => printed.push(each));
    for (const each of lines) line(each);
    end();
    return printed;
}

describe("the demo's abridged logs", () => {
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
