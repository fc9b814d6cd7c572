/** Who a bucket's or a queue's own policy lets in, beside all the other policies that have a say. */
import assert from "node:assert/strict";
import { GetBucketPolicyCommand } from "@aws-sdk/client-s3";
import { type Organization, type Simulator, startSimulator } from "./index";
import { clientsOf, refusalOf } from "./sdk-clients";
import type { Principal } from "./state/principals";

const MEMBER = "111122223333";
const OTHER = "444455556666";
const OUTSIDER = "777788889999";
const ADMIN = `arn:aws:iam::${MEMBER}:role/platform/Admin`;
const BUCKET = "arn:aws:s3:::ledger";
const QUEUE = `arn:aws:sqs:eu-west-1:${MEMBER}:jobs`;
const GET = "s3:GetBucketPolicy";

describe("resource policies", () => {
    let simulator: Simulator;
    let organization: Organization;
    beforeEach(async () => {
        simulator = await startSimulator({
            now: new Date("2026-09-12T10:00:00Z"),
            seed: {
                accounts: [
                    {
                        id: MEMBER,
                        name: "payments",
                        buckets: [{ name: "ledger", region: "eu-west-1" }],
                        queues: [{ name: "jobs", region: "eu-west-1" }],
                    },
                    { id: OTHER, name: "storefront" },
                ],
            },
        });
        organization = simulator.organization;
    });
    afterEach(() => simulator.close());

    const user = (accountId = MEMBER) => organization.principals.userIn(accountId);
    const admin = () => organization.principals.sessionOf(ADMIN);
    const may = (principal: Principal = user(), action = GET, resource = BUCKET) =>
        organization.allows({ principal, action, resource });
    const bucketSays = (statement: object) =>
        organization.buckets.setPolicy("ledger", {
            Version: "2012-10-17",
            Statement: { Principal: "*", Action: "s3:*", Resource: [BUCKET, `${BUCKET}/*`], ...statement },
        });

    describe("deny", () => {
        const cases: [what: string, statement: object, user: boolean, admin: boolean][] = [
            [
                "everybody but one role",
                { Condition: { ArnNotEquals: { "aws:PrincipalArn": ADMIN } } },
                false,
                true,
            ],
            [
                "everybody but one role, by NotPrincipal",
                { Principal: undefined, NotPrincipal: { AWS: [ADMIN, MEMBER] } },
                false,
                false,
            ],
            [
                "everybody outside a network",
                { Condition: { NotIpAddress: { "aws:SourceIp": "198.51.100.0/24" } } },
                false,
                false,
            ],
            [
                "everybody inside a network",
                { Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } },
                false,
                false,
            ],
            [
                "everybody but through an endpoint",
                { Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" } } },
                false,
                false,
            ],
            [
                "those through an endpoint",
                { Condition: { StringEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" } } },
                true,
                true,
            ],
            [
                "what is not encrypted",
                { Condition: { Bool: { "aws:SecureTransport": "false" } } },
                true,
                true,
            ],
            ["old versions of TLS", { Condition: { NumericLessThan: { "s3:TlsVersion": 1.2 } } }, true, true],
            [
                "another organization",
                { Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-simulated1" } } },
                true,
                true,
            ],
            [
                "everybody of an organization",
                { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-simulated1" } } },
                false,
                false,
            ],
            ["long-lived keys", { Condition: { Null: { "aws:MultiFactorAuthPresent": true } } }, false, true],
            [
                "those without a second factor",
                { Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } } },
                false,
                false,
            ],
            ["roles", { Condition: { StringEquals: { "aws:PrincipalType": "AssumedRole" } } }, true, false],
            ["people", { Condition: { Bool: { "aws:PrincipalIsAWSService": "false" } } }, false, false],
            [
                "strangers to the account",
                { Condition: { StringNotEquals: { "aws:ResourceAccount": "${aws:PrincipalAccount}" } } },
                true,
                true,
            ],
            [
                "one account's resources",
                { Condition: { StringEquals: { "s3:ResourceAccount": MEMBER } } },
                false,
                false,
            ],
            [
                "one region",
                { Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } } },
                false,
                false,
            ],
            [
                "what is called for another service",
                { Condition: { Bool: { "aws:ViaAWSService": "true" } } },
                true,
                true,
            ],
            [
                "unencrypted objects",
                { Condition: { Null: { "s3:x-amz-server-side-encryption": "true" } } },
                false,
                false,
            ],
            [
                "what is signed in an old way",
                { Condition: { StringNotEquals: { "s3:signatureversion": "AWS4-HMAC-SHA256" } } },
                true,
                true,
            ],
            [
                "after a date",
                { Condition: { DateGreaterThan: { "aws:CurrentTime": "2026-09-12T10:00:01Z" } } },
                true,
                true,
            ],
        ];
        for (const [what, statement, userMay, adminMay] of cases) {
            it(what, () => {
                bucketSays({ Effect: "Deny", ...statement });
                assert.deepEqual([may(user()), may(admin())], [userMay, adminMay]);
                assert(may(organization.principals.rootUserIn(MEMBER)));
            });
        }

        it("when the time has come", () => {
            bucketSays({
                Effect: "Deny",
                Condition: { DateGreaterThan: { "aws:CurrentTime": "2026-09-12T10:00:01Z" } },
            });
            organization.clock.advance(2);
            assert(!may());
        });

        it("by the id of a role, which its sessions begin with", () => {
            const id = admin().userId.replace(/:.*/, "");
            bucketSays({
                Effect: "Deny",
                Condition: { StringNotLike: { "aws:userid": [`${id}:*`, MEMBER] } },
            });
            assert.deepEqual([may(user()), may(admin())], [false, true]);
        });

        it("queues too, with the account that their ARN tells", () => {
            organization.queues.setPolicy(MEMBER, "eu-west-1", "jobs", {
                Statement: {
                    Effect: "Deny",
                    Principal: { AWS: MEMBER },
                    Action: "sqs:*",
                    Resource: QUEUE,
                    Condition: {
                        StringEquals: { "aws:ResourceAccount": MEMBER, "aws:RequestedRegion": "eu-west-1" },
                    },
                },
            });
            assert(!may(user(), "sqs:SendMessage", QUEUE));
            const root = organization.principals.rootUserIn(MEMBER);
            const asked = { principal: root, resource: QUEUE };
            assert(organization.allows({ ...asked, action: "sqs:SetQueueAttributes" }));
            assert(!organization.allows({ ...asked, action: "sqs:SendMessage" }));
        });
    });

    describe("allow", () => {
        const reading = { Effect: "Allow", Action: "s3:GetObject" };
        const mayRead = (principal: Principal = user()) =>
            may(principal, "s3:GetObject", `${BUCKET}/2026/q3.csv`);

        it("other accounts, each of which has to allow its own", () => {
            assert.deepEqual([mayRead(user(OTHER)), mayRead(user(OUTSIDER))], [false, false]);
            bucketSays({ ...reading, Principal: { AWS: [OTHER, `arn:aws:iam::${OUTSIDER}:root`] } });
            assert.deepEqual([mayRead(user(OTHER)), mayRead(user(OUTSIDER))], [true, true]);

            organization.withholdPermissions(OTHER, ["s3:*"]);
            assert(!mayRead(user(OTHER)));
        });

        it("those of an organization", () => {
            bucketSays({
                ...reading,
                Condition: { StringEquals: { "aws:PrincipalOrgID": organization.id } },
            });
            assert.deepEqual([mayRead(user(OTHER)), mayRead(user(OUTSIDER))], [true, false]);
            organization.leave(OTHER);
            assert(!mayRead(user(OTHER)));
        });

        it("within the account what nobody else has allowed, if they name the one who asks", () => {
            organization.withholdPermissions(MEMBER, ["s3:*"]);
            bucketSays({ ...reading, Principal: { AWS: MEMBER } });
            assert(!mayRead());
            bucketSays({ ...reading, Principal: { AWS: user().arn } });
            assert(mayRead());
            bucketSays(reading);
            assert(mayRead());
        });

        it("nothing that is denied elsewhere", () => {
            bucketSays(reading);
            organization.denyPermissions(MEMBER, { by: "permissions boundary", actions: ["s3:*"] });
            assert(!mayRead());
            organization.restorePermissions(MEMBER);
            organization.attachScp(MEMBER, { name: "no-s3", actions: ["s3:*"] });
            assert(!mayRead());
            assert(mayRead(user(OUTSIDER)));
            organization.attachRcp(MEMBER, { name: "perimeter", actions: ["s3:*"] });
            assert(!mayRead(user(OUTSIDER)));
        });
    });

    it("leave an account's bucket with the account, wherever that goes", async () => {
        bucketSays({ Effect: "Deny" });
        organization.leave(MEMBER);
        const { s3 } = clientsOf(simulator, MEMBER, "eu-west-1");
        const refused = await refusalOf(s3.send(new GetBucketPolicyCommand({ Bucket: "ledger" })));
        assert.match(refused.message, /explicit deny in a resource-based policy$/);

        organization.join({ id: MEMBER, name: "payments", buckets: [{ name: "ledger" }] });
        assert.equal(organization.buckets.find("ledger")?.region, "eu-west-1");
        assert.match(organization.buckets.policyOf("ledger") ?? "", /Deny/);
    });

    it("have to be of something that is there, and that has a proper name", () => {
        const { buckets, queues } = organization;
        assert.throws(() => buckets.policyOf("legder"), /no bucket legder/);
        assert.throws(() => buckets.setPolicy("legder", undefined), /no bucket legder/);
        assert.throws(() => queues.remove(MEMBER, "us-east-1", "jobs"), /no queue arn:aws:sqs:us-east-1/);
        assert.throws(() => buckets.create(OTHER, { name: "ledger" }), /a bucket ledger already/);
        assert.throws(() => buckets.create(OTHER, { name: "Ledger_" }), /got "Ledger_"/);
        assert.throws(() => queues.create(MEMBER, { name: "jobs", region: "eu-west-1" }), /already/);
        assert.throws(() => queues.create(MEMBER, { name: "jobs.txt" }), /got "jobs.txt"/);
        assert.throws(() => buckets.setPolicy("ledger", "{}"), /Missing required field Statement/);
        assert.throws(
            () => organization.join({ id: OUTSIDER, name: "x", queues: [{ name: "q", policy: "none" }] }),
            /Policies must be valid JSON/,
        );
    });
});
