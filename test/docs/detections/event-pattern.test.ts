import assert from "node:assert/strict";
import { matches } from "./event-pattern";

describe("an event pattern", () => {
    const event = {
        source: "aws.iam",
        detail: { name: "Anna", tags: ["a", "b"], error: null, who: { arn: "arn:x" } },
    };
    const cases: [pattern: object, matches: boolean][] = [
        [{ source: ["aws.iam"] }, true],
        [{ source: ["aws.sts", "aws.iam"] }, true],
        [{ source: ["AWS.IAM"] }, false],
        [{ source: ["aws.iam"], detail: { name: ["Berta"] } }, false],
        [{ detail: { name: ["Anna"] } }, true],
        [{ detail: { error: [null] } }, true],
        [{ detail: { tags: ["b"] } }, true],
        [{ detail: { who: { arn: ["arn:x"] } } }, true],
        [{ detail: { other: ["Anna"] } }, false],
        [{ other: { name: ["Anna"] } }, false],
        [{ detail: { name: [{ "anything-but": ["Berta", "Carla"] }] } }, true],
        [{ detail: { name: [{ "anything-but": ["Anna", "Carla"] }] } }, false],
        [{ detail: { other: [{ "anything-but": ["Anna"] }] } }, false],
        [{ detail: { name: [{ exists: true }] } }, true],
        [{ detail: { name: [{ exists: false }] } }, false],
        [{ detail: { other: [{ exists: false }] } }, true],
        [{ detail: { other: { deep: [{ exists: false }] } } }, true],
        [{ detail: { $or: [{ name: ["Berta"] }, { tags: ["a"] }] } }, true],
        [{ detail: { $or: [{ name: ["Berta"] }, { tags: ["c"] }] } }, false],
        [{ source: ["aws.sts"], detail: { $or: [{ name: ["Anna"] }, { tags: ["a"] }] } }, false],
    ];
    for (const [pattern, expected] of cases) {
        it(`${JSON.stringify(pattern)} ${expected ? "matches" : "does not match"}`, () => {
            assert.equal(matches(pattern, event), expected);
        });
    }

    it("with an unknown operator, or with values that are no list, is refused", () => {
        assert.throws(() => matches({ source: [{ prefix: "aws" }] }, event), /not known here/);
        assert.throws(() => matches({ source: "aws.iam" }, event), /lists of values/);
        assert.throws(() => matches({ source: [] }, event), /lists of values/);
    });
});
