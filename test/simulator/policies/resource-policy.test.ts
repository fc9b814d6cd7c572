/** What one resource's policy says about one request, and which documents it refuses to be. */
import assert from "node:assert/strict";
import { Clock } from "../state/clock";
import { Identifiers, canonicalUserOf } from "../state/identifiers";
import { Principals, type Principal } from "../state/principals";
import { MalformedPolicy } from "./malformed-policy";
import { resourcePolicyIn, type ResourcePolicyRules, type ResourceVerdict } from "./resource-policy";

const OWNER = "111122223333";
const OTHER = "444455556666";
const BUCKET = "arn:aws:s3:::ledger";
const RULES: ResourcePolicyRules = {
    service: "s3",
    mostBytes: 20_480,
    covers: (resource) => resource === BUCKET || resource.startsWith(`${BUCKET}/`),
};
const DENY = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: BUCKET };

const principals = new Principals("aws", new Clock(), new Identifiers(), () => undefined);
const user = principals.userIn(OWNER);
const role = principals.sessionOf(`arn:aws:iam::${OWNER}:role/platform/Admin`);
const root = principals.rootUserIn(OWNER);
const session = principals.createRootSession(
    OWNER,
    "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy",
    900,
);
const stranger = principals.userIn(OTHER);

function policy(Statement: object, head: object = { Version: "2012-10-17" }) {
    return resourcePolicyIn(JSON.stringify({ ...head, Statement }), RULES);
}

function verdict(
    statement: object,
    principal: Principal,
    context: Record<string, string> = {},
): ResourceVerdict {
    const keys = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
    return policy(statement).verdictOn(principal, "s3:GetBucketPolicy", BUCKET, keys);
}

function aws(...names: string[]): object {
    return { AWS: names };
}

describe("a resource's policy", () => {
    describe("names principals", () => {
        const byName: ResourceVerdict = "allows";
        const account: ResourceVerdict = "allows the account";
        const cases: [principal: unknown, who: Principal, said: ResourceVerdict][] = [
            ["*", stranger, byName],
            [aws("*"), stranger, byName],
            [aws("*"), session, byName],
            [aws(OWNER), user, account],
            [aws(OWNER), role, account],
            [aws(OWNER), root, account],
            [aws(OWNER), session, account],
            [aws(OWNER), stranger, "is silent"],
            [aws(`arn:aws:iam::${OWNER}:root`), user, account],
            [aws(`arn:aws:iam::${OWNER}:root`), stranger, "is silent"],
            [{ AWS: OTHER }, stranger, account],
            [aws(user.arn), user, byName],
            [aws(user.arn), role, "is silent"],
            [aws(user.arn, stranger.arn), stranger, byName],
            [aws(user.userId), user, byName],
            [aws(role.roleArn), role, byName],
            [aws(role.arn), role, byName],
            [aws(`arn:aws:sts::${OWNER}:assumed-role/Admin/somebody-else`), role, "is silent"],
            [aws(`arn:aws:iam::${OWNER}:role/Admin`), role, "is silent"],
            [aws(role.userId.replace(/:.*/, "")), role, byName],
            [{ CanonicalUser: canonicalUserOf(OTHER) }, stranger, account],
            [{ CanonicalUser: canonicalUserOf(OTHER) }, user, "is silent"],
            [{ Service: "cloudfront.amazonaws.com" }, user, "is silent"],
            [{ Federated: "cognito-identity.amazonaws.com" }, role, "is silent"],
            [{ Service: "cloudfront.amazonaws.com", AWS: OWNER }, user, account],
            [
                aws("arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE"),
                user,
                "is silent",
            ],
        ];
        for (const [Principal, who, said] of cases) {
            it(`${JSON.stringify(Principal)} ${said} for ${who.arn}`, () => {
                const statement = { Effect: "Allow", Principal, Action: "s3:*", Resource: BUCKET };
                assert.equal(verdict(statement, who), said);
                const denied = said === "is silent" ? said : "denies";
                assert.equal(verdict({ ...statement, Effect: "Deny" }, who), denied);
            });
        }
    });

    describe("spares those whom NotPrincipal names with their account, a role's session with both its ARNs", () => {
        const account = `arn:aws:iam::${OWNER}:root`;
        const cases: [notPrincipal: unknown, who: Principal, spared: boolean][] = [
            [aws(account), root, true],
            [aws(account), session, true],
            [aws(OWNER), session, true],
            [aws(account), user, false],
            [aws(account), role, false],
            [aws(account, user.arn), user, true],
            [aws(user.arn), user, false],
            [aws(user.arn), root, false],
            [aws(account, role.roleArn), role, false],
            [aws(account, role.arn), role, false],
            [aws(account, role.roleArn, role.arn), role, true],
            [aws(account, user.arn), stranger, false],
            [aws("*"), stranger, true],
            [{ Service: "cloudfront.amazonaws.com" }, root, false],
        ];
        for (const [NotPrincipal, who, spared] of cases) {
            it(`${JSON.stringify(NotPrincipal)} ${spared ? "spares" : "does not spare"} ${who.arn}`, () => {
                const statement = { Effect: "Deny", NotPrincipal, Action: "s3:*", Resource: BUCKET };
                assert.equal(verdict(statement, who), spared ? "is silent" : "denies");
            });
        }
    });

    it("denies before it allows, and allows by name before it allows an account", () => {
        const allow = { ...DENY, Effect: "Allow" };
        const allowAccount = { ...allow, Principal: { AWS: OWNER } };
        assert.equal(verdict([allow, DENY], user), "denies");
        assert.equal(verdict([allowAccount, allow], user), "allows");
        assert.equal(verdict([{ ...allow, Action: "s3:PutObject" }], user), "is silent");
        assert.equal(verdict([{ ...DENY, NotAction: "s3:Get*", Action: undefined }], user), "is silent");
        assert.equal(verdict([{ ...DENY, Resource: `${BUCKET}/*` }], user), "is silent");
    });

    it("takes numbers and truths without quotation marks", () => {
        const insecure = { ...DENY, Condition: { Bool: { "aws:SecureTransport": false } } };
        assert.equal(verdict(insecure, user, { "aws:SecureTransport": "true" }), "is silent");
        assert.equal(verdict(insecure, user, { "aws:SecureTransport": "false" }), "denies");
        const old = { ...DENY, Condition: { NumericLessThan: { "s3:TlsVersion": [1.2] } } };
        assert.equal(verdict(old, user, { "s3:TlsVersion": "1.1" }), "denies");
    });

    it("may be of the older version or of none, but then not with variables", () => {
        for (const head of [{ Version: "2008-10-17" }, {}]) {
            const read = policy(DENY, head);
            assert.equal(read.verdictOn(user, "s3:PutObject", BUCKET, new Map()), "denies");
            const own = { ...DENY, Resource: `${BUCKET}/\${aws:userid}/*` };
            assert.throws(
                () => policy(own, head),
                /cannot judge this policy: policy variables need the Version/,
            );
            policy(own);
        }
    });

    it("keeps its text", () => {
        const text = `\n { "Statement" :[ ${JSON.stringify(DENY)}\t],\n"Id":"\\u00e9é" }\n`;
        assert.equal(resourcePolicyIn(text, RULES).text, text);
    });

    describe("is malformed", () => {
        const text = (document: object) => JSON.stringify({ Version: "2012-10-17", ...document });
        const one = (change: object) => text({ Statement: { ...DENY, ...change } });
        const NOT_JSON = /must be valid JSON and the first byte must be '{'$/;
        const cases: [what: string, text: string, message: RegExp][] = [
            ["without any text", "", NOT_JSON],
            ["that is not JSON", '{ "Statement": [', NOT_JSON],
            ["that is a list", JSON.stringify([DENY]), NOT_JSON],
            [
                "that is too long",
                one({ Sid: "é".repeat(10_240) }),
                /exceeds the maximum allowed document size/,
            ],
            [
                "of a version that is none",
                text({ Version: "2012-10-18", Statement: DENY }),
                /valid version string/,
            ],
            ["without a statement", text({}), /Missing required field Statement/],
            ["with no statements", text({ Statement: [] }), /Statement is empty/],
            ["with a statement that is a text", text({ Statement: "Deny" }), /Invalid policy syntax/],
            [
                "with an element of another name",
                text({ Statement: DENY, Statements: [] }),
                /Unknown field Statements/,
            ],
            ["with a misspelt element", one({ Conditions: {} }), /Unknown field Conditions/],
            ["without an effect", one({ Effect: undefined }), /Missing required field Effect/],
            ["with an effect that is none", one({ Effect: "deny" }), /Invalid effect: deny/],
            ["without a principal", one({ Principal: undefined }), /Missing required field Principal/],
            [
                "with both kinds of principals",
                one({ NotPrincipal: "*" }),
                /already has instance of Principal/,
            ],
            [
                "with an allowed NotPrincipal",
                one({ Effect: "Allow", Principal: undefined, NotPrincipal: "*" }),
                /NotPrincipal/,
            ],
            ["without an action", one({ Action: undefined }), /Missing required field Action/],
            ["with an action without a service", one({ Action: "GetObject" }), /Policy has invalid action/],
            [
                "with another service's action",
                one({ Action: ["s3:*", "sqs:*"] }),
                /Policy has invalid action/,
            ],
            ["without a resource", one({ Resource: undefined }), /Missing required field Resource/],
            ["of another bucket", one({ Resource: "arn:aws:s3:::ledgers" }), /Policy has invalid resource/],
            ["of every bucket", one({ Resource: "*" }), /Policy has invalid resource/],
            [
                "not of another bucket",
                one({ Resource: undefined, NotResource: "arn:aws:s3:::b" }),
                /invalid resource/,
            ],
            [
                "with a value that is null",
                one({ Condition: { Bool: { "aws:SecureTransport": null } } }),
                /syntax/,
            ],
            [
                "for a name that is no ARN",
                one({ Principal: { AWS: "operator" } }),
                /Invalid principal in policy/,
            ],
            [
                "for part of a name",
                one({ Principal: aws(`arn:aws:iam::${OWNER}:role/*`) }),
                /Invalid principal/,
            ],
            ["for a bare name", one({ Principal: OWNER }), /Invalid principal/],
            ["for nobody", one({ Principal: {} }), /Invalid principal/],
            ["for another kind of principal", one({ Principal: { IAM: OWNER } }), /Invalid principal/],
            [
                "for a user with a canonical id that is none",
                one({ Principal: { CanonicalUser: OWNER } }),
                /principal/,
            ],
        ];
        for (const [what, given, message] of cases) {
            it(what, () => {
                assert.throws(
                    () => resourcePolicyIn(given, RULES),
                    (error) => {
                        assert(error instanceof MalformedPolicy);
                        assert.match(error.message, message);
                        return true;
                    },
                );
            });
        }
    });

    describe("cannot be judged", () => {
        const cases: [condition: object, message: RegExp][] = [
            [{ StringEquals: { "aws:PrincipalTag/team": "x" } }, /condition key aws:PrincipalTag\/team/],
            [{ "ForAnyValue:StringEquals": { "aws:SourceVpc": "x" } }, /operator ForAnyValue:StringEquals/],
            [{ IpAddress: { "aws:SourceIp": "office" } }, /"office" is not a range/],
            [{ StringEquals: { "aws:SourceVpc": "${aws:username}" } }, /variable \$\{aws:username\}/],
        ];
        for (const [Condition, message] of cases) {
            it(`with ${JSON.stringify(Condition)}`, () => {
                assert.throws(
                    () => policy({ ...DENY, Condition }),
                    (error) => {
                        assert(error instanceof Error && !(error instanceof MalformedPolicy));
                        assert.match(error.message, /^the simulator cannot judge this policy: /);
                        assert.match(error.message, message);
                        return true;
                    },
                );
            });
        }
    });
});
