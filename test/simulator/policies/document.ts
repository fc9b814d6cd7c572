import { z } from "zod";
import { conditionsIn, knownVariables } from "./conditions";
import { arnPattern, pattern, type Pattern } from "./patterns";
import type { RequestContext } from "./request-context";

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

interface Statement {
    readonly effect: "Allow" | "Deny";
    readonly applies: (action: string, resource: string, context: RequestContext) => boolean;
}

function statementIn(document: z.infer<typeof STATEMENT>): Statement {
    const { Effect, Action, NotAction, Resource, NotResource, Condition = {} } = document;
    const actions = anyOf(Action ?? NotAction, actionPattern);
    const resources = anyOf(Resource ?? NotResource, resourcePattern);
    const conditions = conditionsIn(Condition);
    return {
        effect: Effect,
        applies: (action, resource, context) =>
            actions(action, context) === (Action !== undefined) &&
            resources(resource, context) === (Resource !== undefined) &&
            conditions.every((holds) => holds(context)),
    };
}

function anyOf(texts: string | string[] = [], read: (text: string) => Pattern): Pattern {
    const patterns = [texts].flat().map(read);
    return (value, context) => patterns.some((matches) => matches(value, context));
}

function actionPattern(text: string): Pattern {
    if (text !== "*" && !/^[a-z0-9-]+:[\w*?]+$/i.test(text)) throw new Error(`"${text}" is not an action`);
    return pattern(text, { ignoreCase: true });
}

/** A call that acts on no resource in particular has the resource `*`, which only `*` stands for. */
function resourcePattern(text: string): Pattern {
    if (text === "*") return () => true;
    const matches = arnPattern(knownVariables(text));
    if (!matches) throw new Error(`the resource "${text}" is neither an ARN nor "*"`);
    // IAM User Guide, "Policy variables": in a resource, after the fifth colon only.
    if (/^([^:]*:){0,4}[^:]*\$\{/.test(text)) {
        throw new Error(`the resource "${text}" has a policy variable before its fifth colon`);
    }
    return matches;
}

function hasOneOf(element: unknown, negated: unknown): boolean {
    return (element === undefined) !== (negated === undefined);
}
