/** Policies that fast-check generates. */
import * as fc from "fast-check";
import { ACCOUNT, BUCKET, OBJECTS, ORGANIZATION, OTHER_ACCOUNT, type Statement } from "./fixtures";

const ARN = `arn:aws:iam::${ACCOUNT}`;
const ROOT = `${ARN}:root`;
const ADMIN = `${ARN}:role/Admin`;

const WHO: Statement[] = [
    { Principal: "*" },
    { Principal: { AWS: "*" } },
    { Principal: { AWS: [ROOT] } },
    { Principal: { AWS: ADMIN } },
    { Principal: { AWS: OTHER_ACCOUNT, Service: "s3.amazonaws.com" } },
    { NotPrincipal: { AWS: ROOT } },
    { NotPrincipal: { AWS: [ADMIN, ROOT] } },
    { NotPrincipal: { AWS: [OTHER_ACCOUNT] } },
];

const WHAT: Statement[] = [
    { Action: "s3:*" },
    { Action: ["*"] },
    { Action: "s3:Get*" },
    { Action: ["s3:PutBucketPolicy"] },
    { Action: ["s3:PutObject", "s3:DeleteBucketPolicy"] },
    { Action: ["s3:PutBucketPolicy", "s3:deletebucketpolicy"] },
    { Action: "s3:PutObject" },
    { NotAction: "s3:GetObject" },
    { NotAction: ["s3:GetBucketPolicy", "s3:PutBucketP*"] },
];

const WHERE: Statement[] = [
    { Resource: [BUCKET, OBJECTS] },
    { Resource: "*" },
    { Resource: BUCKET },
    { Resource: OBJECTS },
    { NotResource: [OBJECTS] },
];

const TEXTS: [key: string, ...values: string[]][] = [
    ["aws:PrincipalOrgID", ORGANIZATION, "o-zzzzzzzzzz", "o-*", "*"],
    ["aws:PrincipalAccount", ACCOUNT, OTHER_ACCOUNT, "1111*"],
    ["aws:PrincipalTag/team", "security", "guests", "*"],
    ["aws:PrincipalType", "User", "AssumedRole", "Account"],
    ["aws:username", "bob", "car*"],
    ["aws:userid", "AROAADMIN:*", "AIDABOB", ACCOUNT, "A*"],
    ["aws:SourceVpce", "vpce-1a2b3c4d", "vpce-*"],
    ["AWS:SourceArn", "arn:aws:sns:eu-central-1:111122223333:topic"],
    ["s3:x-amz-acl", "private"],
    ["aws:PrincipalArn", ADMIN, ROOT, `${ARN}:role/*`, `${ARN}:*`, `${ARN}:user/b?b`, "*"],
];

type Line = [operator: string, key: string, values: string[]];

function lines(
    operators: string[],
    [key, ...values]: [key: string, ...values: string[]],
): fc.Arbitrary<Line> {
    return fc.tuple(
        fc.constantFrom(...operators.flatMap((operator) => [operator, `${operator}IfExists`])),
        fc.constant(key),
        fc.subarray(values, { minLength: 1 }),
    );
}

const LINE: fc.Arbitrary<Line> = fc.oneof(
    ...TEXTS.map((text) => lines(["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"], text)),
    lines(["ArnLike", "ArnNotLike"], ["aws:PrincipalArn", ADMIN, ROOT, `${ARN}:role/*`, `${ARN}:*`]),
    lines(["Bool"], ["aws:SecureTransport", "true", "false"]),
    lines(["Bool"], ["aws:MultiFactorAuthPresent", "true", "false"]),
    lines(["NumericLessThan", "NumericGreaterThan"], ["s3:TlsVersion", "1.2", "1.3"]),
    lines(["NumericGreaterThan"], ["aws:MultiFactorAuthAge", "3600"]),
    lines(["IpAddress", "NotIpAddress"], ["aws:SourceIp", "203.0.113.0/24", "192.0.2.0/24", "0.0.0.0/0"]),
    fc.tuple(
        fc.constant("Null"),
        fc.constantFrom(
            "aws:SourceVpce",
            "aws:MultiFactorAuthAge",
            "aws:SourceArn",
            "aws:username",
            "aws:PrincipalArn",
        ),
        fc.constantFrom<string[]>(["true"], ["false"]),
    ),
);

function conditionOf(written: Line[]): Statement {
    const condition: Record<string, Record<string, string[]>> = {};
    for (const [operator, key, values] of written) (condition[operator] ??= {})[key] = values;
    return written.length === 0 ? {} : { Condition: condition };
}

const STATEMENT: fc.Arbitrary<Statement> = fc
    .tuple(
        fc.constantFrom("Deny", "Deny", "Deny", "Deny", "Allow"),
        fc.constantFrom(...WHO),
        fc.constantFrom(...WHAT),
        fc.constantFrom(...WHERE),
        fc.array(LINE, { maxLength: 2 }),
    )
    .map(([Effect, who, what, where, written]) => ({
        Effect,
        ...who,
        ...what,
        ...where,
        ...conditionOf(written),
    }));

/** Each statement has its own Sid. */
export const STATEMENTS: fc.Arbitrary<Statement[]> = fc
    .array(STATEMENT, { minLength: 1, maxLength: 5 })
    .map((statements) => statements.map((statement, place) => ({ Sid: `S${place}`, ...statement })));

const SOME_JSON = fc.jsonValue({ maxDepth: 2 });

/** Texts that resemble a policy more or less. */
export const NONSENSE: fc.Arbitrary<string> = fc.oneof(
    fc.string(),
    fc.json(),
    fc
        .record({ Version: SOME_JSON, Statement: SOME_JSON }, { requiredKeys: [] })
        .map((policy) => JSON.stringify(policy)),
    fc
        .array(
            fc.record(
                {
                    Sid: SOME_JSON,
                    Effect: fc.constant("Deny"),
                    Principal: fc.oneof(fc.constant("*"), SOME_JSON, fc.record({ AWS: SOME_JSON })),
                    Action: fc.oneof(fc.constant("s3:*"), SOME_JSON),
                    Resource: fc.oneof(fc.constant("*"), SOME_JSON),
                    Condition: fc.oneof(
                        SOME_JSON,
                        fc.dictionary(
                            fc.oneof(
                                fc.constantFrom("StringEquals", "Null", "ArnNotLike", "constructor"),
                                fc.string(),
                            ),
                            fc.oneof(
                                SOME_JSON,
                                fc.dictionary(
                                    fc.constantFrom("aws:PrincipalArn", "aws:SourceIp", "toString"),
                                    SOME_JSON,
                                ),
                            ),
                        ),
                    ),
                },
                { requiredKeys: ["Effect"] },
            ),
        )
        .map((statements) => JSON.stringify({ Statement: statements })),
);
