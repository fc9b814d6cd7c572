import { conditionsIn, knownVariables, type ConditionDocument } from "./conditions";
import { arnPattern, pattern, type Pattern } from "./patterns";
import type { RequestContext } from "./request-context";

/** A statement as far as all kinds of policies have it in common. */
export interface CommonStatement {
    readonly Effect: "Allow" | "Deny";
    readonly Action?: string | string[] | undefined;
    readonly NotAction?: string | string[] | undefined;
    readonly Resource?: string | string[] | undefined;
    readonly NotResource?: string | string[] | undefined;
    readonly Condition?: ConditionDocument | undefined;
}

export interface Statement {
    readonly effect: "Allow" | "Deny";
    readonly applies: (action: string, resource: string, context: RequestContext) => boolean;
}

/** Throws for everything that it could not judge faithfully. */
export function statementIn(document: CommonStatement): Statement {
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
