import { NEGATIONS, OPERATORS, truth } from "./condition-operators";
import { variablesIn } from "./patterns";
import { isConditionKey, type RequestContext } from "./request-context";

/** By operator, by key: `{ ArnEquals: { "sts:TaskPolicyArn": ["arn:..."] } }`. */
export type ConditionDocument = Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
>;

export type Condition = (context: RequestContext) => boolean;

/** Every condition of a statement; all of them must hold. Throws for what it does not know. */
export function conditionsIn(document: ConditionDocument): Condition[] {
    return Object.entries(document).flatMap(([operator, keys]) =>
        Object.entries(keys).map(([key, wanted]) => {
            if (!isConditionKey(key)) throw new Error(`the condition key ${key} is not known here`);
            return condition(operator, key.toLowerCase(), typeof wanted === "string" ? [wanted] : wanted);
        }),
    );
}

function condition(named: string, key: string, wanted: readonly string[]): Condition {
    if (named === "Null") {
        const absent = wanted.map((value) => truth(value) === "true");
        return (context) => absent.includes(!context.has(key));
    }
    const ifExists = named.endsWith("IfExists");
    const operator = ifExists ? named.slice(0, -"IfExists".length) : named;
    const negated = NEGATIONS[operator] !== undefined;
    const make = OPERATORS[NEGATIONS[operator] ?? operator];
    if (!make) throw new Error(`the condition operator ${named} is not known here`);
    const patterns = wanted.map((value) => make(knownVariables(value)));
    return (context) => {
        const value = context.get(key);
        // A negated operator holds for a key that is not there.
        if (value === undefined) return ifExists || negated;
        return patterns.some((each) => each(value, context)) !== negated;
    };
}

/** Throws for a variable that no request has a value for. */
export function knownVariables(text: string): string {
    const unknown = variablesIn(text).find((name) => !isConditionKey(name));
    if (unknown !== undefined) throw new Error(`the policy variable \${${unknown}} is not known here`);
    return text;
}
