/**
 * Compares the analysis with the simulator, which was written independently from AWS's documentation. If a statement locks, the
 * simulator must refuse the account's administrator. If it is harmless, the simulator must allow the administrator.
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
    type AnalyzedResource,
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

/** Keys that an administrator can choose and the simulator's user cannot: by another sign-in, another client or another address. */
const CALLER_CHOOSES = /MultiFactorAuth|TlsVersion|signatureAge|SourceIp/i;

describe("The analysis of single statements", () => {
    const both: [string, Statement[], AnalyzedResource][] = [
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
        it(`agrees with the simulator about ${what}`, () => {
            let compared = 0;
            for (const statement of statements) {
                const text = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
                const [analysis] = analyzeLockout(text, owner).statements;
                const opens = administrators(text, owner);
                if (opens === undefined || analysis?.is === "undecided" || CALLER_CHOOSES.test(text))
                    continue;
                compared++;
                const { read, writes } = CALLS[owner.service];
                const isShut = !opens(read) || !writes.some(opens);
                assert.equal(isShut, analysis?.is === "locks", `${text}\n${analysis?.because}`);
            }
            assert.ok(compared > (owner.service === "s3" ? 100 : 15), `${compared} statements compared`);
        });
    }
});

/** Whether a user of the account may do an action. Undefined if AWS would not store the policy, or if the simulator cannot evaluate it. */
function administrators(
    policy: string,
    { resourceArn, region, service }: AnalyzedResource,
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
