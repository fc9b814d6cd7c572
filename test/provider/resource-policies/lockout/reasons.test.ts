import assert from "node:assert/strict";
import {
    ACCOUNT,
    BUCKET_OWNER,
    denyBucket,
    denyQueue,
    analyzeLockout,
    OTHER_ACCOUNT,
    policyOf,
    QUEUE_OWNER,
    type Statement,
} from "./fixtures";

const ARN = `arn:aws:iam::${ACCOUNT}`;

/** Differences from a statement that denies everything on the bucket, and the reason that the analysis gives. */
const REASONS: [but: Statement, because: string][] = [
    [{}, "denies everybody s3:* on the bucket"],
    [
        { Action: undefined, NotAction: "s3:GetObject" },
        "denies everybody everything but s3:GetObject on the bucket",
    ],
    [
        { Action: ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutObject"] },
        "denies everybody s3:PutBucketPolicy and s3:DeleteBucketPolicy on the bucket",
    ],
    [
        { Principal: undefined, NotPrincipal: { AWS: `${ARN}:root` } },
        "denies everybody but the root user s3:* on the bucket",
    ],
    [
        { Condition: { ArnNotEquals: { "aws:PrincipalArn": `${ARN}:role/Admin` } } },
        "denies everybody but role Admin of the account s3:*: it is unknown whether that role can still be used",
    ],
    [
        { Principal: undefined, NotPrincipal: { AWS: [`${ARN}:user/Bob`, ACCOUNT] } },
        "denies everybody but user Bob of the account s3:*: it is unknown whether that user can still be used",
    ],
    [
        { Condition: { ArnNotLike: { "aws:PrincipalArn": [`${ARN}:role/Admin`, `${ARN}:role/ops-*`] } } },
        "denies everybody but role Admin of the account and role ops-* of the account s3:*: it is unknown whether any of them can still be used",
    ],
    [
        { Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption": "AES256" } } },
        "denies everybody s3:* on the bucket: no such request has s3:x-amz-server-side-encryption",
    ],
    [
        { Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-zzzzzzzzzz" } } },
        "denies everybody s3:* on the bucket: every such request has aws:PrincipalOrgID o-a1b2c3d4e5",
    ],
    [
        { Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" } } },
        "denies everybody s3:* unless the VPC endpoint is vpce-1a2b3c4d: it is unknown whether anybody can still use that",
    ],
    [
        {
            Condition: {
                NotIpAddress: { "aws:SourceIp": ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"] },
            },
        },
        "denies everybody s3:* unless the source address is in 192.0.2.0/24, 198.51.100.0/24 or 1 more: it is unknown whether anybody can still use that",
    ],
    [
        { Condition: { StringEquals: { "aws:PrincipalTag/team": "guests" } } },
        "denies everybody s3:* if the caller's tag team is guests: it is unknown whom that exempts",
    ],
    [
        {
            Condition: {
                Null: { "aws:TokenIssueTime": "true" },
                DateGreaterThan: { "aws:CurrentTime": "2027-01-01T00:00:00Z" },
            },
        },
        "denies everybody s3:* if the session's time of issue is missing and if the time is after 2027-01-01T00:00:00Z: it is unknown whom that exempts",
    ],
    [
        { Condition: { StringEquals: { "aws:SomethingNew": "x" } } },
        "denies everybody s3:* if aws:SomethingNew is x: the provider does not know that condition key",
    ],
    [
        { Principal: { CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" } },
        "denies everybody s3:* if the account is canonical user 79a59df900b9: that is unknown",
    ],
    [{ Effect: undefined }, "has no Effect, which the provider does not understand"],
    [{ NotAction: "s3:GetObject" }, "has both Action and NotAction, which the provider does not understand"],
    [{ Action: undefined }, "has no Action that can be read, which the provider does not understand"],
    [{ Effect: "Allow" }, "it denies nothing"],
    [{ Action: "s3:GetObject" }, "it denies neither reading nor writing the bucket's policy"],
    [{ Action: "s3:DeleteBucketPolicy" }, "it denies s3:DeleteBucketPolicy, but not s3:PutBucketPolicy"],
    [{ Resource: "arn:aws:s3:::amzn-s3-demo-bucket/*" }, "it is about objects, not the bucket itself"],
    [
        { Resource: ["arn:aws:s3:::amzn-s3-demo-bucket/*", "arn:aws:s3:::another"] },
        "it is about other resources than the bucket",
    ],
    [
        { Condition: { StringNotEquals: { "s3:AccessPointNetworkOrigin": "VPC" } } },
        "denies everybody s3:* unless the access point is VPC: it is unknown whether anybody can still use that",
    ],
    [{ Principal: { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:root` } }, `it denies only account ${OTHER_ACCOUNT}`],
    [{ Principal: { Service: "s3.amazonaws.com" } }, "it denies only s3.amazonaws.com"],
    [{ Principal: { AWS: "AIDAEXAMPLEUSERID1234" } }, "it denies only AIDAEXAMPLEUSERID1234 (deleted)"],
    [{ Condition: { Bool: { "aws:SecureTransport": "false" } } }, "it denies only requests without TLS"],
    [
        { Condition: { ArnEquals: { "aws:PrincipalArn": `${ARN}:user/bob` } } },
        "it denies only user bob of the account",
    ],
    [
        { Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } } },
        "it denies only requests where the source address is in 192.0.2.0/24",
    ],
    [{ Condition: { ArnNotLike: { "aws:PrincipalArn": "*" } } }, "it spares requests where the caller is *"],
];

describe("The reason given for a statement", () => {
    for (const [but, because] of REASONS) {
        it(because, () => {
            const { statements } = analyzeLockout(policyOf(denyBucket(but)), BUCKET_OWNER);

            assert.equal(statements[0]?.because, because);
        });
    }

    it("names the other statement if two lock together", () => {
        const text = policyOf(
            denyBucket({ Sid: "NoWrite", Action: "s3:PutBucketPolicy" }),
            denyBucket({ Action: "s3:DeleteBucketPolicy" }),
        );

        const because = analyzeLockout(text, BUCKET_OWNER).statements.map((statement) => statement.because);

        assert.deepEqual(because, [
            "denies everybody s3:PutBucketPolicy on the bucket; with statement 2 (without Sid) denying s3:DeleteBucketPolicy, nobody could write the policy",
            'denies everybody s3:DeleteBucketPolicy on the bucket; with statement "NoWrite" denying s3:PutBucketPolicy, nobody could write the policy',
        ]);
    });

    it("stands beside a label with the Sid or the position", () => {
        const text = policyOf(denyQueue({ Sid: "DenyAll" }), denyQueue(), denyQueue({ Sid: "" }));

        const { statements } = analyzeLockout(text, QUEUE_OWNER);

        const because = "denies everybody sqs:* on the queue";
        assert.deepEqual(statements, [
            { position: 0, sid: "DenyAll", label: 'statement "DenyAll"', is: "locks", because },
            { position: 1, label: "statement 2 (without Sid)", is: "locks", because },
            { position: 2, label: "statement 3 (without Sid)", is: "locks", because },
        ]);
    });
});
