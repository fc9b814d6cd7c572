import assert from "node:assert/strict";
import { providerModule } from "../harness/package";
import { onStage, OTHER, PAYMENTS, policyOf, statements, type KindName } from "./stage";

const { lock: LOCK, harmless: HARMLESS, undecided: UNDECIDED } = statements("bucket");
const { queueAt } = providerModule("resource-policies/queue-url");

const WRONG: [KindName, Record<string, unknown>, RegExp][] = [
    ["bucket", { accountId: "1234" }, /^accountId: expected 12 digits, got "1234"$/],
    ["bucket", { bucket: undefined }, /^bucket: expected the name of a bucket, got nothing$/],
    ["bucket", { bucket: "No" }, /^bucket: expected the name of a bucket, got "No"$/],
    ["bucket", { bucket: "logs--use1-az4--x-s3" }, /which is a directory bucket: .*s3express/],
    ["bucket", { bucket: "arn:aws:kms:eu-west-1:111122223333:key/1" }, /which is a KMS key: .*AWS Support/],
    ["bucket", { bucket: "arn:aws:s3:::logs" }, /which is an ARN$/],
    ["bucket", { bucket: "logs-1234-s3alias" }, /alias of an access point/],
    ["bucket", { region: "Ireland" }, /^region: expected a region such as eu-west-1, got "Ireland"$/],
    ["bucket", { mode: "unlock" }, /^mode: expected "remove-lock" or "delete", got "unlock"$/],
    ["bucket", { onDelete: "allow-recovery" }, /^onDelete: expected "retain" or "restore-policy"/],
    ["bucket", { keep: "TlsOnly" }, /^keep: expected a list of statements' Sids, got "TlsOnly"$/],
    ["bucket", { polcy: "{}" }, /^polcy: there is no such argument; expected one of accountId, .*bucket$/],
    ["bucket", { queueUrl: "x" }, /^queueUrl: there is no such argument/],
    ["bucket", { mode: "delete", policy: policyOf(HARMLESS) }, /^mode: has no effect with policy/],
    ["bucket", { mode: "delete", keep: ["TlsOnly"] }, /^keep: has an effect with mode: "remove-lock" only/],
    ["bucket", { policy: policyOf(HARMLESS), remove: ["TlsOnly"] }, /^remove: has an effect with mode/],
    ["bucket", { policy: "{" }, /^policy: expected a policy, as JSON text or as an object: /],
    ["bucket", { policy: policyOf(LOCK) }, /^policy: would lock everybody out: statement "Lock" /],
    ["queue", { queueUrl: undefined }, /^queueUrl: expected the URL of a queue.*got nothing$/],
    ["queue", { queueUrl: "arn:aws:sqs:eu-west-1:111122223333:orders" }, /which is an ARN$/],
    [
        "queue",
        { queueUrl: "https://sqs.eu-west-1.amazonaws.com/orders" },
        /^queueUrl: expected the URL of a queue/,
    ],
    [
        "queue",
        { queueUrl: `https://sqs.eu-west-1.amazonaws.com/${OTHER}/orders` },
        /^queueUrl: is of account 444455556666, and accountId is 111122223333/,
    ],
    [
        "queue",
        { queueUrl: `https://queue.amazonaws.com/${PAYMENTS}/orders` },
        /^region: is required, because the URL .* does not contain it/,
    ],
    ["queue", { region: "us-east-1" }, /^region: is us-east-1, and the queue's URL is of eu-west-1$/],
    ["queue", { policy: { Statement: [statements("queue").lock] } }, /^policy: would lock everybody out/],
];

describe("The arguments of an unlocked policy", () => {
    for (const [kind, given, failure] of WRONG) {
        it(`are refused: ${kind}, ${JSON.stringify(given)}`, () =>
            onStage(kind, undefined, async (stage) => {
                const failures = await stage.check(given);

                assert.equal(failures.length, 1, failures.join("\n"));
                assert.match(failures[0] ?? "", failure);
                assert.deepEqual(stage.simulator.requests.entries, []);
            }));
    }

    it("pass in a preview if the policy contains an unknown output of the same program", () =>
        onStage("bucket", undefined, async (stage) => {
            const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
            const Condition = { StringNotEquals: { "aws:PrincipalArn": unknown } };

            assert.deepEqual(await stage.check({ policy: { Statement: [{ ...LOCK, Condition }] } }), []);
        }));

    it("pass if the given policy is undecided", () =>
        onStage("bucket", undefined, async (stage) => {
            assert.deepEqual(await stage.check({ policy: policyOf(UNDECIDED) }), []);
        }));
});

describe("A queue's URL", () => {
    const URLS: [string, ReturnType<typeof queueAt>][] = [
        [
            "https://sqs.eu-west-1.amazonaws.com/111122223333/orders",
            { accountId: "111122223333", name: "orders", region: "eu-west-1" },
        ],
        [
            "https://sqs.us-gov-west-1.amazonaws.com/111122223333/orders.fifo",
            { accountId: "111122223333", name: "orders.fifo", region: "us-gov-west-1" },
        ],
        [
            "https://eu-west-1.queue.amazonaws.com/111122223333/orders",
            { accountId: "111122223333", name: "orders", region: "eu-west-1" },
        ],
        ["https://queue.amazonaws.com/111122223333/orders", { accountId: "111122223333", name: "orders" }],
        ["http://localhost:4566/111122223333/orders", { accountId: "111122223333", name: "orders" }],
        ["https://sqs.eu-west-1.amazonaws.com/1111/orders", undefined],
        ["https://sqs.eu-west-1.amazonaws.com/111122223333/", undefined],
        ["https://sqs.eu-west-1.amazonaws.com/111122223333/orders/more", undefined],
        ["orders", undefined],
    ];
    for (const [url, queue] of URLS) it(url, () => assert.deepEqual(queueAt(url), queue));
});
