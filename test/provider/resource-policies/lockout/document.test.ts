import assert from "node:assert/strict";
import {
    BUCKET_OWNER,
    denyBucket,
    analyzeLockout,
    policyOf,
    samePolicy,
    UnreadablePolicy,
    withoutStatements,
} from "./fixtures";

describe("A text that is no readable policy", () => {
    const unreadable: [what: string, text: string, message: RegExp][] = [
        ["nothing", "", /is no JSON$/],
        ["half a policy", policyOf(denyBucket()).slice(0, -5), /is no JSON$/],
        ["a page of HTML", "<html></html>", /is no JSON$/],
        ["null", "null", /is no JSON object/],
        ["a list", "[]", /is no JSON object/],
        ["a number", "17", /is no JSON object/],
        ["no Statement", '{"Version":"2012-10-17"}', /has no Statement/],
        ["a string as Statement", '{"Statement":"Deny"}', /neither an object nor a list/],
        ["null as Statement", '{"Statement":null}', /neither an object nor a list/],
        ["an unknown Version", '{"Version":"2031-01-01","Statement":[]}', /"2031-01-01" is unknown/],
        ["a number as Version", '{"Version":2012,"Statement":[]}', /Version 2012 is unknown/],
        [
            "an element that occurs twice",
            '{"Statement":[{"Effect":"Deny","Condition":{"Bool":{"aws:SecureTransport":"false"}},"Condition":{}}]}',
            /has "Condition" twice in one place/,
        ],
        [
            "a key that occurs twice, once with an escape sequence",
            '{"Statement":{"Condition":{"Bool":{"a:b" : "\\"{" , "a\\u003ab":""}}}}',
            /has "a:b" twice in one place/,
        ],
    ];
    for (const [what, text, message] of unreadable) {
        it(`is refused: ${what}`, () => {
            const isRefused = (error: unknown) =>
                error instanceof UnreadablePolicy &&
                error.name === "UnreadablePolicy" &&
                message.test(error.message);

            assert.throws(() => analyzeLockout(text, BUCKET_OWNER), isRefused);
            assert.throws(() => withoutStatements(text, []), isRefused);
        });
    }

    it("does not include a policy that repeats a name in another object or within a string", () => {
        const twice = denyBucket({ Sid: '{"Sid":1,"Sid":2}', Condition: { Bool: { Sid: ["Sid", "Sid"] } } });

        assert.equal(analyzeLockout(policyOf(twice, denyBucket()), BUCKET_OWNER).statements.length, 2);
    });
});

describe("A policy without statements", () => {
    it("locks nobody", () => {
        assert.deepEqual(analyzeLockout('{"Statement":[]}', BUCKET_OWNER), {
            is: "locks nobody",
            statements: [],
        });
    });
});

describe("A policy from which statements are removed", () => {
    const [first, second, third] = ["a", "b", "c"].map((Sid) => denyBucket({ Sid }));
    const policyWith = (statement: unknown) =>
        JSON.stringify({ Id: "Policy1", Statement: statement, Version: "2008-10-17", Other: [1.5] });

    it("keeps everything else in order", () => {
        assert.equal(withoutStatements(policyWith([first, second, third]), [1]), policyWith([first, third]));
        assert.equal(withoutStatements(policyWith([first, second, third]), [2, 0]), policyWith([second]));
        assert.equal(withoutStatements(policyWith([first, second]), []), policyWith([first, second]));
    });

    it("keeps a single statement as an object", () => {
        assert.equal(withoutStatements(policyWith(first), []), policyWith(first));
    });

    it("is undefined if no statement is left", () => {
        assert.equal(withoutStatements(policyWith(first), [0]), undefined);
        assert.equal(withoutStatements(policyWith([first, second]), [1, 0]), undefined);
    });

    it("throws a RangeError for a position without a statement", () => {
        for (const position of [1, -1, 0.5]) {
            assert.throws(() => withoutStatements(policyWith([first]), [position]), RangeError);
        }
    });
});

describe("Two policies", () => {
    const same: [a: string, b: string][] = [
        ["{}", "{}"],
        ["no JSON", "no JSON"],
        ['{"a":1,"b":[2,3]}', ' { "b" : [2, 3],\n"a":1}'],
        ['{"Statement":[{"Action":["s3:*"]}]}', '{"Statement":{"Action":"s3:*"}}'],
        ['{"Condition":{"Bool":{"k":["false"]}}}', '{"Condition":{"Bool":{"k":"false"}}}'],
        ['{"Sid":"\\u0041"}', '{"Sid":"A"}'],
        ['{"Principal":{"AWS":"111122223333"}}', '{"Principal":{"AWS":["arn:aws:iam::111122223333:root"]}}'],
    ];
    for (const [a, b] of same) {
        it(`are the same: ${a} and ${b.replace("\n", " ")}`, () => {
            assert.ok(samePolicy(a, b) && samePolicy(b, a));
        });
    }

    const different: [a: string, b: string][] = [
        ['{"a":[1,2]}', '{"a":[2,1]}'],
        ['{"a":1}', '{"a":"1"}'],
        ['{"a":1}', '{"a":1,"b":null}'],
        ['{"a":[]}', '{"a":null}'],
        ['{"Action":"s3:*"}', '{"Action":"S3:*"}'],
        ['{"__proto__":{"a":1}}', "{}"],
        ["no JSON", "no JSON either"],
        ["{}", "no JSON"],
        ['{"Sid":"111122223333"}', '{"Sid":"arn:aws:iam::111122223333:root"}'],
        // It is unknown which of the two AWS uses.
        ['{"a":1,"a":2}', '{"a":2}'],
    ];
    for (const [a, b] of different) {
        it(`are not the same: ${a} and ${b}`, () => {
            assert.ok(!samePolicy(a, b) && !samePolicy(b, a));
        });
    }
});
