import { z } from "zod";
import type { RequestContext } from "./request-context";
import { statementIn } from "./statements";

const oneOrMore = z.union([z.string(), z.array(z.string()).min(1)]);

const STATEMENT = z
    .strictObject({
        Sid: z.string().optional(),
        Effect: z.enum(["Allow", "Deny"]),
        Action: oneOrMore.optional(),
        NotAction: oneOrMore.optional(),
        Resource: oneOrMore.optional(),
        NotResource: oneOrMore.optional(),
        Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).optional(),
    })
    .refine((statement) => hasOneOf(statement.Action, statement.NotAction), "has either Action or NotAction")
    .refine(
        (statement) => hasOneOf(statement.Resource, statement.NotResource),
        "has either Resource or NotResource",
    );

const DOCUMENT = z.strictObject({
    // With the older version IAM takes policy variables for plain text.
    Version: z.literal("2012-10-17"),
    Id: z.string().optional(),
    Statement: z.preprocess((given) => [given].flat(), z.array(STATEMENT).min(1)),
});

export type StatementDocument = z.input<typeof STATEMENT>;

/** An IAM policy without principals: an identity policy, an SCP, or a session policy. */
export interface PolicyDocument {
    readonly Version: "2012-10-17";
    readonly Id?: string;
    readonly Statement: StatementDocument | StatementDocument[];
}

/** What a policy says about one request. An explicit denial outweighs whatever is allowed. */
export type Verdict = "allows" | "denies" | "is silent";

export interface Policy {
    verdictOn(action: string, resource: string, context: RequestContext): Verdict;
}

/** Reads a document once, for many requests. Throws for everything that it could not judge faithfully. */
export function policyIn(document: unknown): Policy {
    const parsed = DOCUMENT.safeParse(document);
    if (!parsed.success) throw new Error(`not a policy document: ${z.prettifyError(parsed.error)}`);
    const statements = parsed.data.Statement.map(statementIn);
    return {
        verdictOn(action, resource, context) {
            const applying = statements.filter(({ applies }) => applies(action, resource, context));
            if (applying.some(({ effect }) => effect === "Deny")) return "denies";
            return applying.length > 0 ? "allows" : "is silent";
        },
    };
}

function hasOneOf(element: unknown, negated: unknown): boolean {
    return (element === undefined) !== (negated === undefined);
}
