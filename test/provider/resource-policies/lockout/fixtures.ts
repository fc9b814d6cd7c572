/** The analysis of policies, and the bucket and queue of these tests. */
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as lockout from "../../../../provider/resource-policies/lockout/analyze";
import { MODULES } from "../../harness/package";

export type {
    Decisions,
    AnalyzedResource,
    LockoutAnalysis,
} from "../../../../provider/resource-policies/lockout/analyze";

export const { analyzeLockout, samePolicy, InvalidDecision, UnreadablePolicy, withoutStatements } =
    createRequire(__filename)(join(MODULES, "resource-policies/lockout/analyze")) as typeof lockout;

export const ACCOUNT = "111122223333";
export const OTHER_ACCOUNT = "444455556666";
export const ORGANIZATION = "o-a1b2c3d4e5";

export const BUCKET = "arn:aws:s3:::amzn-s3-demo-bucket";
export const OBJECTS = `${BUCKET}/*`;
export const QUEUE = `arn:aws:sqs:eu-central-1:${ACCOUNT}:orders`;

const OWNER = { accountId: ACCOUNT, organizationId: ORGANIZATION, region: "eu-central-1" };

export const BUCKET_OWNER: lockout.AnalyzedResource = { ...OWNER, service: "s3", resourceArn: BUCKET };
export const QUEUE_OWNER: lockout.AnalyzedResource = { ...OWNER, service: "sqs", resourceArn: QUEUE };

export type Statement = Record<string, unknown>;

/** Denies everybody everything on the bucket and its objects, with the given elements replaced. Undefined removes an element. */
export function denyBucket(but: Statement = {}): Statement {
    return { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [BUCKET, OBJECTS], ...but };
}

export function denyQueue(but: Statement = {}): Statement {
    return { Effect: "Deny", Principal: "*", Action: "sqs:*", Resource: QUEUE, ...but };
}

export function policyOf(...statements: unknown[]): string {
    return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** A policy and the expected result for each of its statements. */
export interface PolicyCase {
    name: string;
    /** The page that publishes the policy, or that documents the expected result. */
    page?: string;
    statements: Statement[];
    expected: lockout.StatementAnalysis["is"][];
    owner?: Partial<lockout.AnalyzedResource>;
    version?: string;
}
