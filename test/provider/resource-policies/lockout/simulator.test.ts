/**
 * The judgement against the simulator's own, which was written from AWS's pages by itself: where a statement is said to lock, the
 * account's user with every permission is refused; where it is said to be harmless, that user gets in.
 */
import assert from "node:assert/strict";
import { portlessSimulator } from "../../../simulator";
import { KEYS, OPERATORS } from "./condition-cases";
import { ACTIONS, PRINCIPALS, RESOURCES } from "./element-cases";
import { LOCKED_BUCKETS, LOCKED_QUEUES } from "./lockout-cases";
import {
    ACCOUNT,
    BUCKET_OWNER,
    denyBucket,
    analyzeLockout,
    ORGANIZATION,
    QUEUE_OWNER,
    type PolicyOwner,
    type Statement,
} from "./fixtures";
import { PUBLISHED_FOR_BUCKETS } from "./published-bucket-cases";
import { PUBLISHED_FOR_QUEUES } from "./published-queue-cases";

const statementsOf = (...tables: { statements: Statement[] }[][]) =>
    tables.flat().flatMap(({ statements }) => statements);

const CALLS = {
    s3: { read: "s3:GetBucketPolicy", writes: ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"] },
    sqs: { read: "sqs:GetQueueAttributes", writes: ["sqs:SetQueueAttributes"] },
};

/** What an administrator can choose, and the simulator's user cannot: these are escaped by signing in, or calling, in another way or from elsewhere. */
const CHOSEN = /MultiFactorAuth|TlsVersion|signatureAge|SourceIp/i;

describe("The judgement of single statements, and the simulator's", () => {
    const both: [string, Statement[], PolicyOwner][] = [
        [
            "a bucket",
            [
                ...statementsOf(PUBLISHED_FOR_BUCKETS, LOCKED_BUCKETS, PRINCIPALS, ACTIONS, RESOURCES),
                ...[...OPERATORS, ...KEYS].map(([Condition]) => denyBucket({ Condition })),
            ],
            BUCKET_OWNER,
        ],
        ["a queue", statementsOf(PUBLISHED_FOR_QUEUES, LOCKED_QUEUES), QUEUE_OWNER],
    ];
    for (const [what, statements, owner] of both) {
        it(`agree about ${what}`, () => {
            let compared = 0;
            for (const statement of statements) {
                const text = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
                const [verdict] = analyzeLockout(text, owner).statements;
                const opens = administrators(text, owner);
                if (opens === undefined || verdict?.is === "undecided" || CHOSEN.test(text)) continue;
                compared++;
                const { read, writes } = CALLS[owner.service];
                const isShut = !opens(read) || !writes.some(opens);
                assert.equal(isShut, verdict?.is === "locks", `${text}\n${verdict?.because}`);
            }
            assert.ok(compared > (owner.service === "s3" ? 100 : 15), `${compared} statements compared`);
        });
    }
});

/** What the account's user may do; undefined for a policy that AWS would not store, or that the simulator cannot judge. */
function administrators(
    policy: string,
    { resourceArn, region, service }: PolicyOwner,
): ((action: string) => boolean) | undefined {
    const seed = { organizationId: ORGANIZATION, accounts: [{ id: ACCOUNT, name: "payments" }] };
    const { organization } = portlessSimulator({ seed });
    const name = resourceArn.split(":").at(-1) ?? "";
    try {
        if (service === "s3") organization.buckets.create(ACCOUNT, { name, region, policy });
        else organization.queues.create(ACCOUNT, { name, region, policy });
    } catch {
        return undefined;
    }
    const principal = organization.principals.userIn(ACCOUNT);
    return (action) => organization.allows({ principal, action, resource: resourceArn, region });
}
