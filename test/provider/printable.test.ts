import assert from "node:assert/strict";
import * as fc from "fast-check";
import { printable, printableLines } from "pulumi-aws-root-credentials";
import { HOSTILE } from "../hostile-text";

const UNFIT = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|<\{%/u;

/** Among other text, and cut wherever it may be. */
const texts = fc
    .array(
        fc.oneof(fc.constantFrom(...Object.values(HOSTILE), "<{", "%", "\\"), fc.string({ unit: "binary" })),
    )
    .map((parts) => parts.join(""));

describe("Text that is made printable", () => {
    it("has no control characters, and does not change when it is made printable again", () => {
        fc.assert(
            fc.property(texts, (text) => {
                const shown = printable(text);
                assert.doesNotMatch(shown, UNFIT);
                assert.equal(printable(shown), shown);
                assert.doesNotMatch(printableLines(text).replace(/[\n\t]/g, ""), UNFIT);
                assert.equal(printableLines(text).split("\n").length, text.split("\n").length);
            }),
        );
    });

    it("keeps names, sentences and file names as they are", () => {
        for (const text of [
            "payments-prod (Workloads/Prod): access key AKIAZ3MEXQ7RTBWL5NJU",
            "Zürich, 東京, naïve 👍",
            "open /var/log/root-credentials-record.jsonl",
            '{"a":1} <b> 100%',
        ])
            assert.equal(printable(text), text);
    });
});
