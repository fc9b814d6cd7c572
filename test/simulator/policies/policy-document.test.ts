/** What one document says about one request; the rules are those of the IAM User Guide's policy reference. */
import assert from "node:assert/strict";
import { policyIn, type StatementDocument as Statement, type Verdict } from "./document";
import type { RequestContext } from "./request-context";

const ROOT = "arn:aws:iam::111122223333:root";
const AUDIT = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials";

interface Request {
    action?: string;
    resource?: string;
    context?: Record<string, string>;
}

function verdict(statements: Partial<Statement> | Partial<Statement>[], request: Request = {}): Verdict {
    const Statement = [statements].flat().map((statement) => ({
        Effect: "Allow",
        ...("NotAction" in statement ? {} : { Action: "*" }),
        ...("NotResource" in statement ? {} : { Resource: "*" }),
        ...statement,
    }));
    const { action = "sts:AssumeRoot", resource = ROOT, context = {} } = request;
    const keys: RequestContext = new Map(
        Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]),
    );
    return policyIn({ Version: "2012-10-17", Statement }).verdictOn(action, resource, keys);
}

const applies = (statement: Partial<Statement>, request?: Request) =>
    verdict(statement, request) === "allows";

describe("a policy document", () => {
    describe("denies before it allows, and is silent about the rest", () => {
        const allow = { Action: "sts:*" };
        const deny = { Effect: "Deny", Action: "sts:AssumeRoot" } as const;
        const cases: [statements: Partial<Statement>[], verdict: Verdict][] = [
            [[allow], "allows"],
            [[allow, deny], "denies"],
            [[deny, allow], "denies"],
            [[{ Action: "iam:*" }], "is silent"],
        ];
        for (const [statements, expected] of cases) {
            it(`${statements.map(({ Effect = "Allow", Action }) => `${Effect} ${String(Action)}`).join(", ")}: ${expected}`, () => {
                assert.equal(verdict(statements), expected);
            });
        }
    });

    describe("names actions", () => {
        const cases: [statement: Partial<Statement>, action: string, applies: boolean][] = [
            [{ Action: "iam:CreateLoginProfile" }, "iam:CreateLoginProfile", true],
            [{ Action: "IAM:createloginprofile" }, "iam:CreateLoginProfile", true],
            [{ Action: "iam:Create*" }, "iam:CreateLoginProfile", true],
            [{ Action: "iam:Create*" }, "iam:GetLoginProfile", false],
            [{ Action: "iam:?etLoginProfile" }, "iam:GetLoginProfile", true],
            [{ Action: "iam:?etLoginProfile" }, "iam:etLoginProfile", false],
            [{ Action: ["sts:*", "iam:Get*"] }, "iam:GetUser", true],
            [{ Action: "iam:GetUse" }, "iam:GetUser", false],
            [{ NotAction: ["iam:Get*", "iam:List*"] }, "iam:GetUser", false],
            [{ NotAction: ["iam:Get*", "iam:List*"] }, "iam:DeleteAccessKey", true],
        ];
        for (const [statement, action, expected] of cases) {
            it(`${JSON.stringify(statement)} ${expected ? "covers" : "does not cover"} ${action}`, () => {
                assert.equal(applies(statement, { action }), expected);
            });
        }
    });

    describe("names resources", () => {
        const cases: [statement: Partial<Statement>, resource: string, applies: boolean][] = [
            [{ Resource: "*" }, "*", true],
            [{ Resource: "arn:aws:iam::*:root" }, ROOT, true],
            [{ Resource: "arn:aws:iam::111122223333:root" }, ROOT, true],
            [{ Resource: "arn:aws:iam::111122223333:root" }, "arn:aws:iam::444455556666:root", false],
            [{ Resource: "arn:aws:iam::*:root" }, "*", false],
            [{ Resource: "arn:aws:iam::*:root" }, "arn:aws:iam::111122223333:user/x:root", false],
            [{ Resource: "arn:aws:iam::*:ROOT" }, ROOT, false],
            [{ Resource: "arn:*:iam::*:root" }, ROOT, true],
            [{ Resource: "arn:aws:sqs:*:*:*" }, "arn:aws:sqs:eu-west-1:111122223333:jobs:dead", true],
            [
                { Resource: "arn:aws:*:111122223333:*:dead" },
                "arn:aws:sqs:eu-west-1:111122223333:jobs:dead",
                false,
            ],
            [{ Resource: "arn:aws:iam::*:${aws:PrincipalAccount}" }, "arn:aws:iam::1:111122223333", true],
            [{ Resource: "arn:aws:iam::*:${aws:PrincipalAccount}" }, "arn:aws:iam::1:444455556666", false],
            [{ NotResource: "arn:aws:iam::*:root" }, ROOT, false],
            [{ NotResource: "arn:aws:iam::*:root" }, "*", true],
        ];
        for (const [statement, resource, expected] of cases) {
            it(`${JSON.stringify(statement)} ${expected ? "covers" : "does not cover"} ${resource}`, () => {
                const context = { "aws:PrincipalAccount": "111122223333" };
                assert.equal(applies(statement, { resource, context }), expected);
            });
        }
    });

    describe("asks about the request", () => {
        const task = { "sts:TaskPolicyArn": AUDIT };
        const queue = { "aws:PrincipalArn": "arn:aws:sqs:eu-west-1:111122223333:jobs:dead" };
        const assumed = { "aws:AssumedRoot": "true" };
        const region = { "aws:RequestedRegion": "eu-west-1" };
        const ownRoot = { "aws:PrincipalArn": ROOT, "aws:PrincipalAccount": "111122223333" };
        const own = { "aws:ResourceAccount": "111122223333", "aws:PrincipalAccount": "111122223333" };
        const foreign = { ...own, "aws:ResourceAccount": "444455556666" };
        const address = { "aws:SourceIp": "203.0.113.24" };
        const newAddress = { "aws:SourceIp": "2001:db8:7::1" };
        const tls = { "s3:TlsVersion": "1.3" };
        const noon = { "aws:CurrentTime": "2026-09-12T12:00:00.000Z", "aws:EpochTime": "1789214400" };
        const cases: [
            condition: NonNullable<Statement["Condition"]>,
            context: Request["context"],
            holds: boolean,
        ][] = [
            [{ ArnEquals: { "sts:TaskPolicyArn": AUDIT } }, task, true],
            [{ ArnEquals: { "STS:taskpolicyarn": AUDIT } }, task, true],
            [{ ArnEquals: { "sts:TaskPolicyArn": ["arn:aws:iam::aws:policy/other", AUDIT] } }, task, true],
            [{ ArnLike: { "sts:TaskPolicyArn": "arn:aws:iam::aws:policy/root-task/*" } }, task, true],
            [{ ArnLike: { "aws:PrincipalArn": "arn:aws:*:111122223333:*:dead" } }, queue, false],
            [{ StringLike: { "aws:PrincipalArn": "arn:aws:*:111122223333:*:dead" } }, queue, true],
            [{ ArnEquals: { "sts:TaskPolicyArn": AUDIT } }, {}, false],
            [{ ArnNotEquals: { "sts:TaskPolicyArn": AUDIT } }, task, false],
            [{ ArnNotEquals: { "sts:TaskPolicyArn": AUDIT } }, {}, true],
            [
                { ArnNotLike: { "aws:PrincipalArn": ["arn:aws:iam::*:root", "arn:*:iam::*:role/A"] } },
                { "aws:PrincipalArn": ROOT },
                false,
            ],
            [{ Null: { "aws:AssumedRoot": "true" } }, {}, true],
            [{ Null: { "aws:AssumedRoot": "true" } }, assumed, false],
            [{ Null: { "aws:AssumedRoot": "false" } }, assumed, true],
            [{ Bool: { "aws:AssumedRoot": "true" } }, assumed, true],
            [{ Bool: { "aws:AssumedRoot": "false" } }, {}, false],
            [{ BoolIfExists: { "aws:AssumedRoot": "false" } }, {}, true],
            [{ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:root" } }, ownRoot, true],
            [{ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:r?" } }, ownRoot, false],
            [{ StringEquals: { "aws:RequestedRegion": "eu-west-1" } }, region, true],
            [{ StringEquals: { "aws:RequestedRegion": "eu-*" } }, region, false],
            [{ StringEquals: { "aws:RequestedRegion": "EU-WEST-1" } }, region, false],
            [{ StringEqualsIgnoreCase: { "aws:RequestedRegion": "EU-WEST-1" } }, region, true],
            [{ StringLike: { "aws:RequestedRegion": "eu-*" } }, region, true],
            [{ StringLike: { "aws:RequestedRegion": "e?-*" } }, region, true],
            [{ StringNotLike: { "aws:RequestedRegion": ["us-*", "eu-*"] } }, region, false],
            [{ StringNotEqualsIfExists: { "aws:ResourceAccount": "${aws:PrincipalAccount}" } }, own, false],
            [
                { StringNotEqualsIfExists: { "aws:ResourceAccount": "${aws:PrincipalAccount}" } },
                foreign,
                true,
            ],
            [{ StringNotEqualsIfExists: { "aws:ResourceAccount": "${aws:PrincipalAccount}" } }, {}, true],
            [
                { Null: { "aws:AssumedRoot": "true" }, StringLike: { "aws:RequestedRegion": "us-*" } },
                region,
                false,
            ],
            [{ StringLike: { "aws:RequestedRegion": "eu-*", "aws:PrincipalAccount": "1*" } }, region, false],
            [{ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }, address, true],
            [{ IpAddress: { "aws:SourceIp": ["198.51.100.0/24", "203.0.113.24"] } }, address, true],
            [{ IpAddress: { "aws:SourceIp": "203.0.113.25/32" } }, address, false],
            [{ IpAddress: { "aws:SourceIp": "2001:db8::/32" } }, address, false],
            [{ IpAddress: { "aws:SourceIp": "2001:db8::/32" } }, newAddress, true],
            [{ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }, {}, false],
            [{ IpAddress: { "aws:PrincipalArn": "203.0.113.0/24" } }, ownRoot, false],
            [{ NotIpAddress: { "aws:SourceIp": "198.51.100.0/24" } }, address, true],
            [{ NotIpAddress: { "aws:SourceIp": ["198.51.100.0/24", "203.0.113.0/24"] } }, address, false],
            [{ NotIpAddress: { "aws:SourceIp": "198.51.100.0/24" } }, {}, true],
            [{ NumericLessThan: { "s3:TlsVersion": "1.2" } }, tls, false],
            [{ NumericLessThan: { "s3:TlsVersion": "1.3" } }, tls, false],
            [{ NumericLessThanEquals: { "s3:TlsVersion": "1.3" } }, tls, true],
            [{ NumericGreaterThan: { "s3:TlsVersion": "1.2" } }, tls, true],
            [{ NumericGreaterThanEquals: { "s3:TlsVersion": "1.31" } }, tls, false],
            [{ NumericEquals: { "s3:TlsVersion": "1.30" } }, tls, true],
            [{ NumericNotEquals: { "s3:TlsVersion": "1.30" } }, tls, false],
            [{ NumericNotEquals: { "s3:TlsVersion": "1.2" } }, {}, true],
            [{ NumericGreaterThanIfExists: { "aws:MultiFactorAuthAge": "3600" } }, {}, true],
            [{ DateGreaterThan: { "aws:CurrentTime": "2026-09-12T11:59:59Z" } }, noon, true],
            [{ DateGreaterThan: { "aws:CurrentTime": "2026-09-12T13:00:00+01:00" } }, noon, false],
            [{ DateLessThanEquals: { "aws:CurrentTime": "1789214400" } }, noon, true],
            [{ DateEquals: { "aws:EpochTime": "2026-09-12T12:00:00Z" } }, noon, true],
            [{ DateNotEquals: { "aws:EpochTime": "2026-09-12" } }, noon, true],
            [{ NumericLessThan: { "aws:EpochTime": "1789214401" } }, noon, true],
            [{ Null: { "s3:x-amz-acl": "true" } }, {}, true],
        ];
        for (const [condition, context = {}, expected] of cases) {
            it(`${JSON.stringify(condition)} ${expected ? "holds" : "fails"} for ${JSON.stringify(context)}`, () => {
                assert.equal(applies({ Condition: condition }, { context }), expected);
            });
        }
    });

    describe("is refused when it is read", () => {
        const good = { Effect: "Allow", Action: "*", Resource: "*" };
        const cases: [what: string, statement: object, message: RegExp][] = [
            [
                "an operator that is not known",
                { ...good, Condition: { BinaryEquals: { "aws:AssumedRoot": "true" } } },
                /operator BinaryEquals/,
            ],
            [
                "a date that is none",
                { ...good, Condition: { DateLessThan: { "aws:CurrentTime": "tomorrow" } } },
                /DateLessThan cannot be held against "tomorrow"/,
            ],
            [
                "a number that is none",
                { ...good, Condition: { NumericEquals: { "s3:TlsVersion": "TLS1.2" } } },
                /NumericEquals cannot be held against "TLS1.2"/,
            ],
            [
                "a variable for an address",
                { ...good, Condition: { IpAddress: { "aws:SourceIp": "${aws:SourceIp}" } } },
                /"\$\{aws:SourceIp\}" is not a range of IP addresses/,
            ],
            [
                "a range of addresses that is none",
                { ...good, Condition: { NotIpAddress: { "aws:SourceIp": "203.0.113.0/33" } } },
                /"203.0.113.0\/33" is not a range/,
            ],
            [
                "the one header key that every request has",
                { ...good, Condition: { StringEquals: { "s3:x-amz-content-sha256": "x" } } },
                /key s3:x-amz-content-sha256/,
            ],
            [
                "a set operator",
                { ...good, Condition: { "ForAllValues:StringLike": { "aws:PrincipalArn": "*" } } },
                /operator ForAllValues:StringLike/,
            ],
            [
                "a key that is not known",
                { ...good, Condition: { StringLike: { "aws:PrincipalTag/team": "*" } } },
                /key aws:PrincipalTag\/team/,
            ],
            [
                "a variable that is not known",
                { ...good, Condition: { StringLike: { "aws:PrincipalArn": "${aws:username}" } } },
                /variable \$\{aws:username\}/,
            ],
            [
                "a truth that is none",
                { ...good, Condition: { Bool: { "aws:AssumedRoot": "yes" } } },
                /"true" or "false", got "yes"/,
            ],
            [
                "an ARN that is none",
                { ...good, Condition: { ArnLike: { "aws:PrincipalArn": "*:root" } } },
                /"\*:root" is not an ARN/,
            ],
            [
                "a variable that stands for an account in a resource",
                { ...good, Resource: "arn:aws:iam::${aws:PrincipalAccount}:root" },
                /variable before its fifth colon/,
            ],
            [
                "anything for an ARN",
                { ...good, Condition: { ArnLike: { "aws:PrincipalArn": "*" } } },
                /"\*" is not an ARN/,
            ],
            [
                "a resource that is no ARN",
                { ...good, Resource: "111122223333" },
                /"111122223333" is neither an ARN/,
            ],
            [
                "an action without a service",
                { ...good, Action: "AssumeRoot" },
                /"AssumeRoot" is not an action/,
            ],
            ["Action beside NotAction", { ...good, NotAction: "iam:*" }, /either Action or NotAction/],
            [
                "neither Resource nor NotResource",
                { Effect: "Allow", Action: "*" },
                /either Resource or NotResource/,
            ],
            ["a principal", { ...good, Principal: "*" }, /Principal/],
            ["a misspelt element", { ...good, Conditions: {} }, /Conditions/],
            ["an effect that is none", { ...good, Effect: "Permit" }, /Effect/],
            ["no action at all", { ...good, Action: [] }, /Action/],
        ];
        for (const [what, Statement, message] of cases) {
            it(`with ${what}`, () => {
                assert.throws(() => policyIn({ Version: "2012-10-17", Statement }), message);
            });
        }

        it("with the version that takes variables for plain text", () => {
            assert.throws(() => policyIn({ Version: "2008-10-17", Statement: good }), /2012-10-17/);
        });
    });
});
